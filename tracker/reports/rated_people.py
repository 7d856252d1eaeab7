"""Of which groups customers’ figures may be spoken: of five people or more whose service it was, and none from which fewer could be
worked out. Decided over the whole frozen tree, whoever reads, so that no two readers’ shares can be put together."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from tracker.core.db import db
from tracker.pulse.queries import Node
from tracker.ratings.models import Rating, Touchpoint
from tracker.ratings.month_models import TeamMonthPeople
from tracker.ratings.months import teams_of_people_in_several
from tracker.reports.group_sums import tells_of_few
from tracker.reports.periods import Period
from tracker.reports.rated import credited_in
from tracker.statistics.disclosure import SMALLEST_GROUP, publishable

Team = TypeVar("Team", int, int | None)
Places = Iterable[tuple[int | None, int]]  # team of the time, person


@dataclass(frozen=True)
class Spoken:
    """At one stage: the nodes of a round of which customers’ figures may be shown, and how many people were rated in every node."""

    nodes: frozenset[int]
    people: Mapping[int, int]


def groups_spoken_of(nodes: Mapping[int, Node], *, stages: Collection[str], period: Period) -> Mapping[str, Spoken]:
    """By stage. Managers are held against the whole company, and are shown with it. One query."""
    rated: dict[str, set[tuple[int | None, int]]] = defaultdict(set)
    columns = (Touchpoint.stage, Rating.team_id, Rating.person_id)
    rows = select(*columns).join(Touchpoint, Rating.touchpoint_id == Touchpoint.id)
    rows = rows.where(*credited_in(period), Touchpoint.stage.in_(stages))
    for stage, team, person in db.session.execute(rows.distinct()):
        rated[stage].add((team, person or 0))
    return {stage: spoken_of(nodes, rated[stage]) for stage in stages}


def spoken_to(spoken: Spoken, nodes: Mapping[int, Node], led: Collection[int]) -> frozenset[int]:
    """The nodes whose figures may be shown to whoever leads these teams: they know of each one there, so what else is in a group above
    must be of five people, too."""
    known = [node for node in nodes.values() if node.team_id in led]
    tops = {node.id for node in known if not any(nodes[one].team_id in led for one in ways_up(node, nodes)[1:])}
    beneath: dict[int, list[int]] = defaultdict(list)
    for top in tops:
        for above in ways_up(nodes[top], nodes)[1:]:
            beneath[above].append(top)
    hidden = {node for node, within in beneath.items() if tells_of_few(spoken.people, node, within)}
    if _top(nodes) in hidden:
        hidden |= {node.id for node in nodes.values() if node.kind == "managers"}
    return spoken.nodes - hidden


def ways_up(node: Node, nodes: Mapping[int, Node]) -> list[int]:
    """The node and all above it."""
    way = [node.id]
    while (above := nodes[way[-1]].parent_id) is not None:
        way.append(above)
    return way


def spoken_of(nodes: Mapping[int, Node], rated: Places) -> Spoken:
    people = _people_beneath(nodes, once_each(rated))
    place = {node_id: at for at, node_id in enumerate(nodes)}
    parent = [-1 if node.parent_id is None else place[node.parent_id] for node in nodes.values()]
    shown = publishable(parent, [people[node_id] for node_id in nodes], SMALLEST_GROUP)
    found = {node_id for node_id, at in place.items() if shown[at]}
    if _top(nodes) in found:
        found |= {node.id for node in nodes.values() if node.kind == "managers"}
    return Spoken(frozenset(found), people)


def _people_beneath(nodes: Mapping[int, Node], rated: Mapping[int | None, int]) -> dict[int, int]:
    """Node -> people of its team and all beneath; at the top also those of teams that the round had not."""
    node_of: dict[int | None, int] = {node.team_id: node.id for node in nodes.values() if node.team_id is not None}
    people = dict.fromkeys(nodes, 0)
    for team, count in rated.items():
        at: int | None = node_of.get(team, _top(nodes))
        while at is not None:
            people[at] += count
            at = nodes[at].parent_id
    return people


def _top(nodes: Mapping[int, Node]) -> int:
    return next(node.id for node in nodes.values() if node.parent_id is None)


def once_each(rated: Places) -> Mapping[int | None, int]:
    """Team -> people. Somebody who was rated in several teams counts in the largest of them alone: whoever counts twice would make
    five of four."""
    pairs = set(rated)
    sizes = Counter(team for team, _person in pairs)
    return sizes - Counter(_again(pairs, sizes))


def people_once(month: date) -> Mapping[int, int]:
    """Team -> people whose ratings of the month count, each in one team. Two queries."""
    rows = select(TeamMonthPeople.team_id, TeamMonthPeople.people).where(TeamMonthPeople.month == month)
    people = Counter({int(team): int(many) for team, many in db.session.execute(rows)})
    several = {(team, person) for person, team in teams_of_people_in_several(month)}
    return people - Counter(_again(several, people))


def _again(pairs: Collection[tuple[Team, int]], sizes: Mapping[Team, int]) -> Iterator[Team]:
    """The teams in which somebody is counted who counts in a larger one."""
    seen = set()
    for team, person in sorted(pairs, key=lambda pair: (-sizes[pair[0]], pair[0] or 0, pair[1])):
        if person in seen:
            yield team
        seen.add(person)
