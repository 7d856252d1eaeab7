"""Two groups of ratings compared: against scipy, and by simulation on stars as customers give them."""

from random import Random

import pytest
from scipy import stats

from tracker.statistics.contrast import FEWEST, average_of, contrast, student_quantile

USUAL, HARD = (9, 4, 8, 19, 60), (24, 14, 17, 20, 25)  # of a hundred customers, how many give one star, two ...
RUNS = 4_000


def drawn(chance: Random, weights: tuple[int, ...], n: int) -> list[int]:
    return chance.choices((1, 2, 3, 4, 5), weights, k=n)


@pytest.mark.parametrize("share", [0.9, 0.975, 0.995, 0.998])
@pytest.mark.parametrize("df", [9, 9.7, 14, 30, 200])
def test_the_quantile_is_students(df: float, share: float) -> None:
    assert student_quantile(df, share) == pytest.approx(stats.t.ppf(share, df), abs=0.01)


def test_the_range_is_welchs_and_never_narrower() -> None:
    alike = contrast([5, 4, 3] * 6, [4, 3, 2] * 4)
    assert alike is not None
    assert (alike.low, alike.high) == pytest.approx(_welch([5, 4, 3] * 6, [4, 3, 2] * 4), abs=0.02)
    first, second = drawn(Random(1), USUAL, 24), drawn(Random(2), HARD, 17)
    found, (low, high) = contrast(first, second), _welch(first, second)
    assert found is not None
    assert found.low <= low
    assert found.high >= high


def _welch(first: list[int], second: list[int]) -> tuple[float, float]:
    found = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    return float(found.low), float(found.high)


def test_more_looks_make_it_wider_and_never_move_it() -> None:
    first, second = drawn(Random(1), USUAL, 24), drawn(Random(2), HARD, 17)
    one, five = contrast(first, second), contrast(first, second, looks=5)
    assert one is not None
    assert five is not None
    assert five.difference == one.difference
    assert five.low < one.low
    assert five.high > one.high


def test_too_few_is_nothing_to_say() -> None:
    assert average_of([5] * (FEWEST - 1)) is None
    assert contrast([5] * (FEWEST - 1), [1] * 100) is None
    assert contrast([5] * 100, [1] * (FEWEST - 1)) is None


def test_ten_fives_do_not_know_what_the_next_customer_gives() -> None:
    found = average_of([5] * 10)
    assert found is not None
    assert (found.mean, found.high) == (5, 5)
    assert found.low < 4.7
    assert not contrast([5] * 10, [5] * 9 + [4]).is_clear  # type: ignore[union-attr]  # ten each


@pytest.mark.parametrize(("n", "m"), [(10, 10), (10, 40), (25, 15)])
@pytest.mark.parametrize("weights", [USUAL, HARD])
def test_where_nothing_differs_it_is_rarely_called_clear(weights: tuple[int, ...], n: int, m: int) -> None:
    """Of five looks together at most one in twenty, in the direction that is said."""
    chance = Random(n * 100 + m)
    claims = sum(contrast(drawn(chance, weights, n), drawn(chance, weights, m), looks=5).is_clear for _ in range(RUNS))  # type: ignore[union-attr]
    assert claims / RUNS <= 0.01 + 2 * (0.01 * 0.99 / RUNS) ** 0.5


def test_a_large_difference_is_found() -> None:
    chance = Random(7)
    found = sum(contrast(drawn(chance, USUAL, 30), drawn(chance, HARD, 30), looks=5).is_clear for _ in range(500))  # type: ignore[union-attr]
    assert found / 500 > 0.4
