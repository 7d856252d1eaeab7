"""The key pair by which push services know this instance (VAPID, RFC 8292): made once, kept in KEY_DIR, never in the database.

Browsers tie their subscriptions to it: with another key every browser would have to be set up anew.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from py_vapid import Vapid02

FILE = "push-key.pem"
TOKEN_LENGTH = timedelta(hours=12)  # push services take at most 24


def public_key() -> str:
    """What a browser is given to set itself up (applicationServerKey): the point, in base64url without padding."""
    return _text(_key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(endpoint: str, *, at: datetime) -> str:
    """The header that says who sends, to the push service of this endpoint alone, for half a day."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + TOKEN_LENGTH).timestamp()),
        "sub": _contact(),
    }
    return str(_key().sign(claims)["Authorization"])


def _contact() -> str:
    """Whom a push service would write to."""
    base_url = str(current_app.config["BASE_URL"])
    return base_url if base_url.startswith("https://") else f"mailto:{parseaddr(current_app.config['MAIL_FROM'])[1]}"


def _key() -> Vapid02:
    path = Path(current_app.config["KEY_DIR"]) / FILE
    if not path.exists():
        _make(path)
    # Not every address that an operator has is one that the library takes for an address; push services decide by themselves.
    key: Vapid02 = Vapid02.from_file(str(path))
    key.conf = {"no-strict": True}
    return key


def _make(path: Path) -> None:
    """Whole or not at all, and once: of two processes that make one at the same moment, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Vapid02()
    key.generate_keys()
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    # The narrowest rights: whoever reads it can send pushes in our name.
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(key.private_pem())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode("ascii").rstrip("=")
