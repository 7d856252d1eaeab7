"""What a payload holds at some place, tolerantly: texts and numbers, moments in the forms helpdesks write, marks. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tracker.api.rules import stars_of, value_text
from tracker.api.schemas import CONTROLS, InteractionIn
from tracker.intake.mark_words import MARK_WORDS, UNANSWERED, plain
from tracker.intake.rules import LONGEST_VALUE, SCALES, Scale

LONGEST = 120
LONGEST_COMMENT = 20_000
UNFILLED = re.compile(r"\{\{.*\}\}")  # a placeholder that the helpdesk did not know
MILLISECONDS = 100_000_000_000


class NotUnderstood(Exception):
    """Why a payload cannot be read: `why` is missing, wrong, unknown, future or not_json; `field` says where."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(f"{why}: {field}")
        self.why, self.field = why, field


@dataclass(frozen=True)
class Mark:
    stars: int
    value: str
    scale: str


@dataclass(frozen=True)
class Rated:
    """A customer's answer, as the payload tells it. A comment of None says nothing, "" says that there is none."""

    external_id: str
    mark: Mark
    rated_at: datetime | None = None
    employee: tuple[str, ...] = ()  # the ways the payload names who served, the surest first
    interaction: tuple[str, str] | None = None  # source and number there, where the payload names one
    customer: str | None = None
    comment: str | None = None
    drivers: list[str] = field(default_factory=list)
    emotions: list[str] = field(default_factory=list)
    touchpoint: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Ended:
    """Service ended, and who had it then. `only_first`: may be no more than an echo of an end that is known."""

    ended_at: datetime | None = None
    started_at: datetime | None = None
    employee: tuple[str, ...] = ()
    customer: str | None = None
    outcome: str | None = None
    only_first: bool = False


@dataclass(frozen=True)
class Reading:
    """What a payload is about: at most one of the three. None of them: nothing that counts here."""

    event: str
    conversation: str | None = None
    said_at: datetime | None = None  # when it was so, by the sender's clock: what came later does not yield to it
    rated: Rated | None = None
    ended: Ended | None = None
    noted: InteractionIn | None = None


def dig(payload: Any, path: str) -> Any:
    for name in path.split("."):
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload


def text_of(value: Any) -> str:
    """A text or a number as text; "" for all else, and for a placeholder that was not filled in."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    if isinstance(value, float):
        return value_text(value)
    text = str(value).encode("utf-8", "replace").decode().strip()
    return "" if UNFILLED.fullmatch(text) else text


def first(payload: Any, *paths: str) -> str:
    """The first of these places that holds something, on one line."""
    found = next((text for text in (text_of(dig(payload, path)) for path in paths) if text), "")
    return " ".join(CONTROLS.sub("", found).split())[:LONGEST]


def needed(payload: Any, *paths: str) -> str:
    found = first(payload, *paths)
    if not found:
        raise NotUnderstood("missing", " / ".join(paths[:2]))
    return found


def comment_in(payload: Any, *paths: str) -> str | None:
    """The customer's words; None where the payload has no such place."""
    there = [dig(payload, path) for path in paths]
    given = [value for value in there if isinstance(value, str)]
    if not given:
        return None
    text = next((text for text in (text_of(value) for value in given) if text), "")
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_COMMENT]


def people_in(payload: Any, paths: Iterable[str], *, ids: Iterable[str], called: str) -> tuple[str, ...]:
    """How the payload names somebody: by mail or name, else by a number of the helpdesk's own."""
    found = [text for path in paths if (text := first(payload, path))]
    numbers = [f"{called} {text}" for path in ids if (text := first(payload, path)) and text != "0"]
    return tuple(dict.fromkeys(found or numbers[:1]))


def moment_of(value: Any) -> datetime | None:
    """A moment as helpdesks write it: seconds or milliseconds since 1970, ISO 8601, or “2020-03-03 13:05:57 UTC”."""
    text = text_of(value)
    try:
        if re.fullmatch(r"\d{9,13}(\.\d+)?", text):
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1_000 if seconds > MILLISECONDS else seconds, UTC)
        moment = datetime.fromisoformat(text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else ""))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def moment_in(payload: Any, *paths: str) -> datetime | None:
    return next((moment for moment in (moment_of(dig(payload, path)) for path in paths) if moment), None)


def mark_in(payload: Any, scale: str, *paths: str) -> Mark | None:
    """The mark at the first of these places that holds something; None when the customer has not answered."""
    place = next((path for path in paths if text_of(dig(payload, path))), None)
    if place is None:
        return None
    text = text_of(dig(payload, place))
    word = plain(text)
    if word in UNANSWERED:
        return None
    mark = _word(text, word) if scale == "words" else None
    mark = mark or _number(text, "stars" if scale == "words" else scale) or _word(text, plain(text.split(",")[0]))
    if mark is None:
        raise NotUnderstood("wrong", f"{place}: {text[:60]}")
    return mark


def _word(text: str, word: str) -> Mark | None:
    return Mark(MARK_WORDS[word], text[:LONGEST_VALUE], "words") if word in MARK_WORDS else None


def _number(text: str, scale: str) -> Mark | None:
    known: dict[str, Scale] = {name: name for name in SCALES}
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text):
        return None
    try:
        return Mark(stars_of(float(text), known[scale]), value_text(float(text)), scale)
    except ValueError:
        return None
