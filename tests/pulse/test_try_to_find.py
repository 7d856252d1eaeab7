"""“Try to find me”: the smallest set in which somebody’s answers lie, held against exact row reduction over all published groups."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW, Cast
from tests.pulse.company import KEYS, NOVEMBER, a_closed_round, grown
from tests.pulse.rounds import node_named
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.actions import move_person
from tracker.organisation.models import Person
from tracker.pulse.queries import published_sizes
from tracker.pulse.try_to_find import remainder
from tracker.statistics.disclosure import publishable

SENTENCE = "the smallest group that your answers can be narrowed to is "


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def _tree(random: Random, size: int) -> tuple[list[int], list[int]]:
    """parent, and how many answered in each node alone; the first is the top."""
    parent = [-1, *(random.randrange(node) for node in range(1, size))]
    return parent, [random.choice([0, 0, 1, 2, 3, 4, 6, 9]) for _node in range(size)]


def _beneath(parent: list[int], node: int) -> list[int]:
    """Nodes in the subtree of a node."""

    def lies_in(other: int) -> bool:
        while other >= 0 and other != node:
            other = parent[other]
        return other == node

    return [other for other in range(len(parent)) if lies_in(other)]


def _spans(rows: list[list[int]], wanted: list[int]) -> bool:
    """Whether a vector is a sum of the rows: exact, by fractions."""
    return _rank(rows) == _rank([*rows, wanted])


def _rank(rows: list[list[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((at for at in range(rank, len(left)) if left[at][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for at in range(len(left)):
            if at != rank and left[at][column]:
                factor = left[at][column] / left[rank][column]
                left[at] = [mine - factor * other for mine, other in zip(left[at], left[rank], strict=True)]
        rank += 1
    return rank


def _smallest_by_row_reduction(parent: list[int], own_n: list[int], shown: list[int], person: int) -> int | None:
    """Of all sets of answering nodes that hold the person’s and that some sum of published rows gives, the fewest answers.

    Answers of one node cannot be told apart, so a column for each node that answered is enough."""
    nodes = [node for node in range(len(parent)) if own_n[node]]
    if person not in nodes:
        return None
    rows = [[int(node in set(_beneath(parent, group))) for node in nodes] for group in shown]
    others = [node for node in nodes if node != person]
    sizes = [
        own_n[person] + sum(own_n[node] for node in chosen)
        for count in range(len(others) + 1)
        for chosen in combinations(others, count)
        if rows and _spans(rows, [int(node == person or node in chosen) for node in nodes])
    ]
    return min(sizes, default=None)


@pytest.mark.parametrize("seed", range(40))
def test_the_remainder_is_what_exact_row_reduction_finds(seed: int) -> None:
    random = Random(seed)
    parent, own_n = _tree(random, 8)
    n = [sum(own_n[node] for node in _beneath(parent, group)) for group in range(len(parent))]
    # Half of the trees as they are really published, half with anything shown: the arithmetic must be right for both.
    chosen = publishable(parent, n, 5) if seed % 2 else [random.random() < 0.5 for _node in parent]
    shown = [node for node in range(len(parent)) if chosen[node] and n[node]]
    above = {node: None if parent[node] < 0 else parent[node] for node in range(len(parent))}
    for person in (node for node in range(len(parent)) if own_n[node]):
        found = remainder(above, {node: n[node] for node in shown}, person)
        expected = _smallest_by_row_reduction(parent, own_n, shown, person)
        assert (found.left if found else None) == expected
        if seed % 2 and expected is not None:
            assert expected >= 5


def test_the_page_says_the_smallest_group_and_how_it_comes_about(cast: Cast, browse: Any) -> None:
    """The corner is hidden: with the floor, which was hidden so that the corner cannot be worked out, it is a rest of the store."""
    grown(cast)
    round_id = a_closed_round()
    sizes = published_sizes([round_id])[round_id][KEYS[0]]
    store, tills = (sizes[node_named(round_id, name)] for name in ("Nairobi Central", cast.tills.name))
    with transaction():
        corner = db.session.scalars(select(Person).where(Person.name == "Corner 000")).one()
    text = browse(corner, at=NOW).get(f"/pulse/results/{round_id}/find-me").text
    assert f"{SENTENCE}{store - tills}." in text
    assert "Repairs corner is hidden" in text
    assert f"Nairobi Central: {store} answers" in text
    assert f"{tills} answers can be taken off" in text
    own = browse(cast.amina, at=NOW).get(f"/pulse/results/{round_id}/find-me").text
    assert f"{SENTENCE}{tills}." in own


def test_it_goes_by_the_team_at_the_opening(cast: Cast, browse: Any) -> None:
    corner = grown(cast)
    round_id = a_closed_round()
    before = browse(cast.amina, at=NOW).get(f"/pulse/results/{round_id}/find-me").text
    with transaction():
        amina = db.session.get_one(Person, cast.amina.id)
        move_person(amina, db.session.merge(corner), since=date(2026, 11, 10), by=None, at=NOVEMBER)
    after = browse(cast.amina, at=NOW).get(f"/pulse/results/{round_id}/find-me").text
    said = [text.split(SENTENCE)[1].split(".")[0] for text in (before, after)]
    assert said[0] == said[1]
    assert f"You were asked in {cast.tills.name}" in after


def test_leaders_are_looked_for_among_the_managers(cast: Cast, browse: Any) -> None:
    grown(cast)
    round_id = a_closed_round()
    assert "You were asked in Managers" in browse(cast.brian, at=NOW).get(f"/pulse/results/{round_id}/find-me").text


def test_who_came_later_was_not_asked(cast: Cast, browse: Any) -> None:
    grown(cast)
    round_id = a_closed_round()
    with transaction():
        db.session.get_one(Person, cast.kevin.id).started_on = date(2026, 11, 12)
    assert (
        "You weren’t asked in this round" in browse(cast.kevin, at=NOW).get(f"/pulse/results/{round_id}/find-me").text
    )


def test_nothing_is_kept_of_it(cast: Cast, browse: Any) -> None:
    grown(cast)
    round_id = a_closed_round()
    browser = browse(cast.amina, at=NOW)
    counts = [select(func.count()).select_from(table) for table in db.metadata.sorted_tables]
    before = [db.session.scalar(count) for count in counts]
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    answer = browser.get(f"/pulse/results/{round_id}/find-me")
    assert answer.status_code == 200
    assert [db.session.scalar(count) for count in counts] == before
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries
