"""The false-alarm budget: measured figures, and how many to expect."""

import numpy as np
import pytest

from tracker.statistics.budget import MEASURED, budget, false_alerts, usual_counts


@pytest.mark.parametrize(("threshold", "rate"), MEASURED)
def test_the_measured_thresholds_keep_their_figures(threshold: float, rate: float) -> None:
    assert false_alerts(threshold) == pytest.approx(rate)


def test_between_two_thresholds_the_logarithm_is_divided_evenly() -> None:
    middle = (0.005 * 0.0025) ** 0.5
    assert false_alerts(middle) == pytest.approx((9.3 + 5.2) / 2)


@pytest.mark.parametrize("threshold", [0.02, 0.0005])
def test_what_was_not_measured_is_not_made_up(threshold: float) -> None:
    with pytest.raises(ValueError, match="measured"):
        false_alerts(threshold)


def test_sixty_people_at_one_in_400_can_expect_about_three_a_year() -> None:
    found = budget(1 / 400, 60)
    assert found.expected == pytest.approx(3.12)
    assert (found.low, found.high) == (0, 7)


def test_nobody_tested_expects_nothing() -> None:
    assert (budget(1 / 400, 0).low, budget(1 / 400, 0).high) == (0, 0)
    with pytest.raises(ValueError, match="zero"):
        budget(1 / 400, -1)


@pytest.mark.parametrize("expected", [0.3, 3.1, 12.0, 260.0])
def test_ninety_five_of_a_hundred_drawn_years_lie_inside(expected: float) -> None:
    low, high = usual_counts(expected)
    drawn = np.random.default_rng(5).poisson(expected, 40_000)
    assert np.mean(drawn < low) <= 0.027
    assert np.mean(drawn > high) <= 0.027
    assert np.mean((drawn >= low) & (drawn <= high)) >= 0.945
