"""Web push, pure: what a browser’s keys must look like, what is sent, and what an answer means."""

import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from datetime import datetime, timedelta

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, generate_private_key

POINT_LENGTH, SECRET_LENGTH = 65, 16
LIFE = timedelta(days=1)  # a push service keeps it so long for a browser that is off; later the inbox says it anyway
MOST_BROWSERS = 10
MAX_ATTEMPTS = 6
GONE = frozenset({404, 410})  # RFC 8030: this subscription is over for good
NEVER = frozenset({400, 401, 403, 413})  # asking again would be answered the same


def keys_problem(p256dh: str, auth: str) -> bool:
    """Whether these are not the keys of any browser: a point of P-256, and 16 bytes."""
    try:
        point, secret = decoded(p256dh), decoded(auth)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except (ValueError, NotBase64):
        return True
    return len(point) != POINT_LENGTH or len(secret) != SECRET_LENGTH


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def said(text: str) -> bytes:
    """All that a push ever says. No name, no figure, no kind: it may light up a locked screen beside a stranger."""
    return json.dumps({"text": text}).encode()


def encrypted(content: bytes, *, p256dh: str, auth: str) -> bytes:
    """The content as only this browser can read it (RFC 8291, aes128gcm), with a key of its own for each push."""
    return bytes(
        http_ece.encrypt(
            content,
            private_key=generate_private_key(SECP256R1()),
            dh=decoded(p256dh),
            auth_secret=decoded(auth),
            version="aes128gcm",
        )
    )


def next_try(attempts: int, *, at: datetime) -> datetime | None:
    """When it is tried again after so many; None when it is given up."""
    return None if attempts >= MAX_ATTEMPTS else at + timedelta(minutes=2**attempts)
