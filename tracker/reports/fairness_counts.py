"""What is counted of everybody for the fairness audit: sums made by the database, one row a person, never one a rating.

All of it is of whole weeks whose check ran and was told to everybody: an alert whose head start went on longer is left out for good.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, and_, exists, func, select

from tracker.core import clock
from tracker.core.db import db
from tracker.disputes.models import Dispute, DisputeRound
from tracker.organisation.models import Person
from tracker.ratings.fall_models import WeeklyCheck
from tracker.ratings.fall_queries import TOLD_LATER
from tracker.ratings.models import CellWeek, Fall, Interaction, Rating, ScoreWeek
from tracker.reports.fairness_groups import groups_of, teams_of
from tracker.reports.fairness_rules import People
from tracker.reports.periods import Year
from tracker.statistics.falls import Parameters

Floats = NDArray[np.float64]
CHANGED = ("accepted", "partly")
STANDARD = Parameters()
REACH = max(STANDARD.windows_weeks) + STANDARD.baseline_weeks


def weeks_of(year: Year) -> range:
    """The weeks that begin within the year: a month is read when the check of the week that holds its last day has been told."""
    first, last = clock.week_of(year.since), clock.week_of(year.last)
    return range(first + (clock.monday_of(first) < year.since), last + 1)


def told_at(year: Year) -> datetime:
    """When what the year's last check found had been told."""
    return datetime.combine(clock.monday_of(weeks_of(year)[-1] + 1), time(), UTC) + TOLD_LATER


def last_told(at: datetime) -> int | None:
    """The last week whose check ran so long ago that everybody has been told; None before the first."""
    return db.session.scalar(select(func.max(WeeklyCheck.week)).where(WeeklyCheck.ran_at <= at - TOLD_LATER))


def checks_run(year: Year) -> list[int]:
    """The weeks of the year whose check ran."""
    weeks = weeks_of(year)
    ran = select(WeeklyCheck.week).where(WeeklyCheck.week >= weeks[0], WeeklyCheck.week <= weeks[-1])
    return list(db.session.scalars(ran.order_by(WeeklyCheck.week)))


def people_of(year: Year) -> People:
    """Everybody with a rating that counts in the year’s weeks."""
    weeks, ran = weeks_of(year), checks_run(year)
    ratings = _ratings(weeks)
    people = sorted(ratings)
    sums = np.array([ratings[person] for person in people], dtype=np.float64).reshape(-1, 4)
    alerts, changed = _alerts(year, weeks)
    asked = _pairs(_asked(weeks))
    return People(
        team=np.array(teams_of(people, until=year.until), dtype=np.int64),
        n=sums[:, 0],
        s=sums[:, 1],
        q=sums[:, 2],
        x=sums[:, 3],
        weeks=_weeks_here(people, ran),
        checks=_checks(people, weeks, ran),
        alerts=_column(people, alerts),
        asked=_column(people, {person: counts[0] for person, counts in asked.items()}),
        answered=_column(people, {person: counts[1] for person, counts in asked.items()}),
        left_out=_column(people, {person: counts[0] for person, counts in _pairs(_left_out(weeks)).items()}),
        changed=_column(people, changed),
        groups=groups_of(people, until=year.until),
    )


def _ratings(weeks: range) -> dict[int, Sequence[float]]:
    """person -> ratings, their sum, their sum of squares, and what the same work usually gets."""
    counts = [ScoreWeek.n1, ScoreWeek.n2, ScoreWeek.n3, ScoreWeek.n4, ScoreWeek.n5]
    n = counts[0] + counts[1] + counts[2] + counts[3] + counts[4]
    total = counts[0] + 2 * counts[1] + 3 * counts[2] + 4 * counts[3] + 5 * counts[4]
    squares = counts[0] + 4 * counts[1] + 9 * counts[2] + 16 * counts[3] + 25 * counts[4]
    same = and_(
        CellWeek.touchpoint_id == ScoreWeek.touchpoint_id,
        CellWeek.channel_id == ScoreWeek.channel_id,
        CellWeek.week == ScoreWeek.week,
    )
    rows: Iterable[Any] = db.session.execute(
        select(ScoreWeek.person_id, func.sum(n), func.sum(total), func.sum(squares), func.sum(n * CellWeek.mu))
        .join(CellWeek, same)
        .where(*_within(ScoreWeek.week, weeks))
        .group_by(ScoreWeek.person_id)
    )
    return {person: [float(value) for value in values] for person, *values in rows if values[0]}


