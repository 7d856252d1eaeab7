"""Figures worked out elsewhere and written down: statsmodels 0.15.0, with the quantile 1.96 that STATISTICS.md names.

proportion_confint(method="wilson"), confint_proportions_2indep(method="newcomb"), rates.confint_poisson_2indep(method="score"),
multipletests(method="fdr_bh", alpha=0.1), and WLS with a column for each team and month, left out one team at a time.
"""

from math import nan

import pytest

from tracker.statistics.linkage import lagged_slope, p_value
from tracker.statistics.many import passes
from tracker.statistics.proportions import newcombe, wilson
from tracker.statistics.rates import times_as_many

EXACTLY = 1e-8


@pytest.mark.parametrize(
    ("happy", "n", "expected"),
    [
        (0, 1, (0.0, 0.79345671)),
        (1, 1, (0.20654329, 1.0)),
        (1, 3, (0.06149032, 0.79234504)),
        (5, 5, (0.56550851, 1.0)),
        (0, 30, (0.0, 0.11351709)),
        (99_999, 100_000, (0.99994335, 0.99999823)),
    ],
)
def test_wilson_at_its_edges(happy: int, n: int, expected: tuple[float, float]) -> None:
    assert wilson(happy, n) == pytest.approx(expected, abs=EXACTLY)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0, 1, 1, 1), (-1.0, 0.12211724)),
        ((1, 1, 0, 1), (-0.12211724, 1.0)),
        ((0, 30, 0, 30), (-0.11351709, 0.11351709)),
        ((30, 30, 29, 30), (-0.08344961, 0.16670751)),
        ((3, 5, 40_000, 100_000), (-0.16929258, 0.48239805)),
    ],
)
def test_newcombe_at_its_edges(given: tuple[int, int, int, int], expected: tuple[float, float]) -> None:
    assert newcombe(*given) == pytest.approx(expected, abs=EXACTLY)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((12, 3000, 20, 4000), (0.3968, 1.6130)),
        ((1, 500, 9, 700), (0.0255, 0.9496)),
        ((40, 1000, 25, 2500), (2.4392, 6.5596)),
    ],
)
def test_how_many_times_as_many_is_the_score_range(
    given: tuple[int, float, int, float], expected: tuple[float, float]
) -> None:
    assert times_as_many(*given) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("p", "found"),
    [
        ([0.001, 0.012, 0.012, 0.03, 0.049, 0.05, 0.07, 0.07, 0.2, 0.9], 8),
        ([0.02, 0.04, 0.06, 0.08, 0.1], 5),
        ([0.0201, 0.041, 0.061, 0.081, 0.101], 0),
    ],
)
def test_benjamini_and_hochberg_with_ties_and_on_the_line(p: list[float], found: int) -> None:
    assert passes(p) == [True] * found + [False] * (len(p) - found)


def test_the_slope_of_four_teams_and_five_months() -> None:
    engagement = [
        [3.1, 3.6, 3.4, nan, 3.9],
        [4.0, 3.8, 4.1, 4.2, 3.7],
        [2.9, 3.3, 3.0, 3.5, 3.2],
        [3.5, 3.5, 3.9, 3.6, 3.8],
    ]
    satisfaction = [
        [-0.20, 0.05, 0.12, 0.02, -0.05],
        [0.30, 0.22, 0.10, 0.35, 0.31],
        [-0.10, -0.30, 0.02, -0.22, 0.08],
        [0.00, 0.11, nan, 0.21, 0.06],
    ]
    n = [[12, 30, 25, 40, 18], [60, 45, 80, 30, 52], [9, 14, 22, 17, 31], [20, 33, 0, 41, 27]]
    slope = lagged_slope(engagement, satisfaction, n)
    assert (slope.estimate, slope.low, slope.high) == pytest.approx(
        (0.507104036, 0.054634173, 0.959573899), abs=EXACTLY
    )
    assert p_value(slope) == pytest.approx(0.037639846, abs=EXACTLY)
    assert (slope.teams, slope.months, slope.pairs, slope.enough) == (4, 5, 14, False)
