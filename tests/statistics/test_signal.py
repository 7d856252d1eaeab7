"""Grades of a sample: what lowers them, and what does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.statistics.signal import GRADES, Sample, Signal, signal_of


def a_sample(**changes: object) -> Sample:
    """100 customers served, nearly all asked whatever came of it, 30 answered."""
    given: dict[str, object] = {
        "served": {"solved": 70, "unsolved": 30},
        "asked": {"solved": 63, "unsolved": 27},
        "answered": 30,
        "ratings": 30,
        "most_in_an_hour": 3,
        "most_by_a_customer": 2,
    }
    return Sample(**{**given, **changes})  # type: ignore[arg-type]  # the test knows what it changes


def kinds(signal: Signal) -> list[str]:
    return [reason.kind for reason in signal.reasons]


def test_asking_nearly_everybody_is_an_a() -> None:
    assert signal_of(a_sample()) == Signal("A", ())


def test_asking_the_happy_ones_is_a_d_with_both_shares() -> None:
    signal = signal_of(a_sample(asked={"solved": 66, "unsolved": 6}))
    assert signal.grade == "D"
    (reason,) = signal.reasons
    assert (reason.kind, reason.outcome, reason.count, reason.of) == ("selective", "solved", 66, 70)
    assert (reason.other, reason.other_count, reason.other_of) == ("unsolved", 6, 30)


def test_a_difference_that_chance_may_make_says_nothing() -> None:
    assert signal_of(a_sample(served={"solved": 70, "unsolved": 20}, asked={"solved": 56, "unsolved": 13})).grade == "A"


def test_a_rate_that_differs_by_little_says_nothing_however_many_cases() -> None:
    served, asked = {"solved": 7000, "unsolved": 3000}, {"solved": 6300, "unsolved": 2400}
    assert kinds(signal_of(a_sample(served=served, asked=asked, answered=3000))) == []


def test_outcomes_that_nobody_noted_are_not_compared() -> None:
    assert kinds(signal_of(a_sample(served={"": 70, "unsolved": 30}, asked={"": 70, "unsolved": 3}))) == []


def test_asking_few_costs_a_grade() -> None:
    signal = signal_of(a_sample(asked={"solved": 28, "unsolved": 12}))
    assert (signal.grade, kinds(signal)) == ("B", ["few_asked"])


def test_hardly_any_answers_cost_a_grade() -> None:
    assert kinds(signal_of(a_sample(answered=4))) == ["few_answers"]
    assert kinds(signal_of(a_sample(answered=5))) == []


def test_a_flood_and_one_loud_customer_cost_grades_even_where_nobody_noted_who_was_asked() -> None:
    nothing = {"served": {}, "asked": {}, "answered": 0}
    assert signal_of(a_sample(**nothing)) == Signal(None, ())
    assert signal_of(a_sample(**nothing, most_in_an_hour=10)).grade == "B"
    loud = signal_of(a_sample(**nothing, most_by_a_customer=8))
    assert (loud.grade, kinds(loud)) == ("C", ["dominated"])
    both = signal_of(a_sample(**nothing, most_by_a_customer=8, most_in_an_hour=10))
    assert (both.grade, kinds(both)) == ("D", ["dominated", "flooded"])


@pytest.mark.parametrize("ratings", [0, 4, 9])
def test_few_ratings_are_called_neither_flood_nor_dominance(ratings: int) -> None:
    few = a_sample(ratings=ratings, most_in_an_hour=ratings, most_by_a_customer=ratings)
    assert kinds(signal_of(few)) == []


def test_whoever_asks_at_random_is_hardly_ever_called_selective() -> None:
    """One in a hundred by chance, less for the difference that must be there as well."""
    rng = np.random.default_rng(7)
    wrong = 0
    for _person in range(2_000):
        asked = {"solved": int(rng.binomial(70, 0.6)), "unsolved": int(rng.binomial(30, 0.6))}
        wrong += "selective" in kinds(signal_of(a_sample(asked=asked)))
    assert wrong / 2_000 < 0.015


@given(
    served=st.dictionaries(st.sampled_from(["", "solved", "unsolved", "other"]), st.integers(0, 500)),
    share=st.floats(0, 1),
    answered=st.integers(0, 500),
    ratings=st.integers(0, 500),
    hour=st.integers(0, 500),
    customer=st.integers(0, 500),
)
def test_any_counts_give_a_grade_or_none(
    served: dict[str, int], share: float, answered: int, ratings: int, hour: int, customer: int
) -> None:
    asked = {outcome: int(count * share) for outcome, count in served.items()}
    sample = Sample(served, asked, answered, ratings, min(hour, ratings), min(customer, ratings))
    signal = signal_of(sample)
    assert signal.grade is None or signal.grade in GRADES
    assert (signal.grade is None) <= (not signal.reasons)