def _weeks_here(people: Sequence[int], ran: Sequence[int]) -> Floats:
    """Of the weeks whose check ran, how many each worked here from beginning to end."""
    dates = {row[0]: row[1:] for row in db.session.execute(select(Person.id, Person.started_on, Person.ended_on))}
    mondays = np.array([clock.monday_of(week).toordinal() for week in ran], dtype=np.int64)
    found = []
    for person in people:
        started_on, ended_on = dates[person]
        here = (mondays >= (started_on.toordinal() if started_on else 0)) & (
            mondays + 7 <= (ended_on.toordinal() if ended_on else mondays.max(initial=0) + 7)
        )
        found.append(float(here.sum()))
    return np.array(found)


def _checks(people: Sequence[int], weeks: range, ran: Sequence[int]) -> Floats:
    """Of the weeks whose check ran, those in which each had ratings enough: as `falls.check` asks for."""
    place = {person: i for i, person in enumerate(people)}
    first = weeks[0] - REACH
    totals = np.zeros((len(people), len(weeks) + REACH + 1))  # of the weeks before, so that a span is one subtraction
    n = ScoreWeek.n1 + ScoreWeek.n2 + ScoreWeek.n3 + ScoreWeek.n4 + ScoreWeek.n5
    within = (ScoreWeek.week >= first, ScoreWeek.week <= weeks[-1])
    rows = select(ScoreWeek.person_id, ScoreWeek.week, func.sum(n)).where(*within)
    for person, week, many in db.session.execute(rows.group_by(ScoreWeek.person_id, ScoreWeek.week)):
        if person in place:
            totals[place[person], week - first + 1] += many
    running = totals.cumsum(axis=1)
    return sum((_tested(running, week + 1 - first).astype(float) for week in ran), np.zeros(len(people)))


def _tested(running: Floats, end: int) -> NDArray[np.bool_]:
    """Whether any window that ends before place `end` counts, with the baseline before it."""
    counts = np.zeros(len(running), dtype=bool)
    for window in STANDARD.windows_weeks:
        start = end - window
        recent, before = running[:, end] - running[:, start], running[:, start]
        past = before - running[:, max(start - STANDARD.baseline_weeks, 0)]
        counts |= (recent >= STANDARD.min_window_n) & (past >= STANDARD.min_baseline_n)
    return counts


def _alerts(year: Year, weeks: range) -> tuple[dict[int, int], dict[int, int]]:
    """person -> alerts, and those of them in whose ratings a second look changed something afterwards."""
    rows = select(Fall.person_id, Fall.week, Fall.window_weeks, Fall.found_at)
    told = rows.where(*_within(Fall.week, weeks), Fall.shares_at <= told_at(year))
    alerts: dict[int, int] = {}
    changed: dict[int, int] = {}
    for person, week, window, found_at in db.session.execute(told):
        alerts[person] = alerts.get(person, 0) + 1
        since, until = clock.monday_of(week - window + 1), clock.monday_of(week + 1)
        changed[person] = changed.get(person, 0) + bool(db.session.scalar(_changes(person, since, until, found_at)))
    return alerts, changed


def _changes(person: int, since: Any, until: Any, found_at: datetime) -> Select[bool]:
    looked = (
        select(DisputeRound.id)
        .join(Dispute, Dispute.id == DisputeRound.dispute_id)
        .join(Rating, Rating.id == Dispute.rating_id)
        .where(
            Dispute.person_id == person,
            DisputeRound.outcome.in_(CHANGED),
            DisputeRound.decided_at > found_at,
            Rating.rated_on >= since,
            Rating.rated_on < until,
        )
    )
    return select(exists(looked))


def _asked(weeks: range) -> Select[*tuple[Any, ...]]:
    """person, customers asked, and how many of them answered."""
    since, until = clock.monday_of(weeks[0]), clock.monday_of(weeks[-1] + 1)
    return (
        select(Interaction.person_id, func.count(), func.count(Rating.id))
        .outerjoin(Rating, Rating.interaction_id == Interaction.id)
        .where(Interaction.invited_at.is_not(None), Interaction.ended_on >= since, Interaction.ended_on < until)
        .where(Interaction.person_id.is_not(None))
        .group_by(Interaction.person_id)
    )


def _left_out(weeks: range) -> Select[*tuple[Any, ...]]:
    since, until = clock.monday_of(weeks[0]), clock.monday_of(weeks[-1] + 1)
    within = (Rating.rated_on >= since, Rating.rated_on < until, Rating.person_id.is_not(None))
    counts = select(Rating.person_id, func.count()).where(Rating.excluded_at.is_not(None), *within)
    return counts.group_by(Rating.person_id)


def _pairs(statement: Select[*tuple[Any, ...]]) -> dict[int, list[int]]:
    return {person: [int(count) for count in counts] for person, *counts in db.session.execute(statement)}


def _column(people: Sequence[int], counts: dict[int, int]) -> Floats:
    return np.array([counts.get(person, 0) for person in people], dtype=np.float64)


def _within(column: Any, weeks: range) -> tuple[Any, ...]:
    return column >= weeks[0], column <= weeks[-1]
