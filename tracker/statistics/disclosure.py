"""Which groups' answers may be shown, so that no group that is too small can be worked out (STATISTICS.md section 5).

A threshold alone leaks: what is shown of a parent minus what is shown of its children is a group of its own. So groups are hidden
until every such remainder is empty or large enough.
"""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_GROUP = 5  # people: no figure of fewer is shown to anybody who may not read of each one (SECURITY)
FAVOURABLE = slice(3, 5)  # columns of a histogram over 1..5: agree, agree strongly
SHOWS_UNANIMITY = 10  # from so many answers on it is no secret that all are the same
Part = TypeVar("Part", bound=Hashable)


def hidden_parts(people: Mapping[Part, Set[int]]) -> set[Part]:
    """Which parts of one whole, whose own figures are shown, may not be: those of under five people, and as many more, the smallest
    first, as it takes that those hidden are five together, since what is left of the whole is theirs.

    people: part -> whose figures these are. Somebody may be in several parts; of parts alike the one that is first as text.
    """
    few = {part for part, group in people.items() if len(group) < SMALLEST_GROUP}
    shown = sorted(set(people) - few, key=lambda part: (len(people[part]), str(part)))
    while few and shown and len(set[int]().union(*(people[part] for part in few))) < SMALLEST_GROUP:
        few.add(shown.pop(0))
    return few


def publishable(
    parent: ArrayLike, n: ArrayLike, k: int, histogram: ArrayLike | None = None, *, within: ArrayLike | None = None
) -> NDArray[np.bool_]:
    """Whether each node of a tree may be shown.

    parent: (nodes,) index of the node above, -1 at a root. n: (nodes,) answers in the node and everything beneath it. k: the fewest
    that may be shown. histogram: (nodes, 5) of the same answers over 1..5, whose rows add up to n; with it, fewer than 10 answers
    that are all equal, or all or none favourable, count as too few. within: (nodes,) bool, no other node is shown. ValueError where
    the arrays are of no tree or do not agree.

    Bottom-up, in one pass: what is hidden beneath a node changes the remainders of that node and of those above it only.
    """
    tree = _Tree(np.asarray(parent, np.int64), np.asarray(n, np.int64), k, _checked(parent, n, histogram))
    shown = np.zeros(len(tree.parent), bool)
    may = np.ones(len(tree.parent), bool) if within is None else np.asarray(within, bool)
    beneath: list[list[int]] = [[] for _ in shown]  # the largest shown groups beneath each node
    for node in _children_first(tree.parent):
        if may[node] and tree.n[node] >= k:
            while beneath[node] and tree.is_too_small(node, beneath[node]):
                smallest = min(beneath[node], key=lambda group: (tree.n[group], group))
                shown[smallest] = False
                beneath[node].remove(smallest)
                beneath[node].extend(beneath[smallest])
            shown[node] = not tree.is_too_small(node, [])
        if tree.parent[node] >= 0:
            beneath[tree.parent[node]].extend([node] if shown[node] else beneath[node])
    return shown


@dataclass(frozen=True)
class _Tree:
    parent: NDArray[np.int64]
    n: NDArray[np.int64]
    k: int
    histogram: NDArray[np.int64] | None

    def is_too_small(self, node: int, but: list[int]) -> bool:
        """Whether what is left of a node without these groups in it is of somebody, but of too few or too much alike."""
        left = self.n[node] - self.n[but].sum()
        if left == 0:
            return False
        if left < self.k:
            return True
        if self.histogram is None or left >= SHOWS_UNANIMITY:
            return False
        counts = self.histogram[node] - self.histogram[but].sum(axis=0)
        return bool(counts.max() == left or counts[FAVOURABLE].sum() in {0, left})


def _checked(parent: ArrayLike, n: ArrayLike, histogram: ArrayLike | None) -> NDArray[np.int64] | None:
    answers = np.asarray(n, np.int64)
    counts = None if histogram is None else np.asarray(histogram, np.int64)
    if answers.shape != np.shape(parent) or (counts is not None and counts.shape != (len(answers), 5)):
        raise ValueError("parent, n and histogram are not of the same nodes")
    if counts is not None and (counts.sum(axis=1) != answers).any():
        raise ValueError("the rows of the histogram do not add up to n")
    return counts


def _children_first(parent: NDArray[np.int64]) -> list[int]:
    """Every node after all that lie beneath it; ValueError where a node lies beneath itself."""
    waiting = np.bincount(parent[parent >= 0], minlength=len(parent))
    order = [int(node) for node in np.flatnonzero(waiting == 0)]
    for node in order:  # grows while it is walked
        above = parent[node]
        if above >= 0:
            waiting[above] -= 1
            if waiting[above] == 0:
                order.append(int(above))
    if len(order) < len(parent):
        raise ValueError("the nodes are no tree")
    return order
