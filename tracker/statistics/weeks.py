"""Weekly rows of ratings: their shape, the cell means frozen per week, and sums between two weeks."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

WEEKS_OF_CELL_MEAN = 26
FIRST_WEEKS = 4
COMPANY_WEIGHT = 20.0
BLOCK = 1 << 16
SMALL_PRODUCT = 1 << 14  # larger matrix products start threads, whose waiting costs more than it gains
LONGEST_RANGE = 20_000
POWERS = np.array([[1.0, star, star**2] for star in range(1, 6)])


@dataclass(frozen=True)
class WeekRows:
    """Star histograms per person, week and cell; several rows for the same three are added up.

    person  (rows,) 0..P-1        week  (rows,) consecutive integers, any origin
    cell    (rows,) integers      stars (rows, 5) ratings of 1, 2, 3, 4 and 5 stars

    Raises ValueError when the lengths differ, when stars is not (rows, 5) or holds a negative count, or when
    person, week or cell are not integers.
    """

    person: IntArray
    week: IntArray
    cell: IntArray
    stars: npt.NDArray[np.integer] | FloatArray

    def __post_init__(self) -> None:
        for name in ("person", "week", "cell"):
            object.__setattr__(self, name, integers(getattr(self, name), name))
        count = len(self.person)
        stars = np.asarray(self.stars)
        stars = stars.reshape(0, 5) if count == 0 and stars.size == 0 else stars
        if len(self.week) != count or len(self.cell) != count or stars.shape != (count, 5):
            raise ValueError("person, week and cell must have one length, and stars the shape (that length, 5).")
        if count and not stars.min() >= 0:
            raise ValueError("stars must hold counts of zero or more.")
        object.__setattr__(self, "stars", stars)

    def of(self, chosen: BoolArray) -> Self:
        """The rows where `chosen` (rows,) is true."""
        return type(self)(self.person[chosen], self.week[chosen], self.cell[chosen], self.stars[chosen])

    def until(self, on: int) -> Self:
        """The rows of week `on` and before."""
        return self if len(self.week) == 0 or self.week.max() <= on else self.of(self.week <= on)


def integers(values: npt.ArrayLike, name: str) -> IntArray:
    """`values` as a one-dimensional integer array; ValueError if it is none. An empty list is fine."""
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be a one-dimensional array of integers.")
    return array if array.size else array.astype(np.int64)


@dataclass(frozen=True)
class WeekSums:
    """Running totals per person, so that any span of weeks between two edges is one subtraction.

    edges (E,) ascending weeks; totals (4, E, P): ratings, sum, sum of squares and expected sum X, of all rows up to
    and including each edge.
    """

    edges: IntArray
    totals: FloatArray

    def between(self, after: IntArray | int, through: IntArray | int) -> FloatArray:
        """(4, P): n, S, Q and X over the weeks after < week <= through. Both weeks must be edges; each a number or
        one per person."""
        start, end = np.searchsorted(self.edges, after), np.searchsorted(self.edges, through)
        people = np.arange(self.totals.shape[2])
        sums = self.totals[:, end, people] - self.totals[:, start, people]
        sums[3, sums[0] == 0] = 0.0  # without ratings, what subtraction leaves is rounding, not an expectation
        return sums


def sum_weeks(rows: WeekRows, people: int, edges: npt.ArrayLike, *, on: int, mu: FloatArray | None) -> WeekSums:
    """Running totals at each of `edges` of the rows up to week `on`, for persons 0..people-1 (shapes in WeekSums).

    mu as in falls.check. Cost: a handful of passes over the rows, none over the people. ValueError for a person
    outside 0..people-1 or for a mu that does not fit.
    """
    if len(rows.person) and not 0 <= rows.person.min() <= rows.person.max() < people:
        raise ValueError("person must lie between 0 and one less than the length of team.")
    given = None if mu is None else _GivenMeans.of(mu, rows)
    tally = _Tally(rows.until(on), people, np.unique(np.asarray(edges, dtype=np.int64)))
    tally.count_stars()
    tally.add_expected(
        _frozen_means(tally.cell_weeks, tally.calendar, tally.calendar)[0]
        if given is None
        else given.at(tally.cells, tally.calendar)
    )
    return WeekSums(tally.edges, np.cumsum(tally.totals[:, :-1], axis=1))


class _Tally:
    """Sums over the rows in blocks that stay in the processor's cache: allocating arrays as long as the rows for
    each step would cost more than the arithmetic.

    totals (4, E + 1, people) between the edges, cell_weeks (2, cells, calendar): ratings and their sum.
    """

    def __init__(self, rows: WeekRows, people: int, edges: IntArray) -> None:
        self.rows, self.edges = rows, edges
        self.calendar, self.cells = labels(rows.week), labels(rows.cell)
        self.totals = np.zeros((4, len(edges) + 1, people))
        self.cell_weeks = np.zeros((2, len(self.cells), len(self.calendar)))
        self._span = np.searchsorted(edges, self.calendar) * people
        count = len(rows.week)
        self._n, self._key, self._place = np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64)
        # Each block also clears and adds whole tables of totals, so a block is never much shorter than they are.
        self._blocks = blocks(count, max(BLOCK, self.totals[0].size // 2))

    def count_stars(self) -> None:
        """Ratings, sums and sums of squares of everybody, and the ratings and sums of each cell and week."""
        rows = self.rows
        for block in self._blocks:
            moments, week = star_moments(rows.stars[block]), places(rows.week[block], self.calendar)
            place = places(rows.cell[block], self.cells) * len(self.calendar) + week
            key = self._span[week] + rows.person[block]
            self._n[block], self._key[block], self._place[block] = moments[0], key, place
            _count(self.totals[:3], key, moments)
            _count(self.cell_weeks, place, moments[:2])

    def add_expected(self, means: FloatArray) -> None:
        """Expected sums; means (cells x calendar), which may lack a cell and week in which nobody was rated."""
        flat, gaps = means.ravel(), bool(np.isnan(means).any())
        for block in self._blocks:
            n = self._n[block]
            expected = n * flat[self._place[block]]
            if gaps:
                expected[n == 0] = 0.0
            _count(self.totals[3:], self._key[block], expected[None, :])
        if gaps and np.isnan(self.totals[3]).any():
            raise ValueError("mu must hold a number for each cell and week with ratings.")


def cell_means(
    rows: WeekRows, *, cells: npt.ArrayLike | None = None, through: int | None = None, company_cell: int | None = None
) -> FloatArray:
    """The company's mean rating per cell as known before each week (cells x weeks), to be frozen by the weekly run.

    Row c stands for cells[c] (default: the distinct cells of rows, ascending), column k for the k-th week from the
    smallest week in rows up to `through` (default: the largest in rows; one more freezes the coming week).
    mu = (S_c + 20 M)/(n_c + 20) over the 26 weeks before, M the company mean of the same weeks; a week with less than
    4 before it uses the first 4 weeks in rows; if those hold no rating, the latest 26 weeks before it that hold any.
    company_cell: a cell whose mean is M itself (see merging.merge_cells). No rating at all gives nan.
    Source: STATISTICS.md section 0 and "Conventions for exactness".
    """
    held = labels(rows.cell)
    code = places(rows.cell, held)
    names = held[np.bincount(code) > 0] if cells is None else integers(cells, "cells")
    if len(rows.week) == 0:
        return np.full((len(names), 0), np.nan)
    first, last = int(rows.week.min()), int(rows.week.max() if through is None else through)
    weeks = np.arange(first, max(last, int(rows.week.max())) + 1)
    totals, code = np.zeros((2, len(held), len(weeks))), code * len(weeks) + (rows.week - first)
    for block in blocks(len(code), max(BLOCK, totals[0].size)):
        _count(totals, code[block], star_moments(rows.stars[block])[:2])
    means, company = _frozen_means(totals, weeks, weeks)
    table = np.concatenate([means, company[None, :]])
    place = np.searchsorted(held, names)
    known = (place < len(held)) & (held[np.minimum(place, len(held) - 1)] == names)
    known &= names != (np.iinfo(np.int64).min if company_cell is None else company_cell)
    return table[np.where(known, place, len(held))][:, : last - first + 1]


def star_moments(stars: npt.NDArray[np.integer] | FloatArray) -> FloatArray:
    """(3, rows): ratings, their sum and their sum of squares in each row of stars (rows, 5)."""
    moments = np.empty((3, len(stars)))
    for part in blocks(len(stars), SMALL_PRODUCT):
        moments[:, part] = POWERS.T @ stars[part].T.astype(np.float64)
    return moments


def _count(tables: FloatArray, places: IntArray, weights: FloatArray) -> None:
    """Add each row of weights to its table, at `places` of the table laid out flat."""
    for table, weight in zip(tables, weights, strict=True):
        table += np.bincount(places, weight, table.size).reshape(table.shape)


def blocks(count: int, length: int) -> list[slice]:
    """Slices of `length` that cover `count` rows."""
    return [slice(start, min(start + length, count)) for start in range(0, count, length)]


def labels(values: IntArray) -> IntArray:
    """Ascending labels that hold every value: all numbers of a short range, gaps included; else the distinct ones."""
    if len(values) == 0:
        return np.zeros(0, np.int64)
    first, last = int(values.min()), int(values.max())
    return np.arange(first, last + 1) if last - first < LONGEST_RANGE else np.unique(values).astype(np.int64)


def places(values: IntArray, among: IntArray) -> IntArray:
    """Each value's place among its labels: a subtraction where the labels have no gap."""
    if len(among) == 0 or among[-1] - among[0] + 1 != len(among):
        return np.asarray(np.searchsorted(among, values))
    offsets: IntArray = values.astype(np.int64, copy=False) - among[0]
    return offsets


