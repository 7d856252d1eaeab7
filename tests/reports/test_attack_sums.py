"""Somebody patient reads all months, groups and changes, moves small teams about meanwhile, and adds and subtracts: nothing comes out
that fewer than five people stand behind. What is read is what page, file, program and mail are made from.

Team number i has 2 to the power of i ratings a month, so that a number of ratings says of which teams it is.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from werkzeug.exceptions import NotFound

from tests.conftest import Cast
from tests.factories import a_rating, a_team, leads
from tests.pulse.attacker import small_sets
from tests.reports.companies import LAST, a_check, month_end, months_until
from tests.reports.jobs import READ
from tracker.access.queries import viewer_of_person
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team, Tenure
from tracker.pulse.queries import Node
from tracker.ratings.month_models import FoldedMonth, TeamMonth, TeamMonthPeople
from tracker.reports.figures import kept_of
from tracker.reports.jobs import RENEWED_AFTER, work_out
from tracker.reports.known import contents_for, known
from tracker.reports.rated_people import once_each, people_once, spoken_of, spoken_to, ways_up
from tracker.reports.sections import Table

K = 5
MONTHS = months_until(LAST, 3)
Cell = int  # team number and month in one
Random = np.random.Generator


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


class Company:
    """Random teams beneath one another, some of them of nobody, with people and ratings in each month."""

    def __init__(self, cast: Cast, rng: Random) -> None:
        self.teams, self.rng, self.people = [cast.root.id], rng, {}
        for number in range(1, int(rng.integers(6, 10))):
            above = db.session.get_one(Team, self.teams[int(rng.integers(0, number))])
            self.teams.append(a_team(f"Group {number}", parent=above).id)
        for place in range(len(self.teams)):
            self._rated(place)
        a_check(month_end(LAST), READ - timedelta(days=2))
        db.session.add_all(FoldedMonth(month=month, version=1, checked_at=READ) for month in MONTHS)

    def _rated(self, place: int) -> None:
        for at, month in enumerate(MONTHS):
            self.people[self.cell(place, at)] = people = int(self.rng.choice([0, 1, 2, 3, 4, 5, 6, 9]))
            if people:
                were_rated(month, self.teams[place], people, 2**place, happy=int(self.rng.integers(0, 2**place + 1)))

    @staticmethod
    def cell(place: int, month: int) -> Cell:
        return place * len(MONTHS) + month

    def cells(self, ratings: int, month: int) -> frozenset[Cell]:
        every = (self.cell(place, month) for place in range(len(self.teams)) if ratings >> place & 1)
        return frozenset(cell for cell in every if self.people[cell])

    def moves_a_team(self) -> None:
        """Somewhere else in the tree, but not beneath itself; as HR may."""
        place = int(self.rng.integers(1, len(self.teams)))
        parents = {team.id: team.parent_id for team in db.session.scalars(select(Team))}
        free = [one for one in self.teams if not self._is_within(one, self.teams[place], parents)]
        db.session.get_one(Team, self.teams[place]).parent_id = free[int(self.rng.integers(0, len(free)))]

    def cells_led_by(self, person_id: int) -> set[Cell]:
        parents = {team.id: team.parent_id for team in db.session.scalars(select(Team))}
        led = set(db.session.scalars(select(Tenure.team_id).where(Tenure.person_id == person_id)))
        mine = [
            place for place, team in enumerate(self.teams) if any(self._is_within(team, top, parents) for top in led)
        ]
        return {self.cell(place, month) for place in mine for month in range(len(MONTHS))}

    def _is_within(self, team: int | None, top: int, parents: Mapping[int, int | None]) -> bool:
        while team is not None and team != top:
            team = parents[team]
        return team == top


def were_rated(month: date, team_id: int, people: int, ratings: int, *, happy: int) -> None:
    key = {"month": month, "team_id": team_id}
    stars = {"n1": ratings - happy, "n2": 0, "n3": 0, "n4": 0, "n5": happy, "expected": 4.0 * ratings}
    db.session.execute(insert(TeamMonth), [{**key, "touchpoint_id": 1, "channel_id": 1, **stars}])
    db.session.execute(insert(TeamMonthPeople), [{**key, "people": people}])


def read(company: Company, person: Person, at: datetime) -> set[frozenset[Cell]]:
    """The groups of cells that stand in any month at any address. What is compared with stands in its own month as well."""
    viewer = viewer_of_person(person.id, at=at)
    assert viewer is not None
    shown: dict[int, dict[str, tuple[int, int]]] = {}
    for month, day in enumerate(MONTHS):
        shown[month] = {}
        changed: dict[str, int] = {}
        for team in [None, *company.teams]:
            where = {"month": f"{day:%Y-%m}"} | ({"team": str(team)} if team is not None else {})
            with suppress(NotFound):  # a team that this reader does not find
                tables = tables_of(viewer, where)
                shown[month] |= {row[0]: (row[-4], row[-1]) for row in tables[INPUTS].rows if row[-1] is not None}  # type: ignore[misc]
                changed |= {row[0]: row[2] for row in tables[MOVED].rows if str(row[1]).startswith("Happy customers")}  # type: ignore[misc]
        for name, points in changed.items():
            assert abs(shown[month][name][0] - shown[month - 1][name][0] - points) <= 1
    return {company.cells(n, month) for month, of_group in shown.items() for _percent, n in of_group.values()}


INPUTS, MOVED = "Three inputs beside what customers say", "What changed"


def tables_of(viewer: Viewer, where: dict[str, str]) -> Mapping[str, Table]:
    return {table.title: table for _chapter, table in contents_for(known("engagement"), viewer, where).tables()}


def made(cast: Cast, seed: int) -> Company:
    with transaction():
        company = Company(cast, np.random.default_rng(seed))
    renewed(READ)
    return company


def renewed(at: Any) -> None:
    while work_out(at):
        pass


@pytest.mark.parametrize("seed", range(6))
def test_adding_and_subtracting_months_groups_and_trees_gives_nobody_away(app: Flask, cast: Cast, seed: int) -> None:
    company = made(cast, seed)
    with app.test_request_context():
        found, at = read(company, cast.chloe, READ), READ
        assert found or seed, "with hidden groups alone this would hold for nothing"
        for _day in range(3):
            with transaction():
                company.moves_a_team()
            at += RENEWED_AFTER
            renewed(at)
            found |= read(company, cast.chloe, at)
    assert small_sets(found, company.people, K) == set()


@pytest.mark.parametrize("seed", range(8))
def test_who_knows_their_own_people_learns_of_no_few_others(app: Flask, cast: Cast, seed: int) -> None:
    company = made(cast, 100 + seed)
    rng = np.random.default_rng(seed)
    with transaction():
        for place in rng.choice(np.arange(1, len(company.teams)), 2, replace=False):
            leads(db.session.get_one(Person, cast.dora.id), db.session.get_one(Team, company.teams[int(place)]))
    own = {cell for cell in company.cells_led_by(cast.dora.id) if company.people[cell]}
    with app.test_request_context():
        found = read(company, cast.dora, READ)
    rest = {group - own for group in found} - {frozenset()}
    assert small_sets(rest, company.people, K) == set()


def test_a_month_keeps_the_tree_it_was_worked_out_with_and_the_names_of_today(cast: Cast) -> None:
    """Of two teams together, one of them of two people, nothing is left over when the small one is moved away."""
    with transaction():
        both = a_team("Both", parent=cast.root)
        large, small = a_team("Large", parent=both), a_team("Small", parent=both)
        a_check(month_end(LAST), READ - timedelta(days=2))
        db.session.add(FoldedMonth(month=LAST, version=1, checked_at=READ))
        for team, people, ratings in ((large, 6, 60), (small, 2, 7)):
            were_rated(LAST, team.id, people, ratings, happy=5)
    renewed(READ)
    assert shown_now() == {"Zawadora": 67, "Both": 67}
    with transaction():
        db.session.get_one(Team, small.id).parent_id = cast.root.id
        db.session.get_one(Team, both.id).name = "Large and small"
    renewed(READ + RENEWED_AFTER)
    assert shown_now() == {"Zawadora": 67, "Large and small": 67}


def shown_now() -> dict[str, int]:
    figures = kept_of([LAST], ["engagement"])[LAST, "engagement"].figures
    return {figures["groups"][key]["name"]: sums["n"] for key, sums in figures["stars"].items()}


def test_a_change_is_told_of_no_month_in_which_few_were_rated(app: Flask, cast: Cast) -> None:
    with transaction():
        team = a_team("Grown", parent=cast.root)
        a_check(month_end(LAST), READ - timedelta(days=2))
        for month, people, happy in zip(MONTHS, (6, 1, 6), (30, 3, 30), strict=True):
            db.session.add(FoldedMonth(month=month, version=1, checked_at=READ))
            were_rated(month, team.id, people, 40, happy=happy)
    renewed(READ)
    viewer = viewer_of_person(cast.chloe.id, at=READ)
    assert viewer is not None
    with app.test_request_context():
        tables = tables_of(viewer, {})
    assert [row[-1] for row in tables[INPUTS].rows if row[0] == "Zawadora"] == [40]
    assert tables[MOVED].rows == [], "from 3 of 40, all of them one person’s, to 30"


def test_four_people_of_two_teams_are_not_eight(cast: Cast) -> None:
    with transaction():
        for person in (cast.amina, cast.kevin, cast.brian, cast.dora):
            for team in (cast.tills, cast.floor):
                a_rating(person, 5, on=LAST).team_id = team.id
        for team in (cast.tills, cast.floor):
            db.session.add(TeamMonthPeople(month=LAST, team_id=team.id, people=4))
    assert people_once(LAST) == {cast.tills.id: 4}


TREES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=9)
MOVERS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3)
LED = st.sets(st.integers(0, 9), max_size=3)


@settings(max_examples=300, deadline=None)
@given(tree=TREES, movers=MOVERS, led=LED)
def test_of_a_stage_nothing_is_left_over_of_few_people_for_anybody(
    tree: list[tuple[int, int]], movers: list[tuple[int, int]], led: set[int]
) -> None:
    """tree: of each group the one above it, and how many were rated there; movers: teams in which somebody else was rated."""
    nodes = {
        id: Node(id, min(above, id - 1) if id else None, 100 + id, "team", str(id))
        for id, (above, _people) in enumerate(tree)
    }
    rated: set[tuple[int | None, int]] = {
        (100 + id, 10 * id + one) for id, (_, many) in enumerate(tree) for one in range(many)
    }
    rated |= {(100 + team, 1000 + number) for number, pair in enumerate(movers) for team in pair if team in nodes}
    people = {(team or 0) - 100: many for team, many in once_each(rated).items()}
    spoken = spoken_of(nodes, rated)
    cells = {id: frozenset(one for one in people if id in ways_up(nodes[one], nodes)) for id in nodes}
    assert small_sets({cells[id] for id in spoken.nodes}, people, K) == set()
    mine = {
        one
        for one in nodes
        if {nodes[above].team_id for above in ways_up(nodes[one], nodes)} & {100 + id for id in led}
    }
    told = spoken_to(spoken, nodes, {100 + id for id in mine})
    rest = {cells[id] - mine for id in told} - {frozenset()}
    for group in rest:
        assert sum(people[cell] for cell in group) >= K
