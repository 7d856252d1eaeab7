"""How many rated visits each person has on each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tracker.demo.places import TEAMS, WORK
from tracker.demo.records import Absence, Membership
from tracker.demo.staffing import Employee
from tracker.demo.story import NEWCOMER, NEWCOMER_RATINGS, STORY, UNRATED

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

TOTAL_RATINGS = 15_150
TEAM_INDEX = {team.key: index for index, team in enumerate(TEAMS)}
NO_TEAM = -1
WEEKDAY_LOAD = {
    7: (0.85, 0.85, 0.9, 0.95, 1.2, 1.55, 1.25),
    6: (0.85, 0.85, 0.9, 0.95, 1.15, 1.5, 0),
    5: (1.15, 1.05, 1, 0.95, 0.9, 0, 0),
}
MONTH_LOAD = (0.86, 0.94, 1.0, 1.02, 0.98, 1.0, 0.97, 1.04, 0.98, 1.0, 1.1, 1.4)
HOLIDAY_LOAD = 0.45


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of the demo, from a Monday to yesterday: arrays of shape (days,). `weeks_ago` is 0 in the current week."""

    first: date
    weekday: IntArray
    month: IntArray
    weeks_ago: IntArray
    holiday: BoolArray

    @property
    def days(self) -> int:
        return len(self.weekday)

    def index(self, day: date) -> int:
        """Position of the day, held within [0, days]."""
        return min(max((day - self.first).days, 0), self.days)


def calendar(*, first: date, today: date, holidays: frozenset[date]) -> Calendar:
    """Calendar of the days from `first`, a Monday, to the day before `today`."""
    days = [first + timedelta(days=offset) for offset in range((today - first).days)]
    monday = today - timedelta(days=today.weekday())
    return Calendar(
        first=first,
        weekday=np.array([day.weekday() for day in days]),
        month=np.array([day.month for day in days]),
        weeks_ago=np.array([-((day - monday).days // 7) for day in days]),
        holiday=np.array([day in holidays for day in days]),
    )


def teams_by_day(staff: tuple[Employee, ...], memberships: tuple[Membership, ...], calendar: Calendar) -> IntArray:
    """Team of each person on each day, (people x days); -1 when not employed."""
    row_of = {one.person.staff_number: row for row, one in enumerate(staff)}
    teams = np.full((len(staff), calendar.days), NO_TEAM)
    for membership in memberships:
        last = calendar.days if membership.ended_on is None else calendar.index(membership.ended_on)
        first = calendar.index(membership.started_on)
        teams[row_of[membership.staff_number], first:last] = TEAM_INDEX[membership.team_key]
    return teams


def ratings_per_day(
    staff: tuple[Employee, ...], teams: IntArray, absences: tuple[Absence, ...], calendar: Calendar, *, seed: int
) -> IntArray:
    """Number of ratings, (people x days): Poisson for most, evenly spread for the people of the story."""
    rng = np.random.default_rng([seed, 21])
    load = _load(staff, teams, calendar) * _present(staff, absences, calendar)
    expected = _expected(staff, load, calendar, rng)
    counts = rng.poisson(expected)
    for row, one in enumerate(staff):
        number = one.person.staff_number
        if number in STORY:
            counts[row] = _evenly(expected[row], phase=float(rng.random()))
        elif number == UNRATED:
            counts[row] = 0
        elif number == NEWCOMER:
            counts[row] = _first_ratings(load[row], calendar)
    return counts


def _load(staff: tuple[Employee, ...], teams: IntArray, calendar: Calendar) -> FloatArray:
    """How busy each person's day is, 1 = an ordinary day; 0 when the team or the person does not work that day."""
    by_team = np.array([_team_load(index, calendar) for index in range(len(TEAMS))])
    works = np.array([[day in one.roster for day in range(7)] for one in staff])[:, calendar.weekday]
    load = by_team[teams, np.arange(calendar.days)]
    return np.where((teams != NO_TEAM) & works, load, 0.0)


def _team_load(index: int, calendar: Calendar) -> FloatArray:
    team = TEAMS[index]
    if team.key not in WORK:
        return np.zeros(calendar.days)
    weekday = np.array(WEEKDAY_LOAD[len(team.hours)], dtype=float)[calendar.weekday]
    month = np.array(MONTH_LOAD)[calendar.month - 1]
    on_holiday = 0.0 if team.holiday_hours is None else HOLIDAY_LOAD
    return np.asarray(weekday * month * np.where(calendar.holiday, on_holiday, 1.0))


def _present(staff: tuple[Employee, ...], absences: tuple[Absence, ...], calendar: Calendar) -> BoolArray:
    row_of = {one.person.staff_number: row for row, one in enumerate(staff)}
    present = np.ones((len(staff), calendar.days), dtype=bool)
    for absence in absences:
        first, back = calendar.index(absence.started_on), calendar.index(absence.ended_on)
        present[row_of[absence.staff_number], first:back] = False
    return present


def _expected(
    staff: tuple[Employee, ...], load: FloatArray, calendar: Calendar, rng: np.random.Generator
) -> FloatArray:
    """Expected ratings a day: the story's people by their last four weeks, the others share what is left."""
    spread = np.exp(np.clip(rng.normal(0, 0.3, len(staff)), -0.55, 0.6))
    expected = np.zeros_like(load)
    recent = (calendar.weeks_ago >= 1) & (calendar.weeks_ago <= 4)
    in_story = np.array([one.person.staff_number in STORY for one in staff])
    for row, one in enumerate(staff):
        number = one.person.staff_number
        if number in STORY:
            expected[row] = load[row] / load[row, recent].sum() * STORY[number].per_four_weeks
        elif one.team_key in WORK:
            expected[row] = load[row] * spread[row] * WORK[one.team_key].usual
    expected[~in_story] *= (TOTAL_RATINGS - expected[in_story].sum()) / expected[~in_story].sum()
    return expected


def _evenly(expected: FloatArray, *, phase: float) -> IntArray:
    """Counts whose sum over any period is within one of what is expected there."""
    reached = np.floor(np.cumsum(expected) + phase).astype(np.int64)
    return np.diff(reached, prepend=np.int64(0))


def _first_ratings(load: FloatArray, calendar: Calendar) -> IntArray:
    counts = np.zeros(calendar.days, dtype=np.int64)
    worked_last_week = np.flatnonzero((calendar.weeks_ago == 1) & (load > 0))
    counts[worked_last_week[-NEWCOMER_RATINGS:]] = 1
    return counts
