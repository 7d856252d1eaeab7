"""How a plan stands, and what may be said of the measure that it is to move. Pure; everything from published cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from tracker.pulse.bank import AGREEMENT, RECOMMENDING
from tracker.pulse.queries import ResultCell
from tracker.pulse.result_rules import FEW, Verdict, change, estimate

HIGHEST = {AGREEMENT: 5.0, RECOMMENDING: 100.0}
STEP = {AGREEMENT: 0.1, RECOMMENDING: 1.0}
LONGEST_DUE = timedelta(days=366)
OWNER, MAKER = 1, 2  # the steps of reminding
MAKER_AFTER = 3  # working days after the day
AXIS_AGREEMENT = [1.0, 2.0, 3.0, 4.0, 5.0]
AXIS_RECOMMENDING = [-100.0, -50.0, 0.0, 50.0, 100.0]


class State(StrEnum):
    OPEN = "open"  # not done
    LATE = "late"  # not done, and its day is past
    DONE = "done"  # done; the measure has not moved yet
    MOVED = "moved"
    GIVEN_UP = "given_up"


class Dated(Protocol):
    """What of a plan says how it stands."""

    @property
    def due_on(self) -> date: ...
    @property
    def done(self) -> str | None: ...
    @property
    def is_moved(self) -> bool: ...
    @property
    def is_given_up(self) -> bool: ...


def state_of(plan: Dated, today: date) -> State:
    if plan.is_given_up:
        return State.GIVEN_UP
    if plan.is_moved:
        return State.MOVED
    if plan.done is not None:
        return State.DONE
    return State.LATE if plan.due_on < today else State.OPEN


@dataclass(frozen=True)
class Measured:
    """A group's published cell of one round, the whole company's of the same question, and how many questions that round had."""

    cell: ResultCell
    company: ResultCell | None
    questions: int

    @property
    def mean(self) -> float:
        return self.cell.mean

    @property
    def n(self) -> int:
        return self.cell.n

    def likely(self, scale: str) -> tuple[float, float] | None:
        """95 %, as on the page of results; None where it is hidden how answers spread."""
        found = estimate(self.cell, self.company, scale)
        return (found.low, found.high) if found else None


def verdict(before: Measured, after: Measured, scale: str) -> Verdict | None:
    """How sure a change is, looked at among all questions of its round. None where fewer than 10 answered in either round: who came or
    went could be guessed from it (STATISTICS.md section 5); and where the spread is hidden."""
    if min(before.n, after.n) < FEW:
        return None
    found = change((before.cell, before.company), (after.cell, after.company), scale, looks=after.questions)
    return found.verdict if found else None


def has_moved(mean: float, aim: float) -> bool:
    """Means are published to 0.1, and are compared as published."""
    return round(mean - aim, 6) >= 0


def lowest_aim(was: float, scale: str) -> float | None:
    """The least that is more than today's; None where it is as high as it can be."""
    least = round(was + STEP[scale], 1)
    return least if least <= HIGHEST[scale] else None


def axis(values: Sequence[float], scale: str) -> list[float]:
    """The steps of an axis around everything that is drawn; the whole scale of recommending is long."""
    steps = AXIS_AGREEMENT if scale == AGREEMENT else AXIS_RECOMMENDING
    first = max([step for step in steps if step <= min(values)], default=steps[0])
    last = min([step for step in steps if step >= max(values)], default=steps[-1])
    found = [step for step in steps if first <= step <= last]
    return found if len(found) > 1 else steps
