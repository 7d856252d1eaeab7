"""Of which groups customers' figures may be spoken: of five people or more whose service it was, and none from which fewer could be
worked out. Decided over the whole frozen tree, whoever reads, so that no two readers' shares can be put together."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

import numpy as np
from sqlalchemy import select

from tracker.core.db import db
from tracker.pulse.queries import Node
from tracker.ratings.models import Rating, Touchpoint
from tracker.reports.customers import credited_in
from tracker.reports.protection import SMALLEST_GROUP
from tracker.reports.rules import Period
from tracker.statistics.disclosure import publishable

Places = Iterable[tuple[int | None, int]]  # team of the time, person


def groups_spoken_of(
    nodes: Mapping[int, Node], *, stages: Collection[str], period: Period
) -> Mapping[str, frozenset[int]]:
    """Stage -> the nodes of a round of which customers' figures may be shown; of managers those of the whole company. One query."""
    rated: dict[str, set[tuple[int | None, int]]] = defaultdict(set)
    columns = (Touchpoint.stage, Rating.team_id, Rating.person_id)
    rows = select(*columns).join(Touchpoint, Rating.touchpoint_id == Touchpoint.id).where(*credited_in(stages, period))
    for stage, team, person in db.session.execute(rows.distinct()):
        rated[stage].add((team, person or 0))
    return {stage: _spoken_of(nodes, rated[stage]) for stage in stages}


def _spoken_of(nodes: Mapping[int, Node], rated: Places) -> frozenset[int]:
    ids = list(nodes)
    place = {node_id: at for at, node_id in enumerate(ids)}
    parent = [place.get(node.parent_id, -1) if node.parent_id is not None else -1 for node in nodes.values()]
    node_of: dict[int | None, int] = {node.team_id: place[id] for id, node in nodes.items() if node.team_id is not None}
    top = parent.index(-1)  # the whole company: also of teams that the round had not
    people = np.zeros(len(ids), dtype=np.int64)
    for team, count in once_each(rated).items():
        at = node_of.get(team, top)
        while at >= 0:
            people[at] += count
            at = parent[at]
    shown = publishable(parent, people, SMALLEST_GROUP)
    managers = {id for id, node in nodes.items() if node.kind == "managers" and shown[top]}
    return frozenset({id for id, at in place.items() if shown[at]} | managers)


def once_each(rated: Places) -> Mapping[int | None, int]:
    """Team -> people. Somebody who was rated in several teams counts in the largest of them alone: whoever counts twice would make
    five of four."""
    pairs = sorted(set(rated), key=lambda pair: (pair[1], pair[0] or 0))
    sizes = Counter(team for team, _person in pairs)
    main: dict[int, int | None] = {}
    for team, person in pairs:
        if person not in main or sizes[team] > sizes[main[person]]:
            main[person] = team
    return Counter(main.values())
