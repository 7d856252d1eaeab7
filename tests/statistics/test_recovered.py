"""The share won back, against an oracle that tries every way in which the silent might have answered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from tracker.statistics.proportions import wilson
from tracker.statistics.recovered import recovered_range


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int, int]:
    closed = draw(st.integers(5, 60))
    answered = draw(st.integers(0, closed))
    return closed, answered, draw(st.integers(0, answered))


@settings(deadline=None)  # the oracle tries everything
@given(counts())
def test_it_is_the_range_over_all_that_the_silent_could_have_said(drawn: tuple[int, int, int]) -> None:
    closed, answered, recovered = drawn
    possible = [
        binomtest(recovered + silent, closed).proportion_ci(method="wilson") for silent in range(closed - answered + 1)
    ]
    found = recovered_range(closed, answered, recovered)
    assert found is not None
    assert found.lowest == pytest.approx(min(interval.low for interval in possible), abs=2e-5)
    assert found.highest == pytest.approx(max(interval.high for interval in possible), abs=2e-5)


def test_thirty_percent_of_half_is_never_thirty_percent() -> None:
    found = recovered_range(100, 50, 15)
    assert found is not None
    assert found.lowest < 0.15 < 0.65 < found.highest


def test_too_few_tell_nothing() -> None:
    assert recovered_range(4, 4, 4) is None


@pytest.mark.parametrize("wrong", [(5, 6, 1), (5, 3, 4), (5, 3, -1)])
def test_what_cannot_be_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must hold"):
        recovered_range(*wrong)


@pytest.mark.parametrize("count", [0, 3, 10])
def test_wilson_is_wilsons(count: int) -> None:
    oracle = binomtest(count, 10).proportion_ci(method="wilson")
    assert wilson(count, 10) == pytest.approx((oracle.low, oracle.high), abs=2e-5)
