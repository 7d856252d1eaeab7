"""Sums of teams carried up the tree of groups, and which of them may be shown (SECURITY: groups of five people or more)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from tracker.statistics.disclosure import SMALLEST_GROUP, publishable

Key = TypeVar("Key", str, int)
Groups = Mapping[str, Mapping[str, Any]]  # group -> name, the group above or None, its team


def shown_sums(groups: Groups, own: Mapping[int, Sequence[int]], *, otherwise: str) -> dict[str, list[int]]:
    """Group -> the sums of its own team and all beneath it, where that may be shown."""
    return shown_of(groups, sums_beneath(groups, own, otherwise=otherwise))


def sums_beneath(groups: Groups, own: Mapping[int, Sequence[int]], *, otherwise: str) -> dict[str, list[int]]:
    """Group -> the sums of its own team and all beneath it.

    own: team -> counts, the first of them people. What belongs to no team of these groups counts for `otherwise`.
    """
    team_at = {group["team"]: name for name, group in groups.items() if group["team"]}
    width = len(next(iter(own.values()), (0,)))
    counts = {name: np.zeros(width, dtype=np.int64) for name in groups}
    for team, values in own.items():
        counts[team_at.get(team, otherwise)] += np.asarray(values, dtype=np.int64)
    for name in sorted(groups, key=lambda name: -len(ways_above(groups, name))):
        above = groups[name]["above"]
        if above is not None:
            counts[above] += counts[name]
    return {name: found.tolist() for name, found in counts.items()}


def shown_of(groups: Groups, sums: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """The sums that may be shown: of five people or more, and of no group from which a smaller one could be worked out."""
    place = {name: at for at, name in enumerate(groups)}
    parent = [place[group["above"]] if group["above"] else -1 for group in groups.values()]
    shown = publishable(parent, [sums[name][0] for name in groups], SMALLEST_GROUP)
    return {name: sums[name] for name, at in place.items() if shown[at]}


def tells_of_few(people: Mapping[Key, int], group: Key, known: Collection[Key]) -> bool:
    """Whether somebody who knows of each one in the `known` groups (none within another) would learn of one to four others from the sum
    of a group that holds these."""
    rest = people.get(group, 0) - sum(people.get(one, 0) for one in known)
    return 0 < rest < SMALLEST_GROUP


def ways_above(groups: Groups, name: str) -> list[str]:
    """The groups above one, from the next on."""
    found = []
    while (above := groups[name]["above"]) is not None:
        found.append(above)
        name = above
    return found
