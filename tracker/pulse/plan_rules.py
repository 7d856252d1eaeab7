"""How a plan stands, and what may be said of the measure that it is to move. Pure; everything from published cells."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from tracker.pulse.bank import AGREEMENT, RECOMMENDING
from tracker.statistics.intervals import t_quantile

LOWEST = {AGREEMENT: 1.0, RECOMMENDING: -100.0}
HIGHEST = {AGREEMENT: 5.0, RECOMMENDING: 100.0}
STEP = {AGREEMENT: 0.1, RECOMMENDING: 1.0}
VALUES = {AGREEMENT: (1, 2, 3, 4, 5), RECOMMENDING: (-100, 0, 0, 0, 100)}  # of the five columns of a histogram
FEWEST_FOR_A_CHANGE = (
    10  # answers in both rounds: below, one who came or went could be guessed at (STATISTICS.md section 5)
)
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
    """A published cell of one round. histogram: how many gave each, where that is published too."""

    n: int
    mean: float
    histogram: tuple[int, ...] | None


def likely_range(cell: Measured, scale: str) -> tuple[float, float]:
    """95 %, by Student's t. Where it is hidden how the answers spread, the widest that such a mean allows."""
    reach = t_quantile(cell.n - 1) * _error(cell, scale)
    return max(LOWEST[scale], cell.mean - reach), min(HIGHEST[scale], cell.mean + reach)


def change(before: Measured, after: Measured, scale: str) -> str | None:
    """ "clear" where the likely range of the change lies on one side of nothing, "maybe" where not; None where fewer than 10
    answered in either round. The rounds are taken as apart, which makes the range wider than it is where the same people answered."""
    if min(before.n, after.n) < FEWEST_FOR_A_CHANGE:
        return None
    reach = t_quantile(min(before.n, after.n) - 1) * math.hypot(_error(before, scale), _error(after, scale))
    return "clear" if abs(after.mean - before.mean) > reach else "maybe"


def _error(cell: Measured, scale: str) -> float:
    """Standard error of the mean."""
    return math.sqrt(_variance(cell, scale) / (cell.n - 1))


def _variance(cell: Measured, scale: str) -> float:
    if cell.histogram is None:
        return max((HIGHEST[scale] - cell.mean) * (cell.mean - LOWEST[scale]), 0.0)
    pairs = list(zip(VALUES[scale], cell.histogram, strict=True))
    mean = sum(value * count for value, count in pairs) / cell.n
    return sum(count * (value - mean) ** 2 for value, count in pairs) / cell.n


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
