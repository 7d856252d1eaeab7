"""The attackers can attack: against publishing by size alone they find small groups nearly everywhere."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pulse.attacker import (
    Cells,
    derived_figures,
    exposed,
    groups_of,
    published_figure,
    published_table,
    small_sets,
    unanimous_sets,
)
from tests.pulse.organisations import Organisation, publish_by_size_alone, random_organisation
from tests.pulse.two_rounds import carried_over, groups_of_rounds, random_rounds
from tracker.statistics.disclosure import publishable

COMPANIES = [random_organisation(np.random.default_rng(seed)) for seed in range(120)]
NEARLY_ALL = 108  # of 120: in a very small company nobody can be singled out

families = st.lists(st.frozensets(st.integers(0, 5), min_size=1), min_size=1, max_size=6)
stars = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any)


def answers_of(company: Organisation) -> dict[int, int]:
    return dict(enumerate(company.own))


@pytest.mark.parametrize("k", [5, 8])
def test_the_first_attacker_finds_small_sets_by_linear_algebra(k: int) -> None:
    shown = [publish_by_size_alone(company, k) for company in COMPANIES]
    pairs = zip(COMPANIES, shown, strict=True)
    found = [small_sets(groups_of(company, visible), answers_of(company), k) for company, visible in pairs]
    assert sum(map(bool, found)) >= NEARLY_ALL - 4 * (k - 5)
    assert all(
        0 < sum(company.own[c] for c in s) < k for company, sets in zip(COMPANIES, found, strict=True) for s in sets
    )


@pytest.mark.parametrize("k", [5, 8])
def test_the_second_attacker_finds_them_by_taking_away(k: int) -> None:
    found = []
    for company in COMPANIES:
        shown = publish_by_size_alone(company, k)
        known = derived_figures(published_table(company, shown, distributions=np.zeros_like(shown)))
        found.append(any(figure.n < k for figure in known.values()))
    assert sum(found) >= NEARLY_ALL - 4 * (k - 5)


def test_the_second_attacker_proves_from_rounded_figures_that_a_few_think_alike() -> None:
    found = []
    for company in COMPANIES:
        shown = publish_by_size_alone(company, 5)
        known = derived_figures(published_table(company, shown, distributions=np.zeros_like(shown)))
        found.append(any(known[group].n >= 5 for group in exposed(known, 5)))
    assert sum(found) >= 90


@pytest.mark.parametrize("afresh", [True, False])
def test_the_third_attacker_finds_them_in_two_rounds(afresh: bool) -> None:
    found = []
    for seed in range(120):
        before, after = random_rounds(np.random.default_rng(seed))
        rounds = (before, after if afresh else carried_over(before, after))
        shown = (publish_by_size_alone(rounds[0].organisation, 5), publish_by_size_alone(rounds[1].organisation, 5))
        found.append(bool(small_sets(*groups_of_rounds(rounds, shown, afresh=afresh), 5)))
    assert sum(found) >= NEARLY_ALL


def test_answers_that_stand_until_the_next_give_joiners_away_in_spite_of_every_rule() -> None:
    """Why everybody answers afresh: each round alone is safe here, and the two together are not."""
    found = []
    for seed in range(120):
        before, after = random_rounds(np.random.default_rng(seed))
        rounds = (before, carried_over(before, after))
        first, second = (publishable(each.organisation.parent, each.organisation.n, 5) for each in rounds)
        found.append(bool(small_sets(*groups_of_rounds(rounds, (first, second), afresh=False), 5)))
    assert sum(found) >= 80


def test_linear_algebra_needs_no_tree() -> None:
    """Three overlapping pairs: no difference of nested sets, and yet each part is half of two pairs less the third."""
    pairs = [frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 2})]
    answers = {0: 3, 1: 4, 2: 6}
    assert small_sets(pairs, answers, 5) == {frozenset({0}), frozenset({1})}


@settings(max_examples=80, deadline=None)
@given(families, st.lists(st.integers(1, 4), min_size=6, max_size=6), st.integers(2, 8))
def test_linear_algebra_misses_nothing_and_makes_nothing_up(groups: list[Cells], counts: list[int], k: int) -> None:
    answers = dict(enumerate(counts))
    found, solvable = small_sets(groups, answers, k), solvable_by_rank(groups, answers, k)
    assert found <= solvable
    assert all(any(part <= whole for part in found) for whole in solvable if not any(s < whole for s in solvable))


def solvable_by_rank(groups: list[Cells], answers: dict[int, int], k: int) -> set[Cells]:
    """Every set of cells with fewer than k answers that adds nothing to the rank of the groups."""
    matrix = np.array([[cell in group for cell in range(6)] for group in groups], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    sets = [frozenset(cells) for size in range(1, 7) for cells in combinations(range(6), size)]
    few = [cells for cells in sets if sum(answers[cell] for cell in cells) < k]
    rows = {cells: np.array([[cell in cells for cell in range(6)]], dtype=float) for cells in few}
    return {cells for cells in few if np.linalg.matrix_rank(np.vstack([matrix, rows[cells]])) == rank}


@given(stars)
def test_the_bounds_of_a_published_row_hold_the_truth(counts: list[int]) -> None:
    figure = published_figure(counts)
    assert figure.lowest_sum <= sum(star * n for star, n in enumerate(counts, start=1)) <= figure.highest_sum
    assert figure.fewest <= counts[3] + counts[4] <= figure.most


def test_the_bounds_of_what_is_derived_hold_the_truth() -> None:
    for company in COMPANIES[:40]:
        shown = publish_by_size_alone(company, 5)
        known = derived_figures(published_table(company, shown, distributions=shown & (company.n % 2 > 0)))
        for group, figure in known.items():
            counts = company.stars[sorted(group)].sum(axis=0)
            assert figure.n == counts.sum()
            assert figure.lowest_sum <= counts @ np.arange(1, 6) <= figure.highest_sum
            assert figure.fewest <= counts[3:].sum() <= figure.most


@given(stars)
def test_whoever_all_think_alike_is_seen_exactly_where_the_rounding_hides_nothing(counts: list[int]) -> None:
    favourable = counts[3] + counts[4]
    figure = published_figure(counts, with_distribution=True)
    assert figure.must_be_unanimous == (favourable in (0, sum(counts)))
    if sum(counts) < 10:
        assert published_figure(counts).must_be_unanimous == figure.must_be_unanimous


def test_told_the_truth_the_first_attacker_sees_who_thinks_alike() -> None:
    team, rest = [0, 0, 0, 0, 6], [2, 2, 2, 2, 2]
    groups = [frozenset({0, 1}), frozenset({1})]
    assert unanimous_sets(groups, {0: team, 1: rest}) == {frozenset({0})}
    assert unanimous_sets(groups, {0: [1, 0, 0, 0, 5], 1: rest}) == set()
