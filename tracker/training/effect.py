"""What a course changed in customers’ ratings: teams that were trained against teams that waited, by statistics.effects.

1. Ratings and the sums of their residuals (stars less what their cell gets, frozen for their week) by team and week, from the
   rollup; a rating belongs to the team its person was in that week. Weeks become periods of 28 days.
2. When each team was trained: the day of its wave; without one, the period in which half of the team had finished the course.
3. Where teams were drawn by lot, only they are compared: what chose the others may be what made the difference.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, cast

import numpy as np
from sqlalchemy import and_, func, select

from tracker.core import clock
from tracker.core.clock import local_day
from tracker.core.db import db
from tracker.organisation.models import Membership
from tracker.ratings.models import CellWeek, ScoreWeek
from tracker.statistics.effects import NEVER, IntArray, rollout_effect
from tracker.statistics.scores import FloatArray
from tracker.training.certificate_models import Completion
from tracker.training.models import TrainingRule
from tracker.training.rollout_models import RolloutTeam, TrainingRollout
from tracker.training.rollout_rules import PERIOD_WEEKS

PERIODS = 26
WEEKS = (PERIODS + 1) * PERIOD_WEEKS - 1  # as many as hold 26 whole periods, wherever they begin
FOR_EVER = date.max.toordinal()
DAYS = 2 * FOR_EVER  # more than any day’s number: keys of (person, day) in one integer


@dataclass(frozen=True)
class Figures:
    """What is stored of a course. estimate, low, high in stars, None where they cannot be worked out; `n`, `enough`: see Effect.

    trained, waiting: teams with ratings that have had it, and that have not. days: first and last of the periods, ISO.
    by_lot: only teams of a draw are in it, and each that was trained was so by its turn."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    enough: bool
    trained: int
    waiting: int
    ratings: int
    days: tuple[str, str]
    by_lot: bool


@dataclass
class _Course:
    """Whoever was trained: first days of teams by their draw, `anchor` the newest draw’s first day; who finished it first when."""

    waves: dict[int, date] = field(default_factory=dict)
    drawn: set[int] = field(default_factory=set)
    anchor: date | None = None
    people: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)


def figures_of_courses(on: int, *, today: date, zone: str) -> dict[int, Figures]:
    """Course id -> figures as of week `on`, of every course with a rollout or a completion. 30 queries, whatever there is."""
    courses = _courses(today, zone)
    if not courses:
        return {}
    company = _Company.load(on)
    return {course_id: company.figures(course) for course_id, course in courses.items()}


def _courses(today: date, zone: str) -> dict[int, _Course]:
    found: dict[int, _Course] = {}
    columns = (TrainingRule.course_id, TrainingRule.since, TrainingRule.ended_at, RolloutTeam.team_id)
    places = (
        select(*columns, RolloutTeam.starts_on)
        .join(TrainingRollout, TrainingRollout.rule_id == TrainingRule.id)
        .join(RolloutTeam, RolloutTeam.rollout_id == TrainingRollout.id)
        .order_by(TrainingRule.id)
    )
    for course_id, since, ended_at, team, starts_on in db.session.execute(places):
        if since > today:
            continue  # nothing has come of it yet
        course = found.setdefault(course_id, _Course())
        course.anchor = since
        course.drawn.add(team)
        if ended_at is None or starts_on <= local_day(ended_at, zone):
            course.waves[team] = min(starts_on, course.waves.get(team, starts_on))
    first = func.min(Completion.completed_on)
    done = select(Completion.course_id, Completion.person_id, first).group_by(
        Completion.course_id, Completion.person_id
    )
    for course_id, person, day in db.session.execute(done):
        course = found.setdefault(course_id, _Course())
        course.people.append(person)
        course.days.append(day.toordinal())
    return found


@dataclass(frozen=True)
class _Places:
    """Who was in which team when: memberships by person and first day. Days are ordinals; `team` is a place in `teams`."""

    key: IntArray
    person: IntArray
    start: IntArray
    end: IntArray
    team: IntArray
    teams: list[int]

    @classmethod
    def load(cls) -> "_Places":
        columns = (Membership.person_id, Membership.started_on, Membership.ended_on, Membership.team_id)
        rows = db.session.execute(select(*columns).order_by(Membership.person_id, Membership.started_on)).all()
        numbers = [(p, s.toordinal(), e.toordinal() if e else FOR_EVER, t) for p, s, e, t in rows]
        person, start, end, team = np.array(numbers, dtype=np.int64).reshape(-1, 4).T
        teams, place = np.unique(team, return_inverse=True)
        return cls(person * DAYS + start, person, start, end, place, [int(one) for one in teams])

    def at(self, person: IntArray, day: IntArray, *, since: IntArray | None = None) -> IntArray:
        """The team each was in on a day, or the last one between `since` and that day; -1 for none."""
        if not len(self.key):
            return np.full(len(person), -1)
        last = np.searchsorted(self.key, person * DAYS + day, side="right") - 1
        held = (last >= 0) & (self.person[last] == person) & (self.end[last] > (day if since is None else since))
        return np.where(held, self.team[last], -1)

    def sizes(self, day: int) -> IntArray:
        """(teams,) how many people are in each that day."""
        holds = (self.start <= day) & (self.end > day)
        return np.bincount(self.team[holds], minlength=len(self.teams))


