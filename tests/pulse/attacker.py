"""Attackers on the published table of a pulse: everything a patient reader could work out from it.

A reader knows the tree and, of each published node, the number of answers, the mean to 0.1 and the share of favourable
answers (4 and 5) to whole percent. A "cell" is a group of answers that no table can tell apart: the people of one node,
not counting the nodes beneath it. A "group" is the set of cells that one published row adds up.

None of them assumes that groups lie within each other as in a tree, so they also work on two trees at once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tests.pulse.organisations import BoolArray, Organisation

Cells = frozenset[int]
Row = dict[int, Fraction]
Answers = Mapping[int, int]  # how many answers each cell has

FEWEST_FOR_UNANIMITY = 10
MOST_UNIONS = 40


def groups_of(organisation: Organisation, shown: BoolArray) -> set[Cells]:
    """The groups of the published nodes; cells without answers are nobody's."""
    cells = frozenset(cell for cell, n in enumerate(organisation.own) if n)
    return {organisation.within[node] & cells for node in np.flatnonzero(shown)} - {frozenset()}


# --- The first attacker: exact linear algebra -----------------------------------------------------------------------


def small_sets(groups: Iterable[Cells], answers: Answers, k: int) -> set[Cells]:
    """The sets of 1 to k-1 answers whose total can be solved for exactly; empty if and only if there are none.

    Such a set's indicator is a sum of multiples of the published groups' indicators. In reduced echelon form the
    multiples are the indicator's own values at the pivots: 0 or 1. Fewer than k answers hold fewer than k pivots, so
    all choices of these few rows are all there is to try.
    """
    rows = reduced_rows(groups, answers)
    few = {pivot: row for pivot, row in rows.items() if answers[pivot] < k}
    return set(_sums_that_are_small(few, answers, k))


def reduced_rows(groups: Iterable[Cells], answers: Answers) -> dict[int, Row]:
    """The reduced echelon form over the rationals, by pivot. Large cells are taken as pivots, so few are small."""
    rows: dict[int, Row] = {}
    for group in sorted(groups, key=lambda group: (len(group), sorted(group))):
        new = dict.fromkeys(group, Fraction(1))
        for pivot in group & rows.keys():
            _subtract(new, new[pivot], rows[pivot])
        if not new:
            continue
        pivot = max(new, key=lambda cell: (answers[cell], cell))
        new = {cell: value / new[pivot] for cell, value in new.items()}
        for row in rows.values():
            _subtract(row, row.get(pivot, Fraction(0)), new)
        rows[pivot] = new
    return rows


def _subtract(row: Row, times: Fraction, other: Row) -> None:
    if not times:
        return
    for cell, value in other.items():
        row[cell] = row.get(cell, Fraction(0)) - times * value
        if not row[cell]:
            del row[cell]


def _sums_that_are_small(rows: Mapping[int, Row], answers: Answers, k: int) -> Iterator[Cells]:
    """The sums of rows that are indicators of fewer than k answers, each grown from any one of its rows."""
    waiting = [frozenset([pivot]) for pivot in rows]
    seen = set(waiting)
    while waiting:
        chosen = waiting.pop()
        total: Row = {}
        for pivot in chosen:
            _subtract(total, Fraction(-1), rows[pivot])
        if set(total.values()) == {1} and sum(answers[cell] for cell in total) < k:
            yield frozenset(total)
            continue
        further = {chosen | {pivot} for pivot in _mending(total, chosen, rows)} - seen
        further = {pivots for pivots in further if sum(answers[pivot] for pivot in pivots) < k}
        seen |= further
        waiting += further


def _mending(total: Row, chosen: Cells, rows: Mapping[int, Row]) -> Iterator[int]:
    """Which rows can still lead to a small indicator: those that change a wrong cell, or else any cell that weighs."""
    wrong = next(({cell} for cell, value in total.items() if value not in (0, 1)), total.keys() - chosen)
    return (pivot for pivot, row in rows.items() if pivot not in chosen and wrong & row.keys())


# --- The second attacker: sets added and taken away, with what the rounded figures allow ----------------------------


