"""The HTTP port: addresses that lead inside are refused before anything is sent, and every answer has an end."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any, ClassVar

import pytest
from flask import Flask

from tracker.core import http
from tracker.core.errors import Invalid

INSIDE = (
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://017700000001/",
    "https://0/", "https://0.0.0.0/", "https://10.0.0.1/", "https://172.16.3.4/", "https://192.168.1.1/", "https://169.254.169.254/meta",
    "https://100.64.0.1/", "https://198.18.0.1/", "https://224.0.0.1/", "https://255.255.255.255/", "https://[::1]/", "https://[::]/",
    "https://[fe80::1]/", "https://[fc00::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[ff02::1]/",
)  # fmt: skip
NO_ADDRESS = (
    "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "https://", "https:///path",
    "https://example.org:0/", "https://example.org:99999/", "https://example.org:x/", "https://a b.org/", "https://example.org/\r\nX: 1",
    "https://example.org\\@127.0.0.1/", "https://name:word@example.org/", "https://example.org@127.0.0.1/", "https://bücher.example/",
    "http://example.org/", "https://" + "a" * 3000,
)  # fmt: skip


class _Server(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, str, bytes, dict[str, str]]]] = []

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, body, dict(self.headers)))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/secret")
            self.end_headers()
        elif self.path == "/long":
            self._say(b"x" * 3_000_000)
        elif self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
        elif self.path in {"/dripping", "/dripping-head"}:
            self._drip()
        else:
            self._say(b"here")

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        try:
            if self.path == "/dripping":
                self.send_response(200)
                self.end_headers()
            for _number in range(200):
                self.wfile.write(b"X")
                self.wfile.flush()
                sleep(0.05)
        except OSError:
            return

    def log_message(self, *_args: Any) -> None:
        return


@contextmanager
def _serving() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def inside(app: Flask) -> Iterator[str]:
    """A server in the own network that the operator named."""
    _Server.seen.clear()
    with _serving() as port, app.app_context():
        app.config["PRIVATE_HOSTS"] = f"chat.internal:3000,127.0.0.1:{port}"
        yield f"http://127.0.0.1:{port}"


def test_it_fetches_and_sends(inside: str) -> None:
    answer = http.get(f"{inside}/feed?page=2#part", headers={"If-None-Match": '"0"'})
    assert (answer.status, answer.headers["etag"], answer.body) == (200, '"1"', b"here")
    assert http.post(f"{inside}/hook", b"{}", headers={"Content-Type": "application/json"}).status == 200
    (verb, path, body, headers), (verb_2, _path, body_2, _headers) = _Server.seen
    assert (verb, path, body, headers["If-None-Match"]) == ("GET", "/feed?page=2", b"", '"0"')
    assert (verb_2, body_2) == ("POST", b"{}")


@pytest.mark.parametrize("url", INSIDE)
def test_addresses_inside_are_refused_in_any_spelling(app: Flask, url: str) -> None:
    with app.app_context():
        with pytest.raises(Invalid):
            http.checked_address(url)
        with pytest.raises(http.NotFetched, match="not a public one"):
            http.get(url)


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_is_refused(app: Flask, url: str) -> None:
    with app.app_context(), pytest.raises(Invalid):
        http.checked_address(url)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST"])
def test_a_name_is_refused_by_what_it_leads_to(app: Flask, host: str) -> None:
    with app.app_context():
        assert http.checked_address(f"https://{host}/")  # a form looks no name up
        with pytest.raises(http.NotFetched, match="not a public one"):
            http.get(f"https://{host}/")


def test_a_name_with_one_address_inside_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolver([["93.184.215.14", "10.0.0.7"]]))
    with app.app_context(), pytest.raises(http.NotFetched, match="not a public one"):
        http.get("https://example.org/")


def test_a_second_answer_of_the_name_server_changes_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", _resolver([["93.184.215.14"], ["127.0.0.1"]]))
    monkeypatch.setattr(socket, "create_connection", lambda address, **_: asked.append(address[0]) or _refuse())
    with app.app_context(), pytest.raises(http.NotFetched, match="connection failed"):
        http.get("https://example.org/")
    assert asked == ["93.184.215.14"]


def test_only_the_named_port_of_a_named_host_is_open(inside: str, app: Flask) -> None:
    with _serving() as other, pytest.raises(http.NotFetched):
        http.get(f"http://127.0.0.1:{other}/")
    assert _Server.seen == []


def test_redirects_are_not_followed(inside: str) -> None:
    answer = http.get(f"{inside}/moved")
    assert (answer.status, answer.headers["location"]) == (302, "/secret")
    assert len(_Server.seen) == 1


def test_long_and_broken_answers_are_none(inside: str) -> None:
    with pytest.raises(http.NotFetched, match="longer than 1000 bytes"):
        http.get(f"{inside}/long", max_bytes=1000)
    with pytest.raises(http.NotFetched, match="broke off"):
        http.get(f"{inside}/broken")


@pytest.mark.parametrize("path", ["/dripping", "/dripping-head"])
def test_a_dripping_answer_is_cut(inside: str, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(http, "CALL_SECONDS", 0.5)
    with pytest.raises(http.NotFetched, match="in time"):
        http.get(inside + path)


def test_what_is_no_certificate_of_the_host_is_refused(app: Flask) -> None:
    with _serving() as port, app.app_context():
        app.config["PRIVATE_HOSTS"] = f"127.0.0.1:{port}"
        with pytest.raises(http.NotFetched, match="connection failed"):
            http.get(f"https://127.0.0.1:{port}/")


def _resolver(answers: list[list[str]]) -> Any:
    left = iter(answers)
    return lambda *_args, **_kwargs: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in next(left)]


def _refuse() -> None:
    raise ConnectionRefusedError
