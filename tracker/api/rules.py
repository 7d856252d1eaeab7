"""What a token may be cut to, cursors, and what numbers on a scale mean. Pure."""

import binascii
import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.intake.rules import SCALES, Scale

SCOPES = (
    "interactions:write",
    "ratings:write",
    "reviews:write",
    "ratings:read",
    "people:read",
    "scores:read",
    "pulse:read",
    "reports:read",
)
TOKEN_START = "trk_"  # noqa: S105 - so that scanners for lost secrets know one when they see it
HINT_LENGTH = 4
ANSWERS_KEPT = timedelta(hours=24)
WORK_LENGTH = timedelta(seconds=60)  # after that, whoever began on a request is taken for dead
CLOCK_SKEW = timedelta(minutes=5)
EARLIEST_YEAR = 1990
POSTS_A_MINUTE = 600
READS_A_MINUTE = 600
MAX_ID = 2**63 - 1


def stars_of(value: float, scale: Scale) -> int:
    """The stars that a value on a scale stands for; ValueError with a sentence when it is not on it."""
    rule = SCALES[scale]
    if not rule.low <= value <= rule.high:
        raise ValueError(f"{rule.sentence}.")
    if rule.whole and value != int(value):
        raise ValueError(f"{rule.sentence} in whole steps.")
    return rule.stars(value)


def value_text(value: float) -> str:
    """A value as it is kept: 9, 87.5."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))  # what has no end is no whole number


def cursor_after(kind: str, id: int) -> str:
    """The place in a list after the row `id`. Callers hand it back as it is."""
    return urlsafe_b64encode(f"{kind}:{id}".encode()).decode().rstrip("=")


def id_of_cursor(cursor: str, kind: str) -> int:
    """The row that a cursor stands behind; ValueError with a sentence when this list never gave it out."""
    try:
        text = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    start, _colon, number = text.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) < 20
    if start != kind or not is_number or int(number) > MAX_ID or cursor_after(kind, int(number)) != cursor:
        raise ValueError("This cursor was not given out by this list.")
    return int(number)


def request_hash(method: str, path: str, body: Any) -> str:
    """Equal for requests that ask for the same; the order of names and the white space do not matter."""
    content = json.dumps([method, path, body], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def moment_of(text: Any) -> datetime:
    """A moment as RFC 3339 writes it, in UTC; ValueError with a sentence for everything else."""
    wrong = "Write the moment with its zone, such as 2026-11-20T09:30:00+03:00."
    if not isinstance(text, str) or len(text) > 40 or "T" not in text.upper():
        raise ValueError(wrong)
    try:
        moment = datetime.fromisoformat(text.upper())
        utc = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        utc = None
    if utc is None:
        raise ValueError(wrong)
    if utc.year < EARLIEST_YEAR:
        raise ValueError(f"Moments before the year {EARLIEST_YEAR} are not taken.")
    return utc
