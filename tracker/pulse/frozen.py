"""Who was in which group when a round opened, worked out from dated memberships: nothing that says it outlives the close."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select

from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Tenure
from tracker.organisation.queries import the_organisation
from tracker.pulse.queries import Node


@dataclass(frozen=True)
class Opening:
    """The day on which a round opened, and its frozen tree by node id."""

    on: date
    nodes: Mapping[int, Node]


@dataclass(frozen=True)
class _Stay:
    """Somebody's time here and in one team (None: in no team at all); each `until` is the first day after it."""

    person_id: int
    here_since: date | None
    here_until: date | None
    team_id: int | None
    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        return _within(day, self.here_since, self.here_until) and _within(day, self.since, self.until)


def openings_of(opened: Iterable[tuple[datetime, Mapping[int, Node]]]) -> list[Opening]:
    """Of each round the moment it opened and its tree. One query."""
    company = the_organisation()
    zone = company.time_zone if company else "UTC"
    return [Opening(clock.local_day(opened_at, zone), nodes) for opened_at, nodes in opened]


def people_of(openings: Iterable[Opening], wanted: Iterable[frozenset[int]]) -> dict[frozenset[int], frozenset[int]]:
    """Who was asked in one of some nodes, for each such set of nodes. Two queries, however many are wanted; none for none."""
    sets = set(wanted)
    all_nodes = frozenset[int]().union(*sets)
    involved = [opening for opening in openings if not all_nodes.isdisjoint(opening.nodes)]
    at: dict[int, set[int]] = defaultdict(set)
    for _opening, person_id, node_id in _placed(involved, _of_teams(_teams_at(involved, all_nodes))):
        at[node_id].add(person_id)
    return {nodes: frozenset[int]().union(*(at[node_id] for node_id in nodes)) for nodes in sets}


def node_of_person(person_id: int, opening: Opening) -> int | None:
    """The group in which somebody was asked; None where they did not work here then."""
    placed = _placed([opening], Person.id == person_id)
    return next((node_id for _opening, _person_id, node_id in placed), None)


def upwards(nodes: Mapping[int, Node], node_id: int | None) -> Iterator[int]:
    """A group and everything above it, nearest first."""
    while node_id is not None:
        yield node_id
        node_id = nodes[node_id].parent_id


def _placed(openings: Collection[Opening], people: ColumnElement[bool] | None) -> Iterator[tuple[Opening, int, int]]:
    """Opening, person and node for everybody who was asked, as opening.py places them."""
    if not openings:
        return
    last = max(opening.on for opening in openings)
    stays, led = _stays(people, last), _led(people, last)
    for opening in openings:
        of_team = {node.team_id: node.id for node in opening.nodes.values()}
        top = next(node.id for node in opening.nodes.values() if node.parent_id is None)
        managers = next((node.id for node in opening.nodes.values() if node.kind == "managers"), top)
        of_team[None] = top
        at: dict[int, int] = {}
        for stay in stays:
            if stay.holds_on(opening.on):
                at[stay.person_id] = of_team.get(stay.team_id, top)
            elif _within(opening.on, stay.here_since, stay.here_until):
                at.setdefault(stay.person_id, top)  # between two teams, or not yet in the first
        for person_id, node_id in at.items():
            leads = any(_within(opening.on, *times) for times in led[person_id])
            yield opening, person_id, managers if leads else node_id


def _stays(people: ColumnElement[bool] | None, last: date) -> list[_Stay]:
    member = and_(Membership.person_id == Person.id, Membership.started_on <= last)
    statement = select(
        Person.id,
        Person.started_on,
        Person.ended_on,
        Membership.team_id,
        Membership.started_on,
        Membership.ended_on,
    ).outerjoin(Membership, member)
    found = db.session.execute(statement.where(people) if people is not None else statement)
    return [_Stay(*row) for row in found]


def _led(people: ColumnElement[bool] | None, last: date) -> dict[int, list[tuple[date, date | None]]]:
    """When each person managed a team."""
    statement = select(Tenure.person_id, Tenure.started_on, Tenure.ended_on).join(Person, Person.id == Tenure.person_id)
    statement = statement.where(Tenure.kind == "manager", Tenure.started_on <= last)
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for person_id, since, until in db.session.execute(statement.where(people) if people is not None else statement):
        found[person_id].append((since, until))
    return found


def _teams_at(openings: Collection[Opening], wanted: frozenset[int]) -> set[int] | None:
    """The teams whose people are needed; None for everybody, where the top or the managers are wanted."""
    nodes = [opening.nodes[node_id] for opening in openings for node_id in wanted.intersection(opening.nodes)]
    if any(node.parent_id is None or node.kind == "managers" for node in nodes):
        return None
    return {node.team_id for node in nodes if node.team_id is not None}


def _of_teams(teams: set[int] | None) -> ColumnElement[bool] | None:
    """People who were ever in one of them: with all their stays, since who came from elsewhere was elsewhere before."""
    if teams is None:
        return None
    return Person.id.in_(select(Membership.person_id).where(Membership.team_id.in_(sorted(teams))))


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or until > day)
