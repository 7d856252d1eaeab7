"""The fewest touchpoints in the way: against trying all sets one after the other."""

from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.statistics.planner import EXACT_UP_TO, smallest_set

COUNTS = st.integers(1, 9)
FEW = st.dictionaries(st.frozensets(st.integers(1, 7), min_size=1, max_size=3), COUNTS, max_size=14)
MANY = st.dictionaries(st.frozensets(st.integers(1, 30), min_size=1, max_size=3), COUNTS, min_size=12, max_size=40)


def won(in_the_way: Mapping[frozenset[int], int], chosen: set[int]) -> int:
    return sum(count for places, count in in_the_way.items() if places <= chosen)


@given(FEW, st.integers(0, 40))
def test_no_smaller_set_does_it_and_none_as_small_wins_more(in_the_way: dict[frozenset[int], int], needed: int) -> None:
    plan = smallest_set(in_the_way, needed=needed)
    places = sorted({place for found in in_the_way for place in found})
    by_size = [max(won(in_the_way, set(s)) for s in combinations(places, size)) for size in range(len(places) + 1)]
    assert plan.reachable == sum(in_the_way.values())
    size = next((size for size, most in enumerate(by_size) if most >= needed), None)
    if needed <= 0 or size is None:
        assert (plan.chosen, plan.gained) == ((), 0)
    else:
        assert (len(plan.chosen), plan.gained) == (size, by_size[size])
        assert won(in_the_way, set(plan.chosen)) == plan.gained
    assert plan.is_smallest


@given(MANY)
def test_of_many_touchpoints_the_set_does_it_and_says_that_it_may_not_be_the_smallest(
    in_the_way: dict[frozenset[int], int],
) -> None:
    needed = sum(in_the_way.values()) // 2
    plan = smallest_set(in_the_way, needed=needed)
    assert won(in_the_way, set(plan.chosen)) == plan.gained >= needed
    places = {place for found in in_the_way for place in found}
    assert plan.is_smallest == (len(places) <= EXACT_UP_TO or len(plan.chosen) == 1)


def test_a_customer_with_two_places_in_the_way_is_won_by_both_alone() -> None:
    pairs = {frozenset({1, 2}): 10, frozenset({3}): 4}
    assert smallest_set(pairs, needed=5).chosen == (1, 2)
    assert smallest_set(pairs, needed=4).chosen == (3,)
    assert smallest_set(pairs, needed=15).chosen == ()


def test_the_same_places_in_another_order_are_the_same_and_unknown_ones_are_nobodys() -> None:
    plan = smallest_set({(1, 2): 3, (2, 1): 4, (2, 2, 1): 1, (): 50}, needed=8)
    assert (plan.chosen, plan.gained, plan.reachable) == ((1, 2), 8, 8)


@pytest.mark.parametrize("count", [EXACT_UP_TO, EXACT_UP_TO + 1])
def test_the_edge_between_both_ways(count: int) -> None:
    plan = smallest_set({frozenset({place}): place for place in range(1, count + 1)}, needed=count + count - 1)
    assert (plan.chosen, plan.is_smallest) == ((count - 1, count), count == EXACT_UP_TO)