@dataclass(frozen=True)
class _Company:
    """n, residual (teams, WEEKS): ratings and sums of residuals of the weeks up to `on`."""

    on: int
    places: _Places
    n: FloatArray
    residual: FloatArray

    @classmethod
    def load(cls, on: int) -> "_Company":
        places = _Places.load()
        sums = np.zeros((2, len(places.teams), WEEKS))
        for person, week, n, residual in _rollup(on):
            monday = week * 7 + 1
            team = places.at(person, monday + 6, since=monday)
            known = team >= 0
            cell = team[known] * WEEKS + (week[known] - on + WEEKS - 1)
            for table, weight in zip(sums, (n, residual), strict=True):
                table += np.bincount(cell, weight[known], table.size).reshape(table.shape)
        return cls(on, places, sums[0], sums[1])

    def figures(self, course: _Course) -> Figures:
        weeks = self._weeks(course.anchor)
        n, residual = (_by_period(table, weeks - self.on + WEEKS - 1) for table in (self.n, self.residual))
        by_wave, by_half = self._wave_starts(course, weeks), self._half_starts(course, weeks)
        start = np.where(by_wave == NEVER, by_half, by_wave)
        chosen = n.sum(axis=1) > 0
        if course.drawn:
            chosen &= np.isin(self.places.teams, sorted(course.drawn))
        effect = rollout_effect(n=n[chosen], residual=residual[chosen], start=start[chosen])
        trained = int(((start >= 0) & (start < PERIODS))[chosen].sum())
        return Figures(
            _number(effect.estimate),
            _number(effect.low),
            _number(effect.high),
            effect.n,
            effect.enough,
            trained,
            int(chosen.sum()) - trained,
            int(n[chosen].sum()),
            (clock.monday_of(int(weeks[0])).isoformat(), date.fromordinal(_ends(weeks)[-1]).isoformat()),
            bool(course.drawn) and not (chosen & (by_wave == NEVER) & (by_half != NEVER)).any(),
        )

    def _weeks(self, anchor: date | None) -> IntArray:
        """The weeks of the periods: the last whole period up to `on`, as they are counted from `anchor`, and those before."""
        begins = clock.week_of(anchor) if anchor else 0
        last = self.on - (self.on + 1 - begins) % PERIOD_WEEKS
        return np.arange(last + 1 - PERIODS * PERIOD_WEEKS, last + 1)

    def _wave_starts(self, course: _Course, weeks: IntArray) -> IntArray:
        """(teams,) the period of a team’s wave; before the first one counts as 0, as rollout_effect wants it."""
        start = np.full(len(self.places.teams), NEVER)
        place = {team: index for index, team in enumerate(self.places.teams)}
        for team, day in course.waves.items():
            if team in place:
                start[place[team]] = max((clock.week_of(day) - int(weeks[0])) // PERIOD_WEEKS, 0)
        return start

    def _half_starts(self, course: _Course, weeks: IntArray) -> IntArray:
        """(teams,) the first period at whose end half had finished it: of those in the team then, and those who did it in it."""
        person, day = np.array(course.people, dtype=np.int64), np.array(course.days, dtype=np.int64)
        team = self.places.at(person, day)
        person, day, team = person[team >= 0], day[team >= 0], team[team >= 0]
        start = np.full(len(self.places.teams), NEVER)
        for period, end in reversed(list(enumerate(_ends(weeks)))):
            done = day <= end
            gone = done & (self.places.at(person, np.full(len(person), end)) != team)
            finished, left = (np.bincount(team[rows], minlength=len(start)) for rows in (done, gone))
            start[(finished > 0) & (2 * finished >= self.places.sizes(end) + left)] = period
        return start


def _rollup(on: int) -> Iterator[tuple[IntArray, IntArray, FloatArray, FloatArray]]:
    """person, week, ratings, sum of residuals; some weeks at a time, so that a large company fits into memory."""
    stars = (ScoreWeek.n1, ScoreWeek.n2, ScoreWeek.n3, ScoreWeek.n4, ScoreWeek.n5)
    n, total = stars[0] + stars[1] + stars[2] + stars[3] + stars[4], sum(k * count for k, count in enumerate(stars, 1))
    same = (getattr(ScoreWeek, name) == getattr(CellWeek, name) for name in ("touchpoint_id", "channel_id", "week"))
    statement = (
        select(ScoreWeek.person_id, ScoreWeek.week, func.sum(n), func.sum(total - n * CellWeek.mu))
        .join(CellWeek, and_(*same))
        .group_by(ScoreWeek.person_id, ScoreWeek.week)
    )
    for first in range(on - WEEKS + 1, on + 1, PERIOD_WEEKS):
        weeks = ScoreWeek.week.between(first, min(first + PERIOD_WEEKS - 1, on))
        # The driver's own rows, number by number: a million of them, each four plain numbers (see ratings.weekly).
        with closing(db.session.connection().execute(statement.where(weeks))) as result:
            numbers = chain.from_iterable(cast(Any, result.cursor))
            values = np.fromiter(numbers, dtype=np.float64).reshape(-1, 4)
        yield values[:, 0].astype(np.int64), values[:, 1].astype(np.int64), values[:, 2], values[:, 3]


def _by_period(table: FloatArray, columns: IntArray) -> FloatArray:
    """(teams, PERIODS) sums of four weeks each."""
    return np.asarray(table[:, columns].reshape(len(table), PERIODS, PERIOD_WEEKS).sum(axis=2))


def _ends(weeks: IntArray) -> list[int]:
    """The last day of each period, as an ordinal."""
    return [int(week) * 7 + 7 for week in weeks[PERIOD_WEEKS - 1 :: PERIOD_WEEKS]]


def _number(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