def _frozen_means(totals: FloatArray, calendar: IntArray, wanted: IntArray) -> tuple[FloatArray, FloatArray]:
    """Means (cells x wanted) and company means (wanted,); totals (2, cells, calendar): ratings and their sum."""
    rated = np.flatnonzero(totals[0].sum(axis=0))
    if len(rated) == 0:
        return np.full((totals.shape[1], len(wanted)), np.nan), np.full(len(wanted), np.nan)
    start, end = _weeks_before(calendar, rated, wanted)
    running = np.concatenate([np.zeros((*totals.shape[:2], 1)), np.cumsum(totals, axis=2)], axis=2)
    n, s = running[:, :, end] - running[:, :, start]
    company = s.sum(axis=0) / n.sum(axis=0)
    return (s + COMPANY_WEIGHT * company) / (n + COMPANY_WEIGHT), company


def _weeks_before(calendar: IntArray, rated: IntArray, wanted: IntArray) -> tuple[IntArray, IntArray]:
    """Places [start, end) in the calendar of the weeks that the mean of each wanted week rests on."""
    first = calendar[rated[0]]
    early = wanted - first < FIRST_WEEKS
    start = np.searchsorted(calendar, np.where(early, first, wanted - WEEKS_OF_CELL_MEAN))
    end = np.searchsorted(calendar, np.where(early, first + FIRST_WEEKS, wanted))
    before = np.searchsorted(rated, end)  # rated weeks up to the end of the span
    silent = before == np.searchsorted(rated, start)
    start = np.where(silent, rated[np.maximum(before - WEEKS_OF_CELL_MEAN, 0)], start)
    return start, end


