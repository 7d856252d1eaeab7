"""Who holds which certificate: people by courses, and by teams in sums. Flat in people and courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import holds_on, teams_led_by
from tracker.organisation.queries import still_here
from tracker.training.certificate_models import Certificate
from tracker.training.certificate_policy import people_overseen_by, reads_all
from tracker.training.certificate_rules import AMBER_DAYS
from tracker.training.certificate_sentences import Standing, standing
from tracker.training.models import Assignment

Courses = Sequence[tuple[int, str]]
NO_TEAM = 0  # in addresses: people who are in no team today


@dataclass(frozen=True)
class Cell:
    """A course of somebody: how the certificate stands; without one, whether they were asked to do it."""

    course: str
    certificate_id: int | None = None
    standing: Standing | None = None
    is_asked: bool = False


@dataclass(frozen=True)
class Row:
    person: Person
    team: str | None
    cells: list[Cell]


@dataclass(frozen=True)
class Group:
    """A team in sums of certificates, each counted once; `team_id` NO_TEAM for people in none."""

    team_id: int
    name: str | None
    people: int
    valid: int
    ending: int
    lapsed: int


def teams_offered(viewer: Viewer) -> list[tuple[int, str]]:
    """(id, name) of the teams to choose from: those led, for HR all."""
    teams = select(Team).order_by(Team.name) if reads_all(viewer) else teams_led_by(viewer)
    return [(team_id, name) for team_id, name in db.session.execute(teams.with_only_columns(Team.id, Team.name))]


def people_listed(viewer: Viewer, team_id: int | None) -> Select[Person, str]:
    """Who is here today, by name, with the name of their team; of one team when one is chosen."""
    people = still_here(people_overseen_by(viewer), viewer.today).add_columns(Team.name)
    people = people.outerjoin(Membership, _today(viewer)).outerjoin(Team, Team.id == Membership.team_id)
    if team_id is None:
        return people
    return people.where(Membership.team_id == team_id if team_id != NO_TEAM else Membership.id.is_(None))


def rows_of(viewer: Viewer, people: Sequence[tuple[Person, str | None]], courses: Courses) -> list[Row]:
    """The cells of some people; two queries. Of several certificates of one course the one that nothing replaced counts."""
    ids, course_ids = [person.id for person, _team in people], [course_id for course_id, _title in courses]
    held = _held(ids, course_ids)
    asked = {(person_id, course_id) for person_id, course_id in db.session.execute(_asked(ids, course_ids))}
    return [
        Row(person, team, [_cell(viewer, title, held, asked, (person.id, course_id)) for course_id, title in courses])
        for person, team in people
    ]


def groups_of(viewer: Viewer, courses: Courses) -> list[Group]:
    """Every team with people in it, by name, who is in none last; two queries."""
    people = db.session.execute(
        people_listed(viewer, None)
        .order_by(None)
        .with_only_columns(Membership.team_id, Team.name, func.count(Person.id))
        .group_by(Membership.team_id, Team.name)
    ).all()
    rows = db.session.execute(_sums(viewer, [course_id for course_id, _title in courses]))
    sums = {team: (held - ending - lapsed, ending, lapsed) for team, held, ending, lapsed in rows}
    found = [Group(team or NO_TEAM, name, count, *sums.get(team, (0, 0, 0))) for team, name, count in people]
    return sorted(found, key=lambda group: (group.name is None, group.name or ""))


def _cell(
    viewer: Viewer,
    title: str,
    held: dict[tuple[int, int], Certificate],
    asked: set[tuple[int, int]],
    key: tuple[int, int],
) -> Cell:
    certificate = held.get(key)
    if certificate is None:
        return Cell(title, is_asked=key in asked)
    return Cell(title, certificate.id, standing(certificate, viewer.today), key in asked)


def _held(people: list[int], courses: list[int]) -> dict[tuple[int, int], Certificate]:
    theirs = (Certificate.person_id.in_(people), Certificate.course_id.in_(courses))
    statement = select(Certificate).where(*theirs, Certificate.renewed_by_id.is_(None)).order_by(Certificate.id)
    return {(found.person_id, found.course_id): found for found in db.session.scalars(statement)}


def _asked(people: list[int], courses: list[int]) -> Select[int, int]:
    """Open assignments; what somebody began by their own wish was asked of nobody."""
    theirs = (Assignment.person_id.in_(people), Assignment.course_id.in_(courses))
    return select(Assignment.person_id, Assignment.course_id).where(
        *theirs, Assignment.ended_at.is_(None), Assignment.why != "own"
    )


def _sums(viewer: Viewer, course_ids: list[int]) -> Select[int | None, int, int, int]:
    today = viewer.today
    amber = today + timedelta(days=AMBER_DAYS)
    lapsed = (Certificate.expires_on <= today) | (Certificate.ended_on <= today)
    ending = (Certificate.expires_on > today) & (Certificate.expires_on <= amber) & Certificate.ended_on.is_(None)
    people = still_here(people_overseen_by(viewer), today).order_by(None).with_only_columns(Person.id)
    return (
        select(Membership.team_id, func.count(), _count(ending), _count(lapsed))
        .select_from(Certificate)
        .outerjoin(Membership, and_(Membership.person_id == Certificate.person_id, *holds_on(Membership, today)))
        .where(
            Certificate.renewed_by_id.is_(None),
            Certificate.course_id.in_(course_ids),
            Certificate.person_id.in_(people),
        )
        .group_by(Membership.team_id)
    )


def _count(clause: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((clause, 1), else_=0))


def _today(viewer: Viewer) -> ColumnElement[bool]:
    return and_(Membership.person_id == Person.id, *holds_on(Membership, viewer.today))
