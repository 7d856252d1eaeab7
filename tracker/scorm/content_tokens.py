"""Addresses on the packages’ own site: a signed name of one item, good for a working day, with nothing of the learner in it."""

from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

GOOD_FOR_SECONDS = 12 * 3600


def make_token(secret_key: str, package_id: int, item: str) -> str:
    return str(_signer(secret_key).dumps([package_id, item]))


def read_token(secret_key: str, token: str) -> tuple[int, str] | None:
    """(package, item), or None when we have not signed it, or too long ago."""
    try:
        named: Any = _signer(secret_key).loads(token, max_age=GOOD_FOR_SECONDS)
    except BadData:
        return None
    return int(named[0]), str(named[1])


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="package-content")
