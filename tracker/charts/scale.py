"""From stars to pixels, and what counts as a number."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

LOWEST, HIGHEST = 1.0, 5.0
USUAL_LOWEST = 3.0


@dataclass(frozen=True)
class Scale:
    """A straight line from values to pixels. Values outside are drawn at the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)


def scale_ends(values: Iterable[float | None]) -> tuple[float, float]:
    """(3, 5), where nearly all scores lie, or from the whole star under the lowest value.

    Give it all values of a page and hand the answer to every chart there: people are shown on one scale.
    """
    lowest = min((value for value in values if is_known(value)), default=USUAL_LOWEST)
    return max(LOWEST, min(USUAL_LOWEST, float(math.floor(lowest)))), HIGHEST


def ticks(values: Iterable[float | None]) -> list[float]:
    """Round stars for an axis around the values, at least one star wide: halves, or whole stars when far apart."""
    known = [min(max(value, LOWEST), HIGHEST) for value in values if is_known(value)]
    if not known:
        return _steps(USUAL_LOWEST, HIGHEST, step=0.5)
    low, high = _rounded_out(min(known), max(known), step=0.5)
    if high - low <= 2:
        return _steps(low, high, step=0.5)
    return _steps(*_rounded_out(min(known), max(known), step=1.0), step=1.0)


def is_known(value: float | None) -> TypeGuard[float]:
    """Whether there is a number to draw: None and not-a-number are gaps."""
    return value is not None and math.isfinite(value)


def known_range(low: float | None, high: float | None) -> tuple[float, float] | None:
    """Both ends in order, or None when either is missing."""
    if not (is_known(low) and is_known(high)):
        return None
    return min(low, high), max(low, high)


def _rounded_out(low: float, high: float, *, step: float) -> tuple[float, float]:
    """The nearest steps a little outside, kept within 1 to 5 and at least one star apart."""
    first = max(LOWEST, math.floor((low - 0.1) / step) * step)
    last = min(HIGHEST, math.ceil((high + 0.1) / step) * step)
    return (max(LOWEST, last - 1), last) if last >= HIGHEST and last - first < 1 else (first, max(last, first + 1))


def _steps(low: float, high: float, *, step: float) -> list[float]:
    return [low + step * index for index in range(round((high - low) / step) + 1)]
