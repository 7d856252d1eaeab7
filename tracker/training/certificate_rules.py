"""How long a certificate is valid, how it stands on a day, and when somebody is reminded of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REMINDED_DAYS = (90, 60, 30, 7)  # before it ends
RENEWED_DAYS = 14  # before it ends, the course can be done anew
TOLD_DAYS = tuple(sorted({*REMINDED_DAYS, RENEWED_DAYS, 0}, reverse=True))
LEADER_TOLD_DAYS = frozenset({30, 7, 0})
AMBER_DAYS = 90
ATTESTED_DAYS = 730  # how far back a leader may attest
LATE_RENEWAL = timedelta(days=30)  # after its end nobody is asked by itself any more


class State(StrEnum):
    """How a certificate stands on a day."""

    VALID = "valid"
    ENDING = "ending"  # in 90 days or less
    RENEWABLE = "renewable"  # in 14 days or less
    LAPSED = "lapsed"
    ENDED = "ended"  # before its time: the course asks for it anew
    REPLACED = "replaced"


@dataclass(frozen=True)
class Step:
    """A day on which somebody is told that a certificate ends in `before` days (0: today)."""

    day: date
    before: int


def expiry_of(issued_on: date, months: int) -> date | None:
    """The first day it is valid no more: the same day of the month, else the month's last. None: it never ends."""
    if months == 0:
        return None
    month = issued_on.month - 1 + months
    year, month = issued_on.year + month // 12, month % 12 + 1
    for day in range(issued_on.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, issued_on.day)


def renewed_expiry(completed_on: date, months: int, *, before: date | None) -> date | None:
    """The end of a certificate that follows one ending on `before`: within the retake window the old rhythm goes on, so that
    nobody loses days by being early; before the window opens, and from the old one's end on, the day of completion counts."""
    keeps_rhythm = before is not None and renewable_from(before) <= completed_on < before
    return expiry_of(before if before is not None and keeps_rhythm else completed_on, months)


def renewable_from(expires_on: date) -> date:
    return expires_on - timedelta(days=RENEWED_DAYS)


def state_on(day: date, *, expires_on: date | None, ended_on: date | None = None, renewed: bool = False) -> State:
    if renewed:
        return State.REPLACED
    if ended_on is not None and ended_on <= day:
        return State.ENDED
    if expires_on is None or expires_on - day > timedelta(days=AMBER_DAYS):
        return State.VALID
    if expires_on <= day:
        return State.LAPSED
    return State.RENEWABLE if renewable_from(expires_on) <= day else State.ENDING


def steps_of(issued_on: date, expires_on: date) -> list[Step]:
    """All days on which somebody is told, in order; those that would lie before the day of issue, or on it, are left out."""
    steps = (Step(expires_on - timedelta(days=before), before) for before in TOLD_DAYS)
    return [step for step in steps if step.day > issued_on]


def first_reminder(issued_on: date, expires_on: date | None) -> date | None:
    """The day of the first step; None when it never ends."""
    return steps_of(issued_on, expires_on)[0].day if expires_on else None


def due_step(issued_on: date, expires_on: date, *, taken: int, today: date) -> tuple[Step | None, int, date | None]:
    """The newest step that is due and not taken, how many are behind then, and the day of the next one.

    Steps that were missed, with the service down for one, are passed over: one word is enough."""
    steps = steps_of(issued_on, expires_on)
    passed = sum(step.day <= today for step in steps)
    newest = steps[passed - 1] if passed > taken else None
    behind = max(passed, taken)
    return newest, behind, steps[behind].day if behind < len(steps) else None


def renewal_due_on(expires_on: date, today: date) -> date:
    """The last day it is still valid; where that is over, as long from today as the window is."""
    last_day = expires_on - timedelta(days=1)
    return last_day if last_day >= today else today + timedelta(days=RENEWED_DAYS)
