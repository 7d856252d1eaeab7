"""What a review is when it comes in, how stars are read, and when its answer is due. Pure."""

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tracker.core.clock import WorkCalendar

LOW_STARS = 2
ANSWER_WITHIN = 2  # working days, where no feed says otherwise
OLD_AFTER = timedelta(days=14)  # older on arrival: nobody expects an answer in two days, so no clock starts
FEWEST_FOR_A_SHARE = 5
LOOKED_BACK = timedelta(weeks=13)
TITLE_LENGTH, TEXT_LENGTH, AUTHOR_LENGTH, LINK_LENGTH, ID_LENGTH = 300, 20_000, 120, 2000, 200
READ_EVERY = timedelta(minutes=15)
SLOWEST = timedelta(hours=24)
OUT_OF = (5, 10, 100)
# 4/5, 4.5 / 5, 87/100; not a part of a date or of a longer number.
FRACTION = re.compile(r"(?<![\d/.,])(\d{1,3}(?:[.,]\d)?)\s?/\s?(5|10|100)(?![\d/]|[.,]\d)")
GLYPHS = re.compile(r"(?<![★☆])(★{1,5})(☆{0,4})(?![★☆])")
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}")
FEED_SOURCE = "feed "  # what feeds call themselves; files and programs may not


@dataclass(frozen=True)
class Given:
    """A review as a door hands it on: plain text, checked lengths. `original_stars`: as it came, such as 7/10."""

    source: str
    external_id: str
    text: str
    title: str | None = None
    author: str | None = None
    link: str | None = None
    stars: int | None = None
    original_stars: str | None = None
    language: str | None = None
    published_at: datetime | None = None

    @property
    def wording(self) -> dict[str, str | int | None]:
        """What makes a new version when it changes."""
        return {
            "title": self.title,
            "text": self.text,
            "stars": self.stars,
            "original_stars": self.original_stars,
        }


@dataclass(frozen=True)
class Whose:
    """What a review is about, as far as its source tells."""

    team_id: int | None = None
    touchpoint_id: int | None = None
    place: str | None = None


NOBODYS = Whose()


def stars_of(value: float, out_of: int) -> int | None:
    """Stars for a value on a scale that ends at `out_of`; halves go up. None when it is not on the scale."""
    if not 0 <= value <= out_of:
        return None
    return min(5, max(1, math.floor(value * 5 / out_of + 0.5)))


def stars_in(text: str) -> tuple[int, str] | None:
    """The first “4/5”, “8 / 10” or “★★★★☆” in a text: (stars, as it is written)."""
    for found in FRACTION.finditer(text):
        stars = stars_of(float(found[1].replace(",", ".")), int(found[2]))
        if stars:
            return stars, f"{found[1]}/{found[2]}"
    glyphs = next((m for m in GLYPHS.finditer(text) if not m[2] or len(m[0]) == 5), None)
    return (len(glyphs[1]), f"{len(glyphs[1])}/5") if glyphs else None


def language_of(tag: str | None) -> str | None:
    """fr for fr-CA; None for what is no language tag."""
    found = LANGUAGE.match(tag.strip()) if tag else None
    return found[0].lower() if found else None


def web_link(text: str | None) -> str | None:
    """An address to click, http or https only; None for anything else."""
    text = (text or "").strip()
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return text if is_web and text.isprintable() and " " not in text and len(text) <= LINK_LENGTH else None


def key_of(*parts: str | None) -> str:
    """A review's own id where that fits; else a stable one from the parts."""
    first = parts[0] or ""
    if len(parts) == 1 and first.isprintable() and 0 < len(first) <= ID_LENGTH:
        return first
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def has_clock(published_at: datetime | None, received_at: datetime) -> bool:
    """Whether an answer is expected: not for what was old already when it came."""
    return published_at is None or received_at - published_at <= OLD_AFTER


def answer_due(calendar: WorkCalendar, since: datetime, working_days: int) -> datetime:
    """So many working days of working time after `since`, in the hours of the team."""
    return calendar.after_working_time(since, working_days * calendar.day_length)


def hours_left(calendar: WorkCalendar, at: datetime, due_at: datetime) -> int:
    """Whole working hours until then."""
    return int(calendar.working_time_between(at, due_at) / timedelta(hours=1))


def next_reading(at: datetime, failures: int) -> datetime:
    """In a quarter of an hour; after failures in a row later and later, at most a day."""
    return at + min(SLOWEST, READ_EVERY * 2 ** min(failures, 8))
