"""Reading what the pages of people, teams and settings show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.organisation.models import Holiday, Membership, Person, Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import still_here, team_tree


def in_teams(statement: Select[Any], team_ids: Iterable[int]) -> Select[Any]:
    return statement.where(Team.id.in_(set(team_ids)))


def memberships_of(person_id: int) -> list[Membership]:
    """A person's teams, the latest first, each with its team."""
    return list(
        db.session.scalars(
            select(Membership)
            .options(joinedload(Membership.team))
            .where(Membership.person_id == person_id)
            .order_by(Membership.started_on.desc())
        )
    )


def tenures_of(person_id: int) -> list[Tenure]:
    """What a person leads or led, the latest first, each with its team."""
    return list(
        db.session.scalars(
            select(Tenure)
            .options(joinedload(Tenure.team))
            .where(Tenure.person_id == person_id)
            .order_by(Tenure.started_on.desc(), Tenure.id.desc())
        )
    )


def tenures_in(team_id: int) -> list[Tenure]:
    """Who leads or led a team, the latest first, each with the person."""
    return list(
        db.session.scalars(
            select(Tenure)
            .options(joinedload(Tenure.person))
            .where(Tenure.team_id == team_id)
            .order_by(Tenure.started_on.desc(), Tenure.id.desc())
        )
    )


@dataclass(frozen=True)
class TeamNode:
    """A team of the tree with what the list shows: who leads it today, and how many are in it and beneath it."""

    team: Team
    manager: Person | None
    people: int
    people_with_beneath: int
    children: list["TeamNode"]


def team_forest(day: date) -> list[TeamNode]:
    """All teams as trees, by name; three queries whatever their number. A team in a circle would stand at the top."""
    tree = team_tree()
    counts = dict(
        db.session.execute(
            select(Membership.team_id, func.count()).where(*holds_on(Membership, day)).group_by(Membership.team_id)
        ).all()
    )
    leading = select(Tenure.team_id, Person).join(Person, Person.id == Tenure.person_id)
    managers = dict(db.session.execute(leading.where(Tenure.kind == "manager", *holds_on(Tenure, day))).all())
    children: dict[int | None, list[Team]] = defaultdict(list)
    for team in sorted(tree.teams.values(), key=lambda team: team.name.casefold()):
        children[team.parent_id].append(team)

    def node(team: Team) -> TeamNode:
        below = [node(child) for child in children[team.id]]
        own = counts.get(team.id, 0)
        return TeamNode(team, managers.get(team.id), own, own + sum(n.people_with_beneath for n in below), below)

    return [node(team) for team in children[None]]


def person_named(text: str, day: date) -> list[Person]:
    """Who works here and has this staff number (then nobody else is meant) or exactly this name."""
    typed = text.strip()
    by_number = db.session.scalar(
        select(Person).where(or_(Person.staff_number == typed, Person.staff_number == typed.upper()))
    )
    if by_number:
        return [by_number]
    return list(db.session.scalars(still_here(select(Person).where(func.lower(Person.name) == typed.lower()), day)))


def suggested_people(day: date, *, limit: int = 300) -> list[Person]:
    """People to offer while somebody types a number; a company larger than that types the number itself."""
    return list(db.session.scalars(still_here(select(Person), day).order_by(Person.name, Person.id).limit(limit)))


def holidays_in(year: int, team_ids: Iterable[int | None]) -> list[Holiday]:
    """The holidays of a year of these teams (None: the company's own), by day."""
    wanted = set(team_ids)
    whose = [Holiday.team_id.in_(wanted - {None})] + ([Holiday.team_id.is_(None)] if None in wanted else [])
    within = (Holiday.on >= date(year, 1, 1), Holiday.on <= date(year, 12, 31))
    return list(db.session.scalars(select(Holiday).where(*within, or_(*whose)).order_by(Holiday.on, Holiday.id)))
