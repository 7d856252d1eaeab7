"""Sums of teams carried up the tree of groups, and which of them may be shown (SECURITY: groups of five people or more)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tracker.statistics.disclosure import publishable

FEWEST_PEOPLE = 5
Groups = Mapping[str, Mapping[str, Any]]  # group -> name, the group above or None, its team


def shown_sums(groups: Groups, own: Mapping[int, Sequence[int]], *, otherwise: str) -> dict[str, list[int]]:
    """Group -> the sums of its own team and all beneath it, where that may be shown: five people or more, and no group from which a
    smaller one could be worked out.

    own: team -> counts, the first of them people. What belongs to no team of these groups counts for `otherwise`.
    """
    names = list(groups)
    place = {name: at for at, name in enumerate(names)}
    parent = [place[groups[name]["above"]] if groups[name]["above"] else -1 for name in names]
    team_at = {groups[name]["team"]: place[name] for name in names if groups[name]["team"]}
    counts = np.zeros((len(names), len(next(iter(own.values()), (0,)))), dtype=np.int64)
    for team, values in own.items():
        counts[team_at.get(team, place[otherwise])] += np.asarray(values, dtype=np.int64)
    for at in sorted(range(len(names)), key=lambda at: -depth_of(names[at], groups)):
        if parent[at] >= 0:
            counts[parent[at]] += counts[at]
    shown = publishable(parent, counts[:, 0], FEWEST_PEOPLE)
    return {name: counts[at].tolist() for name, at in place.items() if shown[at]}


def depth_of(name: str, groups: Groups) -> int:
    above = groups[name]["above"]
    return 0 if above is None else 1 + depth_of(above, groups)
