"""How many alerts would come by chance alone: the false-alarm budget. Source: STATISTICS.md section 2, its table of rules."""

import math
from dataclasses import dataclass

import numpy as np

# (alert_p, false alerts per 100 unchanged people a year), measured with a least fall of 0.2 stars and 8 weeks of cool-down.
MEASURED = ((0.01, 16.6), (0.005, 9.3), (0.0025, 5.2), (0.001, 2.3))
MEASURED_STRICT = 2.6  # with 5,000 people
COVERAGE = 0.95


@dataclass(frozen=True)
class Budget:
    """rate: false alerts per 100 unchanged people a year; expected: the same for so many people; low to high: where their number
    lies in 95 of 100 years."""

    rate: float
    people: float
    expected: float
    low: int
    high: int


def budget(alert_p: float, people: float, *, strict: bool = False) -> Budget:
    """What `people` tested the whole year can expect. ValueError for a threshold outside what was measured, or fewer than no people."""
    if people < 0:
        raise ValueError("people must be zero or more.")
    rate = MEASURED_STRICT if strict else false_alerts(alert_p)
    expected = rate * people / 100
    return Budget(rate, people, expected, *usual_counts(expected))


def false_alerts(alert_p: float) -> float:
    """Per 100 unchanged people a year, by interpolation in log P between the measured thresholds."""
    thresholds, rates = zip(*sorted(MEASURED), strict=True)
    if not thresholds[0] <= alert_p <= thresholds[-1]:
        raise ValueError("The threshold must lie between 1 in 1,000 and 1 in 100, where it was measured.")
    return float(np.interp(math.log(alert_p), np.log(thresholds), rates))


def usual_counts(expected: float) -> tuple[int, int]:
    """Least and most of a Poisson count in 95 of 100 cases: 2.5 % or less lie under the first, and over the second."""
    aside = (1 - COVERAGE) / 2
    low, high, count, chance = 0, 0, 0, math.exp(-expected)
    total = chance
    while total < 1 - aside and count < 10 * expected + 100:
        if total <= aside:
            low = count + 1
        count += 1
        chance *= expected / count
        total += chance
    return low, max(high, count)
