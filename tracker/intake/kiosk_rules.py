"""The kiosk's own arithmetic: what a tablet sends, when an answer was given, and when many customers are unhappy at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard
from uuid import UUID

CODE_LENGTH = timedelta(minutes=15)
MOST_IN_ONE_GO = 100
OLDEST = timedelta(days=365)
WINDOW = timedelta(minutes=15)
LEAST_ANSWERS = 4
UNHAPPY_STARS = 2
STILL_NEWS = timedelta(hours=1)


@dataclass(frozen=True)
class Answer:
    """One touch of a face. `person_id`: who helped, as the customer says; None for nobody in particular."""

    id: str
    stars: int
    rated_at: datetime
    person_id: int | None = None


@dataclass(frozen=True)
class Delivery:
    """What a tablet sends in one go. `refused` are the ids of what was no answer; `waiting`, what it still holds back."""

    answers: list[Answer]
    refused: list[str]
    waiting: int
    clock_ahead: int  # seconds


@dataclass(frozen=True)
class Burst:
    """Many unhappy answers in a quarter of an hour."""

    unhappy: int
    count: int
    since: datetime
    until: datetime


def read_delivery(sent: Any, *, at: datetime) -> Delivery | None:
    """A tablet's JSON, checked; None when it is no delivery at all. One answer that cannot be read holds up no other."""
    if not isinstance(sent, dict) or not isinstance(sent.get("answers"), list) or len(sent["answers"]) > MOST_IN_ONE_GO:
        return None
    now, waiting = sent.get("now"), sent.get("waiting", 0)
    if not _is_whole(now, 0, 2**53) or not _is_whole(waiting, 0, 1_000_000):
        return None
    read = [(one, _answer(one, tablet_now=now, at=at)) for one in sent["answers"]]
    return Delivery(
        answers=[answer for _sent, answer in read if answer],
        refused=[str(one.get("id"))[:80] for one, answer in read if answer is None and isinstance(one, dict)],
        waiting=waiting,
        clock_ahead=max(-(2**31), min(2**31 - 1, round(now / 1000 - at.timestamp()))),
    )


def _answer(sent: Any, *, tablet_now: int, at: datetime) -> Answer | None:
    if not isinstance(sent, dict) or not _is_whole(sent.get("stars"), 1, 5) or not _is_whole(sent.get("at"), 0, 2**53):
        return None
    id, person = client_id(sent.get("id")), sent.get("person")
    if id is None or not (person is None or _is_whole(person, 1, 2**63 - 1)):
        return None
    return Answer(id, sent["stars"], given_at(sent["at"], tablet_now=tablet_now, at=at), person)


def _is_whole(value: Any, low: int, high: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def client_id(text: Any) -> str | None:
    """A UUID as the tablet made it, in its usual spelling; None for anything else."""
    try:
        return str(UUID(text)) if isinstance(text, str) else None
    except ValueError:
        return None


def given_at(tablet_time: int, *, tablet_now: int, at: datetime) -> datetime:
    """When an answer was given, in our time. Both tablet times are milliseconds since 1970 by the tablet's own clock.

    Only the distance between the two is believed: the clock may be wrong by any amount, as long as it was not set
    in between. A distance that cannot be (from the future, or more than a year) is not believed at all: such an answer counts
    from its arrival, which `received_at` keeps beside it for every answer.
    """
    ago = timedelta(milliseconds=min(max(tablet_now - tablet_time, -1), OLDEST // timedelta(milliseconds=1) + 1))
    return at - ago if timedelta() <= ago <= OLDEST else at


def clock_is_off(clock_ahead: int | None) -> bool:
    """Whether the list of kiosks says that the tablet's clock is wrong: five minutes do no harm."""
    return abs(clock_ahead or 0) > 300


def to_the_hour(moment: datetime) -> datetime:
    """When a kiosk was last seen is kept no finer, so that a shop's every minute is not on record."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def burst_in(answers: Sequence[tuple[datetime, int]], *, since: datetime, at: datetime) -> Burst | None:
    """The first quarter of an hour, ending with an answer from `since` on, in which half of four or more were unhappy.

    `answers` are (moment, stars) of one kiosk in order of time. What is older than an hour is no news any more: it counts nowhere.
    """
    fresh = [(moment, stars) for moment, stars in answers if at - moment <= STILL_NEWS]
    for until, _stars in fresh:
        window = [(moment, stars) for moment, stars in fresh if until - WINDOW < moment <= until]
        unhappy = sum(stars <= UNHAPPY_STARS for _moment, stars in window)
        if until >= since and len(window) >= LEAST_ANSWERS and 2 * unhappy >= len(window):
            return Burst(unhappy, len(window), window[0][0], until)
    return None
