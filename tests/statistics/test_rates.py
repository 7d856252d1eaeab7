"""Ranges of counts, against scipy’s own, and how often they hold."""

import math

import numpy as np
import pytest
from scipy import stats

from tracker.statistics.rates import events_range, times_as_many


@pytest.mark.parametrize("count", [0, 1, 4, 30, 900])
def test_a_count_has_poissons_exact_range(count: int) -> None:
    low, high = events_range(count)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2)


def test_less_than_none_is_no_count() -> None:
    with pytest.raises(ValueError, match="from none"):
        events_range(-1)


@pytest.mark.parametrize(("earlier", "later"), [(40.0, 60.0), (8.0, 8.0), (300.0, 100.0)])
def test_how_many_times_holds_in_at_least_94_of_100(earlier: float, later: float) -> None:
    random = np.random.default_rng(71)
    truth = (later / 3) / (earlier / 9)
    held = 0
    for first, second in zip(random.poisson(earlier, 2000), random.poisson(later, 2000), strict=True):
        low, high = times_as_many(int(second), 3, int(first), 9)
        held += low <= truth <= high
    assert 0.94 <= held / 2000 <= 0.985


def test_where_nothing_happened_anything_is_possible() -> None:
    assert times_as_many(0, 10, 0, 10) == (0.0, math.inf)
    low, high = times_as_many(7, 10, 0, 10)
    assert low > 1
    assert high == math.inf


def test_without_anything_that_could_bring_one_there_is_no_ratio() -> None:
    with pytest.raises(ValueError, match="nothing could"):
        times_as_many(1, 0, 1, 10)
