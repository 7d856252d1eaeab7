"""Secrets that must be read again, such as a webhook's signing key: sealed at rest with a key made from SECRET_KEY.

What need not be read again is hashed instead (access.rules.token_hash). A new SECRET_KEY makes what was sealed unreadable.
What only its author may read is locked under DATA_KEY, which is kept apart: a new SECRET_KEY after a leak leaves it alone.
"""

import os
from base64 import urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from tracker.core.data_key import NoKey, data_key, data_key_made

NONCE_BYTES = 12


class Unreadable(Exception):
    """It was sealed under another key, for another purpose or place, or has been changed."""


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


def locked(text: str, *, purpose: str, place: str) -> bytes:
    """The text under DATA_KEY (AES-256-GCM), bound to where it lies: moved elsewhere it does not open."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(data_key_made(), purpose).encrypt(nonce, text.encode(), place.encode())


def unlocked(kept: bytes, *, purpose: str, place: str) -> str:
    """What was locked at this place; Unreadable when DATA_KEY is lost or another, or when it was moved or changed."""
    try:
        opened_bytes = _cipher(data_key(), purpose).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], place.encode())
    except (NoKey, InvalidTag, ValueError) as error:
        raise Unreadable from error
    return opened_bytes.decode()


def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key))
