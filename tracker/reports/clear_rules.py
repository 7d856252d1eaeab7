"""What may be called clear where many figures are looked at at once: among all of them, and by its own range as it is told. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from math import erfc, isfinite, sqrt
from typing import TypeVar

from tracker.reports.ranges import apart_of, is_clear
from tracker.statistics.many import passes
from tracker.statistics.proportions import Z, chance_of_difference

Place = TypeVar("Place", bound=Hashable)
Pair = tuple[float, float, float, float]  # happy, of so many; and of the others


def clear_among(pairs: Mapping[Place, Pair], chances: Mapping[Place, float] | None = None) -> dict[Place, str]:
    """Place -> "above" or "below" for each first share that lies clearly over or under the second (Benjamini and Hochberg at 10 %).

    chances: how often chance alone would part the two so far, where something finer than two shares tells it. What is told is a range
    of whole points, rounded outwards: where an end of it is 0, nothing is clear.
    """
    fallback = {place: chance_of_difference(*pair) for place, pair in pairs.items()}
    found = passes([(chances or {}).get(place, chance) for place, chance in fallback.items()])
    tones = {}
    for place, pair in (one for one, passed in zip(pairs.items(), found, strict=True) if passed):
        apart = apart_of(*pair)
        if is_clear(apart):
            tones[place] = "above" if apart.low > 0 else "below"
    return tones


def clear_changes(ranges: Sequence[tuple[float, float, float]]) -> list[bool]:
    """Which of many changes (each: how much, and the ends of its range of 95 % or more) are clear among all of them.

    As if every range were one of 95 %: those that are wider count for less than they are.
    """
    passed = passes([_chance(*one) for one in ranges])
    return [is_found and (low > 0 or high < 0) for is_found, (_by, low, high) in zip(passed, ranges, strict=True)]


def _chance(by: float, low: float, high: float) -> float:
    """By the whole width, as `by` is kept rounded and may not lie in the middle of what is kept unrounded."""
    half = (high - low) / 2
    if not isfinite(half) or half <= 0:
        return 1.0
    return erfc(Z * abs(by) / half / sqrt(2))
