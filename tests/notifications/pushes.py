"""A push service and a browser for tests: a real HTTP server on a free loopback port, and keys that open what it was sent."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

Answer = Callable[[int], int]


class PushService:
    """What has arrived: (path, headers, body) each. `answers(n)` is the status of its n-th answer (from 1)."""

    def __init__(self, answers: Answer = lambda _n: 201) -> None:
        self.answers = answers
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"


class PushBrowser:
    """A browser’s half of a subscription: where it is reached, and the keys with which it reads."""

    def __init__(self, service: PushService, name: str = "one") -> None:
        self.path = f"/send/{name}"
        self.endpoint = f"http://{service.host}{self.path}"
        self._private = generate_private_key(SECP256R1())
        self._secret = bytes(range(16))
        self.service = service

    @property
    def keys(self) -> dict[str, str]:
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": text(point), "auth": text(self._secret)}

    def read(self) -> list[dict[str, Any]]:
        """Everything that was sent to it, decrypted."""
        return [json.loads(self._opened(body)) for path, _headers, body in self.service.got if path == self.path]

    def _opened(self, body: bytes) -> bytes:
        return bytes(http_ece.decrypt(body, private_key=self._private, auth_secret=self._secret, version="aes128gcm"))


def claims_of(authorization: str) -> tuple[dict[str, Any], str]:
    """What a VAPID header claims and by which key, after its signature was checked (RFC 8292, RFC 7515)."""
    scheme, _space, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _dot, signature = parts["t"].rpartition(".")
    raw, point = binary(signature), binary(parts["k"])
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    key.verify(
        encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
        signed.encode(),
        ECDSA(SHA256()),
    )
    assert scheme == "vapid"
    return json.loads(binary(signed.split(".")[1])), parts["k"]


def text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def binary(value: str) -> bytes:
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.got.append((self.path, headers, body))
            self.send_response(service.answers(len(service.got)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            return

    return Handler


@contextmanager
def push_service(app: Flask, answers: Answer = lambda _n: 201) -> Iterator[PushService]:
    """A push service that the operator has named, next to those named before."""
    service = PushService(answers)
    threading.Thread(target=service.server.serve_forever, daemon=True).start()
    before = app.config["PRIVATE_HOSTS"]
    app.config["PRIVATE_HOSTS"] = ",".join(filter(None, [before, service.host]))
    try:
        yield service
    finally:
        app.config["PRIVATE_HOSTS"] = before
        service.server.shutdown()
        service.server.server_close()
