"""Everything that a span of weekly checks needs, read at once, so that each of them can be worked out again in memory.

What a check saw: the ratings of its 94 weeks as they stand today, the teams of its Monday, frozen means, and without the ratings at
which somebody was taking a second look then and still is. Measured: benchmarks, row 17.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

import numpy as np
from sqlalchemy import select

from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.queries import teams_of_everybody
from tracker.ratings import weekly
from tracker.ratings.fall_models import WeeklyCheck
from tracker.ratings.models import Fall
from tracker.ratings.queries import unchecked
from tracker.statistics.weeks import BoolArray, FloatArray, IntArray, WeekRows

REACH = weekly.WEEKS_NEEDED + weekly.WEEKS_BEFORE
AT_ONCE = 26  # weeks read in one statement: some drivers fetch all of an answer before they hand on the first row
USUAL_HOUR = time(4, tzinfo=UTC)


@dataclass(frozen=True)
class CaseThen:
    """A case of the record: whose, from when to when, and the alert behind it (None: opened by hand)."""

    person: int
    opened_at: datetime
    closed_at: datetime | None
    week: int | None
    window: int | None

    def is_open(self, at: datetime) -> bool:
        """Whether a check at that moment found it open; the check that opened it did not."""
        return self.opened_at < at and (self.closed_at is None or self.closed_at > at)


@dataclass(frozen=True)
class FallThen:
    """A stored alert, apart from the session that read it."""

    person: int
    team: int | None
    week: int
    window: int
    n: int
    observed: float
    expected: float
    p: float
    parameters: dict[str, Any]
    found_at: datetime


@dataclass(frozen=True)
class CheckThen:
    """A weekly check that ran."""

    ran_at: datetime
    parameters: dict[str, Any]
    left_out: list[int]


@dataclass(frozen=True)
class LeftOut:
    """A rating at which somebody takes a second look: place of the person and of the cell, and since when it is left out."""

    person: int
    week: int
    cell: int
    stars: int
    since: datetime


@dataclass(frozen=True)
class History:
    """Position i of every array (P,) is people[i]; `rows` are in order of weeks, as many as the checks of `weeks` reach back to."""

    weeks: range
    people: list[int]
    rows: WeekRows
    cells: list[tuple[int, int]]
    frozen: FloatArray
    first_week: int
    team: dict[int, IntArray]
    left_out: list[LeftOut]
    falls: list[FallThen]
    cases: list[CaseThen]
    checks: dict[int, CheckThen]
    place: dict[int, int] = field(default_factory=dict)

    def ran_at(self, week: int) -> datetime:
        """When the check of a week ran; the usual hour where nobody wrote it down."""
        if week in self.checks:
            return self.checks[week].ran_at
        found = next((fall.found_at for fall in self.falls if fall.week == week), None)
        return found or datetime.combine(clock.monday_of(week + 1), USUAL_HOUR)

    def rows_of(self, week: int) -> tuple[WeekRows, WeekRows]:
        """What the check of that week loads, and the same without the ratings looked at a second time."""
        start, end = np.searchsorted(self.rows.week, [week - REACH + 1, week + 1])
        part, whole = slice(start, end), self.rows
        rows = WeekRows(whole.person[part], whole.week[part], whole.cell[part], whole.stars[part])
        at = self.ran_at(week)
        away = [one for one in self.left_out if one.since <= at and week - REACH < one.week <= week]
        return rows, self._without(rows, away) if away else rows

    def means_of(self, week: int, rows: WeekRows) -> FloatArray:
        """(cells x weeks) from the first week in `rows`: frozen means, and others only where some are missing."""
        if not len(rows.week):
            return np.zeros((len(self.cells), 0))
        first = int(rows.week[0])
        frozen = self.frozen[:, first - self.first_week : week - self.first_week + 1]
        if not (np.isnan(frozen) & self._rated(rows, first, week)).any():
            return np.nan_to_num(frozen, nan=3.0)  # where nobody was rated no mean is used
        return np.where(np.isnan(frozen), weekly.means(rows, self.team[week], self.cells, week), frozen)

    def _rated(self, rows: WeekRows, first: int, week: int) -> BoolArray:
        shape = (len(self.cells), week - first + 1)
        counts = np.bincount(rows.cell * shape[1] + (rows.week - first), minlength=shape[0] * shape[1])
        return np.asarray(counts.reshape(shape) > 0)

    def _without(self, rows: WeekRows, away: list[LeftOut]) -> WeekRows:
        stars = rows.stars.copy()
        for one in away:
            same = (rows.person == one.person) & (rows.week == one.week) & (rows.cell == one.cell)
            stars[same, one.stars - 1] -= 1
        return WeekRows(rows.person, rows.week, rows.cell, stars)


def load_history(first: int, last: int) -> History | None:
    """The history behind the checks of weeks first..last; None without a rating."""
    person, week, touchpoint, channel, stars = _columns(first - REACH, last)
    if not len(person):
        return None
    order = np.argsort(week, kind="stable")
    people, place = np.unique(person, return_inverse=True)
    cells, cell = weekly.distinct_cells(touchpoint, channel)
    rows = WeekRows(place.astype(np.int32)[order], week[order], cell.astype(np.int32)[order], stars[order])
    ids = [int(one) for one in people]
    teams = {
        on: weekly.team_numbers(people, teams_of_everybody(clock.monday_of(on + 1))) for on in range(first, last + 1)
    }
    first_week = int(week.min())
    places = {one: position for position, one in enumerate(ids)}
    return History(
        range(first, last + 1),
        ids,
        rows,
        cells,
        weekly.frozen_table(cells, first_week, last),
        first_week,
        teams,
        _left_out(places, cells),
        list(_falls(first - REACH, last)),
        list(_cases()),
        _checks(first, last),
        places,
    )


def _columns(after: int, through: int) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """person, week, touchpoint, channel (rows,) and stars (rows, 5), each no wider than it must be."""
    parts: list[tuple[IntArray, ...]] = []
    for start in range(after, through, AT_ONCE):
        table = weekly.rollup_between(start, min(start + AT_ONCE, through))
        narrow = tuple(table[:, column].astype(np.int32) for column in range(4))
        parts.append((*narrow, table[:, 4:9].astype(np.int32)))
    person, week, touchpoint, channel, stars = (np.concatenate(column) for column in zip(*parts, strict=True))
    return person, week, touchpoint, channel, stars


def _left_out(place: dict[int, int], cells: list[tuple[int, int]]) -> list[LeftOut]:
    cell_at = {cell: position for position, cell in enumerate(cells)}
    return [
        LeftOut(place[person], clock.week_of(day), cell_at[touchpoint, channel], star, since)
        for person, day, touchpoint, channel, star, _id, since in db.session.execute(unchecked())
        if person in place and (touchpoint, channel) in cell_at
    ]


def _falls(after: int, through: int) -> Iterator[FallThen]:
    columns = (Fall.person_id, Fall.team_id, Fall.week, Fall.window_weeks, Fall.n, Fall.observed, Fall.expected, Fall.p)
    rows = select(*columns, Fall.parameters, Fall.found_at).where(Fall.week > after, Fall.week <= through)
    for row in db.session.execute(rows.order_by(Fall.week, Fall.person_id)):
        yield FallThen(*row)


def _cases() -> Iterator[CaseThen]:
    columns = (CoachingCase.person_id, CoachingCase.opened_at, CoachingCase.closed_at, Fall.week, Fall.window_weeks)
    for row in db.session.execute(select(*columns).outerjoin(Fall, Fall.id == CoachingCase.fall_id)):
        yield CaseThen(*row)


def _checks(first: int, last: int) -> dict[int, CheckThen]:
    columns = (WeeklyCheck.week, WeeklyCheck.ran_at, WeeklyCheck.parameters, WeeklyCheck.left_out)
    rows = db.session.execute(select(*columns).where(WeeklyCheck.week >= first, WeeklyCheck.week <= last))
    return {week: CheckThen(*values) for week, *values in rows}
