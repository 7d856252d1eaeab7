"""Ranges of counts, against scipy’s own, and how often they hold."""

import math
import os
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tracker.statistics.rates import events_range, times_as_many, times_as_many_after, times_as_many_by_month


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


@pytest.mark.parametrize("bunched", [0.0, 0.2, 0.4])
@pytest.mark.parametrize("a_month", [2, 10, 40])
def test_two_years_month_by_month_hold_the_truth_though_events_come_in_bunches(a_month: float, bunched: float) -> None:
    """Where a single bad month brings many, the range of plain counts held it 50 to 92 times in 100."""
    random, held, plain = np.random.default_rng(1936), 0, 0
    runs = int(os.environ.get("RATES_RUNS", "800"))
    for _run in range(runs):
        season = np.exp(random.normal(0, 0.2, 12))
        later, earlier = (_a_year(random, a_month * season, bunched) for _each in range(2))
        low, high = times_as_many_by_month(later, earlier)
        held += low <= 1 <= high
        low, high = times_as_many(*_sums(later), *_sums(earlier))
        plain += low <= 1 <= high
    assert held / runs >= 0.93 - 2 * math.sqrt(0.05 * 0.95 / runs)
    if bunched and a_month == 40:
        assert plain / runs < 0.8


@pytest.mark.parametrize("bunched", [0.0, 0.2, 0.4])
@pytest.mark.parametrize("a_month", [2, 10, 40])
def test_three_months_after_nine_hold_the_truth_though_events_come_in_bunches(a_month: float, bunched: float) -> None:
    random, held, plain = np.random.default_rng(1989), 0, 0
    runs = int(os.environ.get("RATES_RUNS", "800"))
    for _run in range(runs):
        months = _a_year(random, np.full(12, a_month), bunched)
        low, high = times_as_many_after(months[9:], months[:9])
        held += low <= 1 <= high
        low, high = times_as_many(*_sums(months[9:]), *_sums(months[:9]))
        plain += low <= 1 <= high
    assert held / runs >= 0.92 - 2 * math.sqrt(0.05 * 0.95 / runs)
    if bunched and a_month == 40:
        assert plain / runs < 0.8


def test_months_that_follow_others_and_are_all_alike_are_plain_counts() -> None:
    assert times_as_many_after([(4, 100.0)] * 3, [(6, 200.0)] * 9) == times_as_many(12, 300, 54, 1800)
    assert times_as_many_after([(0, 10.0)] * 3, [(0, 10.0)] * 3) == (0.0, math.inf)
    with pytest.raises(ValueError, match="nothing could"):
        times_as_many_after([(1, 0.0)], [(1, 10.0)])


def test_how_many_events_come_as_one_is_pearsons_statistic_over_the_months_less_two() -> None:
    """Ten and thirty where twenty were to be expected, on either side: 4 times 10²/20, over two degrees."""
    months = [(10, 100.0), (30, 100.0)]
    bunched = 20 / 2 * (stats.t.ppf(0.975, 2) / 1.96) ** 2
    expected = times_as_many(40 / bunched, 200, 40 / bunched, 200)
    assert times_as_many_after(months, months) == pytest.approx(expected)


def _a_year(random: np.random.Generator, expected: Any, bunched: float) -> list[tuple[int, float]]:
    exposed = random.integers(600, 1500, 12)
    moved = random.gamma(1 / bunched**2, bunched**2, 12) if bunched else np.ones(12)
    return [
        (int(events), float(of))
        for events, of in zip(random.poisson(expected * exposed / 1000 * moved), exposed, strict=True)
    ]


def _sums(months: list[tuple[int, float]]) -> tuple[int, float]:
    return sum(events for events, _of in months), sum(of for _events, of in months)


def test_months_that_are_as_alike_as_chance_makes_them_are_plain_counts() -> None:
    later, earlier = [(4, 100.0)] * 12, [(6, 200.0)] * 12
    assert times_as_many_by_month(later, earlier) == times_as_many(48, 1200, 72, 2400)
    low, high = times_as_many_by_month([(48, 100.0), *[(0, 100.0)] * 11], earlier)
    assert low < times_as_many(48, 1200, 72, 2400)[0]
    assert high > times_as_many(48, 1200, 72, 2400)[1]


def test_a_year_without_events_or_with_nothing_to_bring_them_is_told_as_such() -> None:
    assert times_as_many_by_month([(0, 10.0)], [(0, 10.0)]) == (0.0, math.inf)
    assert times_as_many_by_month([(3, 10.0), (0, 0.0)], [(0, 10.0), (0, 5.0)])[1] == math.inf
    with pytest.raises(ValueError, match="nothing could"):
        times_as_many_by_month([(0, 0.0)], [(0, 10.0)])
    with pytest.raises(ValueError, match="zip"):
        times_as_many_by_month([(1, 10.0)], [(1, 10.0), (1, 10.0)])
