"""Secrets that must be read again, such as a webhook's signing key: sealed at rest with a key made from SECRET_KEY.

What need not be read again is hashed instead (access.rules.token_hash). A new SECRET_KEY makes what was sealed unreadable.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class Unreadable(Exception):
    """It was sealed under another SECRET_KEY, for another purpose, or has been changed."""


def sealed(text: str, *, purpose: str) -> str:
    """The text as it may lie in the database; only `opened` with the same purpose reads it."""
    return _key(purpose).encrypt(text.encode()).decode("ascii")


def opened(sealed_text: str, *, purpose: str) -> str:
    """What was sealed; Unreadable when that cannot be."""
    try:
        return _key(purpose).decrypt(sealed_text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _key(purpose: str) -> Fernet:
    # A key for each purpose, so that what is sealed for one cannot be passed off as another's.
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(urlsafe_b64encode(made.derive(current_app.config["SECRET_KEY"].encode())))
