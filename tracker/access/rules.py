"""Passwords, tokens and throttling: pure rules."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_LENGTH = 8
SESSION_LENGTH = timedelta(hours=12)
REMEMBERED_LENGTH = timedelta(days=30)
LINK_LENGTH = {"invitation": timedelta(days=14), "reset": timedelta(hours=2), "slip": timedelta(days=7)}
FREE_FAILURES = 5
FORGOTTEN_AFTER = timedelta(hours=12)
SLIP_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no 0/O, 1/I/L: read from paper
SLIP_GROUPS, SLIP_GROUP_LENGTH = 6, 5

_hasher = PasswordHasher()


def _hash_of_nobody() -> str:
    """A hash in today's strength that no password has: random, not worked out, which every start would have to wait for."""
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


# Verified when there is no such account, so that a missing account takes as long as a wrong password.
_NOBODY = _hash_of_nobody()
COMMON_PASSWORDS = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "qwertyui",
        "qwerty123",
        "11111111",
        "00000000",
        "iloveyou",
        "abc12345",
        "admin123",
        "welcome1",
        "letmein1",
        "football",
        "princess",
        "sunshine",
        "karibu123",
    ]
)


def hash_password(password: str) -> str:
    """Argon2id with the library's current defaults."""
    return _hasher.hash(password)


def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether it matches; takes as long when there is no hash at all."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def password_problem(password: str, *, name: str, staff_number: str) -> str | None:
    """Why a password is too weak: `short`, `common` or `own`; None when it will do."""
    if len(password) < PASSWORD_LENGTH:
        return "short"
    lowered = password.lower()
    if lowered in COMMON_PASSWORDS or len(set(lowered)) < 4:
        return "common"
    own = [staff_number.lower(), *name.lower().split()]
    return "own" if lowered in own or lowered.replace(" ", "") == name.lower().replace(" ", "") else None


def new_token() -> str:
    """256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_slip_code() -> str:
    """A code to be typed from paper: 30 letters in groups of 5, about 148 bits."""
    groups = ("".join(secrets.choice(SLIP_ALPHABET) for _ in range(SLIP_GROUP_LENGTH)) for _ in range(SLIP_GROUPS))
    return "-".join(groups)


def token_hash(token: str) -> str:
    """What is stored of a token. Tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(key: str, text: str) -> str:
    """A name for something that must not be stored itself (an address, for one)."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]


@dataclass(frozen=True)
class Block:
    """What a failure leads to: the count kept, and until when nothing more is tried."""

    failures: int
    until: datetime | None


def after_failure(failures: int, *, at: datetime, free: int = FREE_FAILURES) -> Block:
    """Five tries are free; then one minute, doubling to at most an hour: slow for a guesser, never for ever for the victim."""
    failures += 1
    over = failures - free
    return Block(failures, None if over < 0 else at + timedelta(minutes=min(2**over, 60)))