@dataclass(frozen=True)
class _GivenMeans:
    """The caller's mu with the labels of its rows (ascending cells) and the week of its first column."""

    mu: FloatArray
    cells: IntArray
    first: int

    @classmethod
    def of(cls, mu: npt.ArrayLike, rows: WeekRows) -> Self:
        table = np.asarray(mu, dtype=np.float64)
        if table.ndim != 2:
            raise ValueError("mu must have the shape (cells, weeks).")
        if len(rows.cell) == 0:
            return cls(table, np.arange(len(table)), 0)
        labels = np.arange(len(table))
        if rows.cell.min() < 0 or rows.cell.max() >= len(table):
            labels = np.unique(rows.cell)
        if len(labels) != len(table):
            raise ValueError("mu must have a row for each cell: row c for cell c, or one for each distinct cell.")
        return cls(table, labels, int(rows.week.min()))

    def at(self, cells: IntArray, calendar: IntArray) -> FloatArray:
        """(cells x calendar); nan for a label that mu does not have (a gap in the coded range)."""
        if len(calendar) == 0:
            return np.zeros((0, 0))
        if calendar[-1] - self.first >= self.mu.shape[1]:
            raise ValueError("mu must have a column for each week, from the first week in rows to the last one used.")
        place = np.minimum(np.searchsorted(self.cells, cells), len(self.cells) - 1)
        means: FloatArray = self.mu[np.ix_(place, calendar - self.first)]
        means[self.cells[place] != cells] = np.nan
        return means
