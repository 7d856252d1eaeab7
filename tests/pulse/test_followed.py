"""What is left of a group without the groups shown within it is not followed over rounds either, where somebody could guess from it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from tests.conftest import NOW, Cast
from tests.factories import a_person, a_team
from tests.pulse.company import OCTOBER, a_closed_round, grown
from tests.pulse.organisations import random_organisation
from tests.pulse.planning import a_plan_for
from tests.pulse.rounds import node_named
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Team
from tracker.pulse.followed import Part, everything, rest_of
from tracker.pulse.plan_jobs import follow_plans
from tracker.statistics.disclosure import publishable

TREE = {None: [1], 1: [2, 3, 4], 3: [5, 6]}


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def test_a_rest_is_what_no_shown_group_within_covers() -> None:
    assert everything(3, TREE) == {3, 5, 6}
    assert rest_of(1, TREE, {1: 30, 2: 12, 3: 11}) == Part(7, frozenset({1, 4}))
    assert rest_of(1, TREE, {1: 30, 2: 12, 5: 6}) == Part(12, frozenset({1, 3, 4, 6})), "3 is hidden, 5 within it shown"
    assert rest_of(1, TREE, {1: 30, 3: 30, 5: 6, 6: 24}) == Part(0, frozenset({1, 2, 4})), "5 and 6 lie within 3"
    assert rest_of(2, TREE, {1: 30, 2: 12}) == Part(12, frozenset({2})), "with nothing shown within it is the group"


def test_two_rests_together_are_never_few() -> None:
    """Why looking at each rest by itself is enough: whatever is worked out from one round is of whole rests."""
    rng = np.random.default_rng(7)
    for _ in range(60):
        made = random_organisation(rng)
        shown = publishable(made.parent, made.n, 5)
        beneath: dict[int | None, list[int]] = {}
        for node, above in enumerate(made.parent):
            beneath.setdefault(int(above), []).append(node)
        sizes = {int(node): int(made.n[node]) for node in np.flatnonzero(shown)}
        rests = [rest_of(node, beneath, sizes) for node in sizes]
        assert all(rest.n == 0 or rest.n >= 5 for rest in rests)
        assert sum(rest.n for rest in rests) == max(sizes.values(), default=0), (
            "they share nobody, and leave out nobody"
        )


def store_of(cast: Cast, *, directly: int) -> Team:
    """Tills and floor under the store are large; so many people are in the store itself, in no team of it."""
    grown(cast, tills=12, floor=12, corner=0)
    with transaction():
        store = db.session.get_one(Team, cast.tills.parent_id)
        for number in range(directly):
            a_person(f"Store {number}", team=store)
        return store


@pytest.mark.parametrize(
    ("directly", "joiners", "is_told"), [(6, 1, False), (6, 2, False), (6, 3, True), (11, 1, True)]
)
def test_a_change_is_not_told_where_what_is_left_could_be_followed(
    cast: Cast, browse: Any, directly: int, joiners: int, is_told: bool
) -> None:
    """The store has thirty answers, but without its tills and floor six: whoever knows who joined them could guess."""
    store = store_of(cast, directly=directly)
    a_closed_round(opens_at=OCTOBER)
    with transaction():
        for number in range(joiners):
            a_person(f"Zoe {number}", team=db.session.merge(store), since=date(2026, 10, 20))
    november = a_closed_round()
    assert tells_a_change(cast, browse, november, store.name) is is_told
    assert tells_a_change(cast, browse, november, cast.tills.name), "nobody came or went there"


def test_who_joins_a_group_that_is_shown_by_itself_hides_nothing(cast: Cast, browse: Any) -> None:
    store = store_of(cast, directly=6)
    a_closed_round(opens_at=OCTOBER)
    with transaction():
        a_person("Zoe", team=db.session.merge(cast.tills), since=date(2026, 10, 20))
    assert tells_a_change(cast, browse, a_closed_round(), store.name), "what is left of the store is the same"


def test_where_a_team_of_too_few_is_what_is_left(cast: Cast, browse: Any) -> None:
    """A hidden team, with who is in the store itself, is a rest like any other."""
    store = store_of(cast, directly=3)
    with transaction():
        corner = a_team("Corner", parent=db.session.merge(store))
        for number in range(4):
            a_person(f"Corner {number}", team=corner)
    a_closed_round(opens_at=OCTOBER)
    with transaction():
        a_person("Zoe", team=db.session.merge(corner), since=date(2026, 10, 20))
    assert not tells_a_change(cast, browse, a_closed_round(), store.name)


@pytest.mark.parametrize(("joiners", "is_told"), [(1, False), (3, True)])
def test_an_action_says_no_surer_that_its_figure_moved(cast: Cast, browse: Any, joiners: int, is_told: bool) -> None:
    store = store_of(cast, directly=6)
    october = a_closed_round(lambda _name, place: {"motivation_1": (1, 1, 2, 4)[place % 4]}, opens_at=OCTOBER)
    plan_id = a_plan_for(cast, october, store.name, "A second phone", at=OCTOBER + timedelta(days=8))
    with transaction():
        for number in range(joiners):
            a_person(f"Zoe {number}", team=db.session.merge(store), since=date(2026, 10, 20))
    a_closed_round(lambda _name, place: {"motivation_1": (5, 5, 4, 2)[place % 4]})
    follow_plans(NOW)
    text = browse(cast.chloe, at=NOW).get(f"/actions/{plan_id}").text
    assert "The measure moved" in text
    assert ("A clear change." in text) is is_told
    assert ("How sure that is can’t be told from what is shown." in text) is not is_told
    assert (text.count('class="ln"') > 0) is is_told


def test_a_group_of_one_small_team_is_that_team(cast: Cast, browse: Any) -> None:
    """Nothing is left of it without the team, yet its own change is the team's."""
    grown(cast, corner=0)
    with transaction():
        shop = a_team("Kisumu", parent=db.session.merge(cast.root))
        tills = a_team("Kisumu tills", parent=shop)
        for number in range(7):
            a_person(f"Kisumu {number}", team=tills)
    a_closed_round(opens_at=OCTOBER)
    with transaction():
        a_person("Zoe", team=db.session.merge(tills), since=date(2026, 10, 20))
    november = a_closed_round()
    for group in ("Kisumu", "Kisumu tills"):
        assert not tells_a_change(cast, browse, november, group)


def tells_a_change(cast: Cast, browse: Any, round_id: int, group: str) -> bool:
    """On the group's page: the sentence, and the line of the chart, which say the same."""
    text = browse(cast.chloe, at=NOW).get(f"/pulse/results/groups/{node_named(round_id, group)}").text
    is_told = " in Oct 2026: " in text
    assert ("No change since Oct 2026 is shown" in text) is not is_told
    assert (text.count('class="ln"') > 0) is is_told
    return is_told
