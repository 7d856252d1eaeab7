"""The demo company in one call: `generate(today=...)`.

The same seed and day give the same company, and the stories (see `story`) keep their distance to `today`, whatever day
that is. Everything is drawn from seeded generators; nothing reads the clock.
"""

from __future__ import annotations

from datetime import date, timedelta

from tracker.demo.customers import customers
from tracker.demo.footfall import calendar, ratings_per_day, teams_by_day
from tracker.demo.holidays import public_holidays
from tracker.demo.places import CHANNELS, COMPANY, DRIVERS, EMOTIONS, TEAMS, TOUCHPOINTS, ZONE
from tracker.demo.records import Absence, Company, Holiday, Membership, Rating
from tracker.demo.staffing import Employee, absences, deputies, employees, memberships, tenures
from tracker.demo.stars import stars
from tracker.demo.story import truths
from tracker.demo.visits import visits
from tracker.demo.writing import written

WEEKS = 61


def generate(*, seed: int = 2027, today: date) -> Company:
    """The company as of the morning of `today`: 61 full weeks of ratings and the days of this week before today."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS)
    staff = employees(monday=monday)
    members = memberships(staff, monday=monday)
    away = absences(staff, monday=monday, weeks=WEEKS, seed=seed)
    holidays = public_holidays(first, today + timedelta(days=365))
    return Company(
        name=COMPANY,
        zone=ZONE,
        seed=seed,
        today=today,
        started_on=first,
        teams=TEAMS,
        people=tuple(one.person for one in staff),
        memberships=members,
        tenures=tenures(staff, monday=monday),
        absences=away,
        deputies=deputies(monday=monday),
        holidays=holidays,
        touchpoints=TOUCHPOINTS,
        channels=CHANNELS,
        drivers=DRIVERS,
        emotions=EMOTIONS,
        ratings=_ratings(staff, members, away, holidays, first=first, today=today, seed=seed),
        truths=truths(monday=monday),
    )


def _ratings(
    staff: tuple[Employee, ...],
    members: tuple[Membership, ...],
    away: tuple[Absence, ...],
    holidays: tuple[Holiday, ...],
    *,
    first: date,
    today: date,
    seed: int,
) -> tuple[Rating, ...]:
    """How many and when, by whom, how many stars, and in which words: in that order."""
    days = calendar(first=first, today=today, holidays=frozenset(holiday.day for holiday in holidays))
    teams = teams_by_day(staff, members, days)
    seen = visits(ratings_per_day(staff, teams, away, days, seed=seed), teams, days, seed=seed)
    guests = customers(seen, seed=seed)
    given = stars(staff, seen, guests.severity, days, seed=seed)
    return written(staff, seen, guests, given, days, seed=seed)
