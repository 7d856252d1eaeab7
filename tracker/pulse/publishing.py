"""From opened ballots to the cells and comments that may be shown: counted, suppressed and rounded once. Pure but for the draw."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.pulse.bank import RECOMMENDING, Item
from tracker.pulse.boxes import Ballot
from tracker.statistics.disclosure import publishable

AGREES, RECOMMENDS = 4, 9  # from where on an answer is favourable
PASSIVE = 7


@dataclass(frozen=True)
class Tree:
    """The frozen nodes: ids, and the index of the node above each, -1 at the top."""

    ids: Sequence[int]
    parent: Sequence[int]

    def summed(self, own: NDArray[np.int64]) -> NDArray[np.int64]:
        """(nodes, ...) of each node alone -> with everything beneath it."""
        total = own.copy()
        for node in range(len(self.ids)):
            above = self.parent[node]
            while above >= 0:
                total[above] += own[node]
                above = self.parent[above]
        return total


@dataclass(frozen=True)
class Cell:
    """One figure that may be shown. histogram: how many gave each, where that may be shown too."""

    node_id: int
    item: str
    n: int
    mean: float
    favourable: int
    histogram: tuple[int, ...] | None


@dataclass(frozen=True)
class Comment:
    node_id: int
    item: str
    text: str
    reply_hash: str | None


class Count:
    """Counts ballots one at a time, so that a round of any size needs no more memory than its comments."""

    def __init__(self, tree: Tree, items: Sequence[Item]) -> None:
        self.tree, self.items = tree, {item.key: item for item in items}
        self._at = {node_id: index for index, node_id in enumerate(tree.ids)}
        self._counts = {item.key: np.zeros((len(tree.ids), _steps(item)), np.int64) for item in items}
        self._ballots = np.zeros(len(tree.ids), np.int64)
        self._comments: list[tuple[int, str, str, str | None]] = []

    @property
    def ballots(self) -> int:
        return int(self._ballots.sum())

    def add(self, ballot: Ballot) -> None:
        place = self._at[ballot.node_id]
        self._ballots[place] += 1
        for key, number in ballot.answers.items():
            self._counts[key][place, _column(self.items[key], number)] += 1
        self._comments.extend((place, key, text, ballot.replies.get(key)) for key, text in ballot.comments.items())

    def cells(self, *, k_score: int, k_comment: int) -> list[Cell]:
        """A question hides by its own answers, and besides whatever hides by how many have answered at all.

        Else one question would show a group that another hides, and where nobody skips a question its counts say who has answered:
        both together would say how many of a few have.
        """
        may = publishable(self.tree.parent, self.tree.summed(self._ballots), k_score)
        return [
            cell
            for item in self.items.values()
            for cell in self._cells_of(item, self.tree.summed(self._counts[item.key]), may, k_score, k_comment)
        ]

    def _cells_of(
        self, item: Item, counts: NDArray[np.int64], may: NDArray[np.bool_], k_score: int, k_comment: int
    ) -> Iterable[Cell]:
        """counts: (nodes, steps of its scale), of the whole subtree. may: (nodes,) what no question shows more than."""
        five = _as_five(item, counts)
        n = counts.sum(axis=1)
        # An eNPS and the share at 9 or 10 together say how many gave what: they are a distribution, of however few.
        fewest = k_comment if item.scale == RECOMMENDING else k_score
        shown = publishable(self.tree.parent, n, fewest, five, within=may)
        in_detail = shown & publishable(self.tree.parent, n, k_comment, five)
        for node in map(int, np.flatnonzero(shown)):
            histogram = tuple(int(count) for count in five[node]) if in_detail[node] else None
            mean, favourable = _mean(item, counts[node]), _favourable(five[node])
            yield Cell(self.tree.ids[node], item.key, int(n[node]), mean, favourable, histogram)

    def comments(self, *, k_comment: int) -> list[Comment]:
        """Shuffled, each at the lowest group in which it may be shown; where there is none it is never shown."""
        shown = publishable(self.tree.parent, self.tree.summed(self._ballots), k_comment)
        placed = []
        for place, key, text, reply in self._comments:
            node = place
            while node >= 0 and not shown[node]:
                node = self.tree.parent[node]
            if node >= 0:
                placed.append(Comment(self.tree.ids[node], key, text, reply))
        secrets.SystemRandom().shuffle(placed)
        return placed


def tree_of(nodes: Mapping[int, int | None]) -> Tree:
    """node id -> id of the node above."""
    ids = sorted(nodes)
    at = {node_id: index for index, node_id in enumerate(ids)}
    return Tree(ids, [-1 if (above := nodes[node_id]) is None else at[above] for node_id in ids])


def _steps(item: Item) -> int:
    return 11 if item.scale == RECOMMENDING else 5


def _column(item: Item, number: int) -> int:
    """A reversed question is turned here, once: 5 is the good end everywhere after."""
    if item.scale == RECOMMENDING:
        return number
    return 5 - number if item.is_reversed else number - 1


def _as_five(item: Item, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Recommending as detractors, passives and promoters, in the first, third and last column."""
    if item.scale != RECOMMENDING:
        return counts
    five = np.zeros((len(counts), 5), np.int64)
    five[:, 0] = counts[:, :PASSIVE].sum(axis=1)
    five[:, 2] = counts[:, PASSIVE:RECOMMENDS].sum(axis=1)
    five[:, 4] = counts[:, RECOMMENDS:].sum(axis=1)
    return five


def _mean(item: Item, counts: NDArray[np.int64]) -> float:
    n = int(counts.sum())
    if item.scale == RECOMMENDING:
        return float(round(100 * (int(counts[RECOMMENDS:].sum()) - int(counts[:PASSIVE].sum())) / n))
    return round(float(counts @ np.arange(1, 6)) / n, 1)


def _favourable(five: NDArray[np.int64]) -> int:
    return round(100 * int(five[AGREES - 1 :].sum()) / int(five.sum()))
