"""From how many on a share is told, and what may be claimed of how far two lie apart."""

from dataclasses import astuple

import pytest

from tracker.reports.ranges import (
    Apart,
    Share,
    Verdict,
    apart_of,
    is_clear,
    outwards,
    share_by_people,
    share_from_thirty,
    share_kept,
    share_of,
    verdict,
)
from tracker.statistics.proportions import newcombe, sums_of, wilson


def kept(ratings: int, customers: int) -> list[int]:
    """So many ratings, shared out as evenly as can be; of each customer’s one is happy."""
    each, more = divmod(ratings, customers)
    return list(astuple(sums_of([each + (place < more) for place in range(customers)], [1] * customers)))


@pytest.mark.parametrize(("n", "is_told"), [(29, False), (30, True)])
def test_a_plain_share_is_told_from_thirty_on(n: int, is_told: bool) -> None:
    assert (share_from_thirty(10, n) is not None) == is_told


@pytest.mark.parametrize(
    ("ratings", "customers", "is_told"), [(30, 20, True), (29, 20, False), (30, 19, False), (60, 20, True)]
)
def test_customers_share_takes_thirty_ratings_of_twenty(ratings: int, customers: int, is_told: bool) -> None:
    assert (share_kept(kept(ratings, customers)) is not None) == is_told


@pytest.mark.parametrize(("ratings", "people", "is_told"), [(30, 5, True), (29, 5, False), (30, 4, False)])
def test_a_share_of_what_people_did_takes_thirty_of_five(ratings: int, people: int, is_told: bool) -> None:
    assert (share_by_people(kept(ratings, people)) is not None) == is_told


def test_ends_are_never_told_narrower_than_they_are() -> None:
    low, high = wilson(61, 90)
    assert share_of(61, 90) == Share(68, *outwards(low, high))
    assert outwards(0.101, 0.199) == (10, 20)
    assert outwards(0.1, 0.2) == (10, 20), "what is whole stays whole, whatever rounding leaves"
    assert outwards(-0.199, -0.101) == (-20, -10)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 7, Verdict.MORE),
        (0, 7, Verdict.UNCLEAR),
        (-2, 7, Verdict.UNCLEAR),
        (-7, 0, Verdict.UNCLEAR),
        (-7, -1, Verdict.LESS),
    ],
)
def test_a_range_that_reaches_nothing_claims_nothing(low: int, high: int, said: Verdict) -> None:
    apart = Apart((low + high) // 2, low, high)
    assert verdict(apart) is said
    assert is_clear(apart) == (said is not Verdict.UNCLEAR)


def test_the_first_share_less_the_second() -> None:
    assert apart_of(80, 100, 60, 100) == Apart(20, *outwards(*newcombe(80, 100, 60, 100)))
    assert verdict(apart_of(80, 100, 60, 100)) is Verdict.MORE
    assert verdict(apart_of(60, 100, 80, 100)) is Verdict.LESS
