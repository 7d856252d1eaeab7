"""The difference of two shares of the same customers: published examples, and how often the range holds the truth."""

import os
from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.statistics.paired import change_of_difference, paired_difference
from tracker.statistics.proportions import newcombe

RUNS = int(os.environ.get("PAIRED_RUNS", "2000"))
COUNT = st.integers(0, 40)


# Newcombe 1998 (first); D. G. Altman and others, Statistics with Confidence, 2nd edition, table 6.2; M. W. Fagerland, S. Lydersen and
# P. Laake, Recommended tests and confidence intervals for paired binomial proportions, Statistics in Medicine 33 (2014), the example.
@pytest.mark.parametrize(
    ("table", "expected"),
    [((36, 12, 2, 0), (0.0569, 0.3404)), ((14, 5, 0, 22), (0.0115, 0.2265)), ((1, 1, 7, 12), (-0.5069, -0.0256))],
)
def test_it_is_as_published(table: tuple[int, int, int, int], expected: tuple[float, float]) -> None:
    assert paired_difference(*table) == pytest.approx(expected, abs=6e-5)


@given(COUNT, COUNT, COUNT, COUNT)
def test_turned_round_it_is_the_same_and_it_holds_what_was_seen(
    both: int, first: int, second: int, neither: int
) -> None:
    low, high = paired_difference(both, first, second, neither)
    n = both + first + second + neither
    if n == 0:
        assert isnan(low)
        assert isnan(high)
        return
    assert paired_difference(both, second, first, neither) == pytest.approx((-high, -low), abs=1e-12)
    assert -1 <= low <= (first - second) / n <= high <= 1


def test_answers_that_have_nothing_in_common_are_two_shares() -> None:
    assert paired_difference(12, 8, 18, 12) == pytest.approx(newcombe(20, 50, 30, 50))
    assert paired_difference(20, 30, 0, 0) == pytest.approx(newcombe(50, 50, 20, 50)), (
        "all of them once: nothing to hold in common"
    )
    assert paired_difference(20, 0, 0, 0) == pytest.approx(newcombe(20, 20, 20, 20))


def test_what_they_have_in_common_makes_the_range_narrower() -> None:
    low, high = paired_difference(40, 8, 2, 10)
    plain_low, plain_high = newcombe(48, 60, 42, 60)
    assert plain_low < low < 0.1 < high < plain_high


@pytest.mark.parametrize(("n", "apart"), [(30, 0.0), (60, 0.1), (300, 0.1)])
def test_the_range_holds_the_truth_where_customers_differ(n: int, apart: float) -> None:
    chance, held = np.random.default_rng(1998 + n), 0
    for _run in range(RUNS):
        own = chance.beta(4.0, 2.0, n)
        first, second = chance.random(n) < own, chance.random(n) < own * (1 - apart * 1.5)
        low, high = paired_difference(
            int((first & second).sum()), int((first & ~second).sum()), int((~first & second).sum()),
            int((~first & ~second).sum()),
        )  # fmt: skip
        held += low <= apart <= high
    assert held / RUNS == pytest.approx(0.955, abs=0.01 + 2 * sqrt(0.95 * 0.05 / RUNS))


def test_a_change_is_turned_round_with_the_years_and_none_where_nothing_has_changed() -> None:
    now, then = (40, 20, 5, 10), (30, 10, 12, 9)
    change, low, high = change_of_difference(now, then)
    assert change_of_difference(then, now) == pytest.approx((-change, -high, -low))
    assert low < change == pytest.approx(15 / 75 + 2 / 61)
    assert change_of_difference(now, now)[0] == 0
    assert all(isnan(part) for part in change_of_difference(now, (0, 0, 0, 0)))


@pytest.mark.parametrize("n", [30, 100])
def test_the_range_of_a_change_holds_the_truth(n: int) -> None:
    chance, held = np.random.default_rng(2008 + n), 0
    for _run in range(RUNS):
        change, low, high = change_of_difference(_drawn(chance, n, 0.25), _drawn(chance, n, 0.1))
        assert low <= change <= high
        held += low <= 0.1 <= high  # of customers happy two times in three, 2/3 of .25 less 2/3 of .1
    assert held / RUNS >= 0.94 - 2 * sqrt(0.95 * 0.05 / RUNS)


def _drawn(chance: np.random.Generator, n: int, less: float) -> tuple[int, int, int, int]:
    own = chance.beta(4.0, 2.0, n)
    first, second = chance.random(n) < own, chance.random(n) < own * (1 - less)
    return tuple(int(kind.sum()) for kind in (first & second, first & ~second, ~first & second, ~first & ~second))  # type: ignore[return-value]
