"""The matrix in SQL agrees with the matrix in words: on random organisations, list == {object : may(object)}."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import empty_database
from tests.factories import a_person, a_rating, a_team
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.organisation.models import Membership, Person, Tenure
from tracker.organisation.policy import allowed, cell, may
from tracker.ratings.models import Rating
from tracker.ratings.policy import ratings_seen_by

TODAY = date(2026, 11, 18)
AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
PEOPLE, TEAMS = 6, 3
DAYS = st.integers(-60, 20)
SPANS = st.tuples(DAYS, st.one_of(st.none(), st.integers(1, 60)))
ROLES = st.lists(st.sets(st.sampled_from(["hr", "admin"])), min_size=PEOPLE, max_size=PEOPLE)
MEMBERSHIPS = st.lists(
    st.tuples(st.integers(0, TEAMS - 1), st.integers(0, TEAMS - 1), st.integers(-50, 10)),
    min_size=PEOPLE,
    max_size=PEOPLE,
)
TENURES = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, TEAMS - 1), SPANS), max_size=8)
RATINGS = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(-55, 0)), max_size=8)


def relations(
    viewer: Person, roles: set[str], person: Person, spans: list[Membership], tenures: list[Tenure]
) -> set[str]:
    """The relations of the viewer to the person today, worked out the slow way."""
    if viewer.id == person.id:
        return {"self"}
    found = {"peer"} | {role for role in roles if role in {"hr", "admin"}}
    if since_when(viewer, person, spans, tenures) is not None:
        found.add("mgr_now")
    return found


def since_when(viewer: Person, person: Person, spans: list[Membership], tenures: list[Tenure]) -> date | None:
    """Since when the viewer leads the team the person is in; None when not today."""
    days = [
        max(tenure.started_on, span.started_on)
        for span in spans
        for tenure in tenures
        if span.person_id == person.id
        and tenure.person_id == viewer.id
        and tenure.team_id == span.team_id
        and holds(span)
        and holds(tenure)
    ]
    return min(days) if days and viewer.id != person.id else None


def holds(dated: Any) -> bool:
    return dated.started_on <= TODAY and (dated.ended_on is None or dated.ended_on > TODAY)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roles=ROLES, moves=MEMBERSHIPS, tenures=TENURES, ratings=RATINGS)
def test_scopes_equal_the_matrix(app: Flask, roles: Any, moves: Any, tenures: Any, ratings: Any) -> None:
    empty_database()
    db.session.remove()
    with transaction():
        db.session().expire_on_commit = False
        people, spans, led = an_organisation_of(roles, moves, tenures)
        answers = [a_rating(people[who], on=TODAY + timedelta(days=day)) for who, day in ratings]
        for number, viewer_person in enumerate(people):
            viewer = Viewer(viewer_person.id, viewer_person.name, at=AT, today=TODAY, roles=frozenset(roles[number]))
            seen = {person.id: relations(viewer_person, roles[number], person, spans, led) for person in people}
            for action in (
                "score.read",
                "alert.read",
                "user.read_directory",
                "person.edit",
                "user.edit_roles",
                "privacy.export",
            ):
                expected = {id for id, held in seen.items() if any(cell(action, relation) == "A" for relation in held)}
                listed = set(db.session.scalars(select(Person.id).where(allowed(action, viewer, Person.id))))
                assert listed == expected, (action, number)
                assert {person.id for person in people if may(action, viewer, person.id)} == expected
            since = {person.id: since_when(viewer_person, person, spans, led) for person in people}
            since[viewer_person.id] = date.min
            readable = {
                rating.id for rating in answers if (start := since[rating.person_id]) and start <= rating.rated_on
            }
            assert set(db.session.scalars(ratings_seen_by(viewer).with_only_columns(Rating.id))) == readable


def an_organisation_of(roles: Any, moves: Any, tenures: Any) -> tuple[list[Person], list[Membership], list[Tenure]]:
    """Everybody is in a first team and moves to a second one on a day; tenures may overlap and lie in the future."""
    teams = [a_team() for _ in range(TEAMS)]
    people = [a_person(roles=sorted(held)) for held in roles]
    spans: list[Membership] = []
    for person, (first, second, day) in zip(people, moves, strict=True):
        moved_on = TODAY + timedelta(days=day)
        spans.append(
            Membership(person_id=person.id, team_id=teams[first].id, started_on=date(2020, 1, 1), ended_on=moved_on)
        )
        spans.append(Membership(person_id=person.id, team_id=teams[second].id, started_on=moved_on))
    led = [
        Tenure(
            person_id=people[who].id,
            team_id=teams[team].id,
            kind="deputy",
            started_on=TODAY + timedelta(days=start),
            ended_on=None if length is None else TODAY + timedelta(days=start + length),
        )
        for who, team, (start, length) in tenures
    ]
    db.session.add_all([*spans, *led])
    db.session.flush()
    return people, spans, led


def test_an_action_that_nobody_put_into_the_matrix_is_denied(app: Flask) -> None:
    with transaction():
        person = a_person()
        viewer = Viewer(person.id, person.name, at=AT, today=TODAY, roles=frozenset({"hr", "admin"}))
        assert not may("nobody.wrote_this", viewer, person.id)


def test_no_union_of_roles_reads_a_pulse_answer(app: Flask) -> None:
    assert {
        cell("pulse_answer.read", relation)
        for relation in ("self", "mgr_now", "mgr_then", "skip", "peer", "assignee", "hr", "admin", "anon", "token")
    } == {"D"}