@dataclass(frozen=True)
class Figure:
    """What is known of a group: its answers, and bounds of their sum of stars and of how many are favourable."""

    n: int
    lowest_sum: int
    highest_sum: int
    fewest: int
    most: int

    def plus(self, other: "Figure") -> "Figure":
        return Figure(
            self.n + other.n,
            self.lowest_sum + other.lowest_sum,
            self.highest_sum + other.highest_sum,
            self.fewest + other.fewest,
            self.most + other.most,
        )

    def minus(self, other: "Figure") -> "Figure":
        return Figure(
            self.n - other.n,
            self.lowest_sum - other.highest_sum,
            self.highest_sum - other.lowest_sum,
            self.fewest - other.most,
            self.most - other.fewest,
        )

    def agreeing_with(self, other: "Figure") -> "Figure":
        """The same group, found in two ways."""
        return Figure(
            self.n,
            max(self.lowest_sum, other.lowest_sum),
            min(self.highest_sum, other.highest_sum),
            max(self.fewest, other.fewest),
            min(self.most, other.most),
        )

    def tightened(self) -> "Figure":
        """With what any n answers of 1 to 5 obey: f favourable ones add up to n + 3f at least, to 3n + 2f at most."""
        fewest = max(self.fewest, 0, -((3 * self.n - self.lowest_sum) // 2))
        most = min(self.most, self.n, (self.highest_sum - self.n) // 3)
        lowest = max(self.lowest_sum, self.n + 3 * fewest)
        return Figure(self.n, lowest, min(self.highest_sum, 3 * self.n + 2 * most), fewest, most)

    @property
    def must_be_unanimous(self) -> bool:
        """Surely 0 or 100 % favourable. Surely all equal is a case of it: bounds never show all 3 without none above."""
        return self.most == 0 or self.fewest == self.n


def published_figure(stars: Sequence[int], *, with_distribution: bool = False) -> Figure:
    """What the row of a group with these answers tells: mean to 0.1, favourable to whole percent, or every count."""
    n, favourable = sum(stars), stars[3] + stars[4]
    total = sum(star * count for star, count in enumerate(stars, start=1))
    if with_distribution:
        return Figure(n, total, total, favourable, favourable)
    tenths, percent = round(10 * total / n), round(100 * favourable / n)
    lowest, highest = -(-n * (2 * tenths - 1) // 20), n * (2 * tenths + 1) // 20
    fewest, most = -(-n * (2 * percent - 1) // 200), n * (2 * percent + 1) // 200
    return Figure(n, lowest, highest, fewest, most).tightened()


def published_table(organisation: Organisation, shown: BoolArray, distributions: BoolArray) -> dict[Cells, Figure]:
    """Every published group with its figure; with the counts of 1..5 stars where distributions says so."""
    cells = frozenset(cell for cell, n in enumerate(organisation.own) if n)
    table: dict[Cells, Figure] = {}
    for node in np.flatnonzero(shown & (organisation.n > 0)):
        stars = [int(count) for count in organisation.histogram[node]]
        figure = published_figure(stars, with_distribution=bool(distributions[node]))
        _learn(table, organisation.within[node] & cells, figure)
    return table


def derived_figures(table: Mapping[Cells, Figure]) -> dict[Cells, Figure]:
    """Greedily: from every group take away others within it, largest and smallest first; join some; and once more."""
    known = dict(table)
    _take_away(known)
    _join(known)
    _take_away(known)
    return known


def _take_away(known: dict[Cells, Figure]) -> None:
    rising = sorted(known, key=lambda group: known[group].n)
    for order in (rising, rising[::-1]):
        for whole in order:
            _peel(whole, order, known)


def _peel(whole: Cells, order: Sequence[Cells], known: dict[Cells, Figure]) -> None:
    rest, figure = whole, known[whole]
    for part in order:
        if part < rest:
            rest, figure = rest - part, figure.minus(known[part]).tightened()
            _learn(known, rest, figure)


def _join(known: dict[Cells, Figure]) -> None:
    rising = sorted(known, key=lambda group: known[group].n)[:MOST_UNIONS]
    pairs = [(one, other) for place, one in enumerate(rising) for other in rising[:place] if not one & other]
    for one, other in pairs[:MOST_UNIONS]:
        _learn(known, one | other, known[one].plus(known[other]))


def _learn(known: dict[Cells, Figure], group: Cells, figure: Figure) -> None:
    known[group] = (known[group].agreeing_with(figure) if group in known else figure).tightened()


def exposed(known: Mapping[Cells, Figure], k: int) -> set[Cells]:
    """Groups of 1 to k-1 answers, and groups of fewer than ten whose people surely all think alike."""
    few = {group for group, figure in known.items() if figure.n < k}
    return few | {g for g, figure in known.items() if figure.n < FEWEST_FOR_UNANIMITY and figure.must_be_unanimous}


def unanimous_sets(groups: Collection[Cells], stars: Mapping[int, Sequence[int]]) -> set[Cells]:
    """The first attacker told the truth: of fewer than ten answers, the sets that are 0 or 100 % favourable."""
    answers = {cell: sum(counts) for cell, counts in stars.items()}
    found = small_sets(groups, answers, FEWEST_FOR_UNANIMITY)
    favourable = {cells: sum(stars[cell][3] + stars[cell][4] for cell in cells) for cells in found}
    return {cells for cells, count in favourable.items() if count in (0, sum(answers[cell] for cell in cells))}
