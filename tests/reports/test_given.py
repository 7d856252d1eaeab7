"""What customers were given on the spot, by group: counted once, hidden where few are behind it, the same by page, file and API."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, a_team, joins, leads
from tests.reports.companies import many_teams
from tests.reports.jobs import READ, all_worked_out
from tests.reports.test_engagement import kept, text_of
from tests.reports.test_ways_out import archive_of, book_of, tables_of_page, with_rows, written
from tracker.access.actions import set_roles
from tracker.api.actions import make_token
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.recovery.limit_actions import Chosen, choose_limit
from tracker.recovery.limit_models import Given
from tracker.recovery.models import RecoveryCase, RecoveryEntry
from tracker.reports import given_words
from tracker.reports.engagement_rules import settled, solved_with
from tracker.reports.engagement_share import share_of
from tracker.reports.given import given_on_the_spot
from tracker.reports.models import ReportFigures
from tracker.reports.periods import Year
from tracker.statistics.proportions import wilson

OCTOBER = Year(date(2026, 10, 1))
AT = datetime(2026, 10, 14, 9, tzinfo=UTC)
ADDRESS, OF_STAFF = "/reports/engagement", "Staff may give, KES"
GROUPS: dict[str, dict[str, Any]] = {"0": {"name": "All", "above": None, "team": None}}


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def a_case(by: Person | None, *gifts: dict[str, Any], at: datetime = AT, outcome: str = "solved") -> None:
    """Closed, with the last of the gifts at its end and those before with a contact; without any nothing was said."""
    by_id = by.id if by else None
    case = RecoveryCase(opened_at=at, opened_on=at.date(), closed_at=at, closed_by_id=by_id, outcome=outcome)
    db.session.add(case)
    db.session.flush()
    for number, gift in enumerate(gifts, start=1):
        kind = "closed" if number == len(gifts) else "contact"
        entry = RecoveryEntry(case_id=case.id, at=at, kind=kind, by_id=by_id)
        db.session.add(entry)
        db.session.flush()
        db.session.add(Given(entry_id=entry.id, case_id=case.id, by_id=by_id, **gift))


def refund(worth: int = 300, *, within: bool | None = True) -> dict[str, Any]:
    limit = None if within is None else 500
    return {"kind": "refund", "worth": worth, "currency": "KES", "own_limit": limit, "is_within": within}


NOTHING: dict[str, Any] = {"kind": "nothing"}


def team_of(parent: Team, people: int) -> tuple[Team, list[Person]]:
    team = a_team(parent=parent)
    found = [a_person() for _ in range(people)]
    for one in found:
        joins(one, team)
    return team, found


def counted(groups: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    db.session.rollback()
    return given_on_the_spot(OCTOBER, groups or GROUPS, otherwise="0")


def test_each_complaint_counts_once_for_whoever_closed_it(cast: Cast) -> None:
    with transaction():
        _team, people = team_of(cast.root, 5)
        for person in people:
            a_case(person, NOTHING)
            a_case(person, refund(), NOTHING)  # given with a contact, said again at the end
            a_case(person, refund(), refund(within=False))  # one of two was asked for
            a_case(person, refund(within=None))  # no limit was set
            a_case(person, refund(), outcome="unsolved")
            a_case(person)  # closed before anybody was asked what was given
    found = counted()
    assert found["closed"] == {"0": [5, 30]}
    assert found["said"] == {"0": [5, 25, 15]}
    assert found["known"] == {"0": [5, 15, 10]}


def test_what_does_not_count(cast: Cast) -> None:
    with transaction():
        _team, people = team_of(cast.root, 5)
        for person in people:
            a_case(person, NOTHING)
        a_case(people[0], refund(), at=datetime(2026, 11, 1, tzinfo=UTC))
        a_case(people[0], refund(), at=datetime(2025, 10, 31, 23, tzinfo=UTC))
        a_case(people[0], refund(), outcome="taken_back")
        a_case(None, outcome="not_reached")  # ended by itself
        a_case(people[0], NOTHING, at=datetime(2025, 11, 1, tzinfo=UTC))  # the year’s first moment
    assert counted()["closed"] == {"0": [5, 6]}


def test_fewer_than_five_people_are_hidden_in_each_part_by_itself(cast: Cast) -> None:
    with transaction():
        _team, people = team_of(cast.root, 6)
        for person in people:
            a_case(person)
        for person in people[:5]:
            a_case(person, NOTHING)
        for person in people[:4]:
            for _ in range(20):
                a_case(person, refund())
    found = counted()
    assert found["closed"]["0"] == [6, 91]
    assert found["said"]["0"] == [5, 85, 80]
    assert found["known"] == {}  # twenty complaints each, and still only four people
    with transaction():
        a_case(people[4], refund())
    assert counted()["known"] == {"0": [5, 81, 81]}


def test_a_small_group_hides_another_from_which_it_could_be_worked_out(cast: Cast) -> None:
    groups = dict(GROUPS)
    with transaction():
        for many in (6, 7, 2):
            team, people = team_of(cast.root, many)
            groups[str(team.id)] = {"name": team.name, "above": "0", "team": team.id}
            for person in people:
                a_case(person, refund())
    found = counted(groups)
    for part in ("closed", "said", "known"):
        assert len(found[part]) == 2  # the company and one of two
        assert found[part]["0"][:2] == [15, 15]
        (other,) = (counts for key, counts in found[part].items() if key != "0")
        assert 15 - other[0] >= 5


def test_whoever_leads_counts_where_they_lead_and_nobody_twice(cast: Cast) -> None:
    with transaction():
        team, people = team_of(cast.root, 4)
        other, _others = team_of(cast.root, 1)
        leader = a_person()
        joins(leader, other)
        leads(leader, team)
        for person in [*people, leader]:
            a_case(person, NOTHING)
    groups = {**GROUPS, str(team.id): {"name": "It", "above": "0", "team": team.id}}
    groups[str(other.id)] = {"name": "Other", "above": "0", "team": other.id}
    found = counted(groups)
    assert found["closed"] == {"0": [5, 5], str(team.id): [5, 5]}


def with_gifts(cast: Cast) -> tuple[Team, list[Person]]:
    made = many_teams(12, 3, lambda _team, _month: 3.5, lambda _team, _month: 0.0)
    with transaction():
        choose_limit(None, Chosen(500, 2000, "KES"), by=cast.chloe.id, at=AT - timedelta(days=30))
        team = db.session.get_one(Team, made.team_ids[3])
        people = [a_person() for _ in range(5)]
        for number, person in enumerate(people):
            joins(person, team)
            for place in range(4):
                a_case(person, refund(within=number > 0) if place else NOTHING)
        choose_limit(team, Chosen(800, None, "KES"), by=cast.chloe.id, at=AT)
    all_worked_out()
    return team, people


def test_page_file_and_api_say_the_same_with_n_and_range(app: Flask, cast: Cast, browse: Any) -> None:
    team, _people = with_gifts(cast)
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    low, high = wilson(12, 15)
    said = f"Of 15 with something given and a limit set, 80 % (likely {int(100 * low)} to {-int(-100 * high // 1)} %)"
    assert said in page
    assert "20 complaints were closed in the twelve months to October 2026." in page
    assert "not what it changes" in page
    (on_page,) = (rows for rows in tables_of_page(browse(cast.chloe).get(ADDRESS).text) if OF_STAFF in rows[0])
    assert next(row for row in on_page if row[0] == team.name)[-2:] == ["800", "2,000"]
    for kind, opened in (("xlsx", book_of), ("zip", archive_of)):
        with browse(cast.chloe).post(f"{ADDRESS}/files", {"file": kind}) as answer:
            sheets = opened(answer.data).values()
        (sheet,) = (rows for rows in sheets if any(OF_STAFF in row for row in rows))
        (table,) = with_rows([sheet])
        assert [table[0], *[[written(cell) for cell in row] for row in table[1:]]] == on_page
    with transaction():
        set_roles(db.session.merge(cast.chloe), {"admin", "hr"}, by=cast.ruth.id, at=READ)
        secret = make_token("board", ["reports:read"], expires_at=None, by=cast.chloe.id, at=READ)
    said_there = app.test_client().get("/api/v1/reports/engagement", headers={"Authorization": f"Bearer {secret}"}).json
    found = [table for section in said_there["sections"] for table in section["tables"]]
    (table,) = (table for table in found if OF_STAFF in table["headings"])
    assert [table["headings"], *[[written(cell) for cell in row] for row in table["rows"]]] == on_page
    assert any(said in one for section in said_there["sections"] for one in section["sentences"])


def test_who_leads_another_team_reads_nothing_from_which_theirs_could_be_taken(cast: Cast, browse: Any) -> None:
    team, _people = with_gifts(cast)
    with transaction():
        leads(db.session.get_one(Person, cast.dora.id), a_team())
    viewer = Viewer(cast.dora.id, "Dora", at=READ, today=READ.date(), manages=True)
    mine = share_of(viewer, kept())["given"]
    assert {part: list(mine[part]) for part in ("closed", "said", "known")} == {"closed": [], "said": [], "known": []}
    assert str(team.id) in kept()["given"]["limits"]
    assert str(team.id) not in mine["limits"]
    page = browse(cast.dora).get(ADDRESS).text
    assert "complaints were closed" not in text_of(page)
    assert "shown of groups you lead alone" in text_of(page)
    assert "fewer than five people closed complaints" not in text_of(page)  # of the company that would not be true
    assert "how the room to act is used" not in text_of(page)
    assert team.name not in page


def test_without_limits_or_gifts_nothing_of_it_stands_there(cast: Cast, browse: Any) -> None:
    many_teams(12, 3, lambda _team, _month: 3.5, lambda _team, _month: 0.0)
    all_worked_out()
    assert kept()["given"]["currency"] is None
    page = browse(cast.chloe).get(ADDRESS).text
    assert "on the spot" not in page
    with transaction():  # a month that was worked out before there were limits
        for row in db.session.scalars(select(ReportFigures).where(ReportFigures.kind == "engagement")):
            row.figures = {key: value for key, value in row.figures.items() if key != "given"}
    assert browse(cast.chloe).get(ADDRESS).status_code == 200


def figures_of(closed: int, said: tuple[int, int] | None, known: tuple[int, int] | None) -> dict[str, Any]:
    return {
        "months": ["2026-10-01"],
        "given": {
            "closed": {"0": [5, closed]} if closed else {},
            "said": {"0": [5, *said]} if said else {},
            "known": {"0": [5, *known]} if known else {},
            "limits": {"0": [None, None]},
            "currency": "KES",
        },
    }


PAIRS = st.none() | st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 500), PAIRS, PAIRS)
def test_no_figure_without_n_and_range(
    app: Flask, closed: int, said: tuple[int, int] | None, known: tuple[int, int] | None
) -> None:
    figures = figures_of(closed, said, known)
    with app.test_request_context():
        sentence = given_words.sentence(figures)
    for share in (solved_with(figures, "0"), settled(figures, "0")):
        if share is not None and closed:
            assert f"{share.percent} % (likely {share.low} to {share.high} %)" in sentence
            assert f" {share.n} " in sentence
            assert share.low is not None
            assert share.high is not None
            assert share.low <= share.percent <= share.high
    assert sentence.count("likely") == (sum(one is not None for one in (said, known)) if closed else 0)
    assert ("how the room to act is used" in sentence) == bool(closed)
