"""Which group everybody is in: contract, language, time here, shift. Each person’s own, read once; nobody is looked at twice over.

Contract and language stand with the person. Time here counts to the last day of the year, or to the own last day before it. A shift is
where the middle of somebody’s working hours lies: by the posts they held, else by when those were served whom a till reports.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import atan2, cos, hypot, pi, sin
from typing import Any

from sqlalchemy import ColumnElement, extract, func, literal_column, select

from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Membership, Organisation, Person, Team
from tracker.posts.models import Shift
from tracker.ratings.models import Interaction
from tracker.reports.fairness_rules import NOT_RECORDED

LOOKED_AT = ("contract", "language", "tenure", "shift")
SHIFT_WEEKS = 13
FEWEST_SHIFTS, FEWEST_SERVED = 5, 20
# Hours at which the middle of a shift begins to count as the next kind: 6 to 14 is early, 9 to 17 day, 13 to 21 late.
KINDS = ((5.0, "1_early"), (11.5, "2_day"), (15.5, "3_late"), (21.0, "4_night"))
# How much hours gather around their middle, 0 to 1; eight hours in a row: 0.83, early and late by turns: 0.4.
ALIKE = 0.6
SHORT, LONG = 183, 730  # days: six months, two years

Hours = dict[int, list[tuple[float, float]]]  # person -> (hour of the local day, how many of it)


def groups_of(people: Sequence[int], *, until: date) -> dict[str, list[str]]:
    """What is looked at -> each one’s group, in the order of `people`. until: the first day after the year."""
    columns = (Person.id, Person.contract, Person.language, Person.started_on, Person.ended_on)
    rows = {row[0]: row for row in db.session.execute(select(*columns))}
    shifts = _shifts(until)
    found: dict[str, list[str]] = {key: [] for key in LOOKED_AT}
    for person in people:
        _id, contract, language, started_on, ended_on = rows[person]
        found["contract"].append(_written(contract))
        found["language"].append(_written(language))
        found["tenure"].append(_tenure(started_on, min(ended_on or until, until)))
        found["shift"].append(shifts.get(person, NOT_RECORDED))
    return found


def teams_of(people: Sequence[int], *, until: date) -> list[int]:
    """The team each was in last. Somebody who never was in one stands alone, under a number of their own."""
    held = select(Membership.person_id, Membership.team_id).where(Membership.started_on < until)
    last: Mapping[int, int] = dict(iter(db.session.execute(held.order_by(Membership.started_on, Membership.id))))
    return [last.get(person, -person) for person in people]


def _written(value: str | None) -> str:
    """The group of what somebody wrote into a person’s row, marked so that it is never taken for one of ours."""
    plain = " ".join((value or "").split()).casefold()
    return f"={plain}" if plain else NOT_RECORDED


def _tenure(started_on: date | None, until: date) -> str:
    if started_on is None:
        return NOT_RECORDED
    days = (until - started_on).days
    return "1_under_6" if days < SHORT else "2_6_to_24" if days < LONG else "3_over_24"


def _shifts(until: date) -> dict[int, str]:
    since = until - timedelta(weeks=SHIFT_WEEKS)
    zones = _zones(until)
    served, held = _served(since, until, zones), _held(since, until, zones)
    return {person: shift_of(hours) for person, hours in {**served, **held}.items()}


def shift_of(hours: Sequence[tuple[float, float]]) -> str:
    """early, day, late or night, by the middle of the hours around the clock; “changing” where they gather nowhere."""
    east = sum(many * cos(hour * pi / 12) for hour, many in hours)
    north = sum(many * sin(hour * pi / 12) for hour, many in hours)
    if hypot(east, north) < ALIKE * sum(many for _hour, many in hours):
        return "5_changing"
    middle = atan2(north, east) * 12 / pi % 24
    return next((name for begins, name in reversed(KINDS) if middle >= begins), "4_night")


def _held(since: date, until: date, zones: Mapping[int, str]) -> Hours:
    """By the posts that people held, hour by hour."""
    begins, ends = (datetime.combine(day, time(), UTC) for day in (since, until))
    held = select(Shift.person_id, Shift.starts_at, Shift.ends_at).where(
        Shift.withdrawn_at.is_(None), Shift.starts_at >= begins, Shift.starts_at < ends
    )
    hours: Hours = {}
    counts: dict[int, int] = {}
    for person, starts_at, ends_at in db.session.execute(held):
        first = starts_at.astimezone(clock.zone(zones.get(person, "UTC")))
        start, length = first.hour + first.minute / 60, (ends_at - starts_at) / timedelta(hours=1)
        steps = max(round(length), 1)
        hours.setdefault(person, []).extend(
            (start + length * (step + 0.5) / steps, length / steps) for step in range(steps)
        )
        counts[person] = counts.get(person, 0) + 1
    return {person: found for person, found in hours.items() if counts[person] >= FEWEST_SHIFTS}


def _served(since: date, until: date, zones: Mapping[int, str]) -> Hours:
    """By when service ended: counted by month, since clocks change, and hour."""
    month, hour = extract("month", Interaction.ended_on), extract("hour", _in_utc(Interaction.ended_at))
    rows: Any = db.session.execute(
        select(Interaction.person_id, month, hour, func.count())
        .where(Interaction.person_id.is_not(None), Interaction.ended_on >= since, Interaction.ended_on < until)
        .group_by(Interaction.person_id, month, hour)
    )
    hours: Hours = {}
    for person, in_month, at_hour, many in rows:
        ahead = _hours_ahead(zones.get(person, "UTC"), int(in_month), until)
        hours.setdefault(person, []).append((int(at_hour) + 0.5 + ahead, float(many)))
    return {person: found for person, found in hours.items() if sum(many for _hour, many in found) >= FEWEST_SERVED}


def _in_utc(column: Any) -> ColumnElement[Any]:
    """PostgreSQL would read the hour off the clock of its session."""
    is_postgres = db.engine.dialect.name == "postgresql"
    return func.timezone(literal_column("'UTC'"), column) if is_postgres else column


def _hours_ahead(zone: str, month: int, until: date) -> float:
    """Of UTC, in the middle of that month, the last one before `until`."""
    year = until.year if (month, 15) < (until.month, until.day) else until.year - 1
    offset = datetime(year, month, 15, 12, tzinfo=clock.zone(zone)).utcoffset() or timedelta()
    return offset / timedelta(hours=1)


def _zones(until: date) -> dict[int, str]:
    company = db.session.scalar(select(Organisation.time_zone)) or "UTC"
    held = select(Membership.person_id, Team.time_zone).join(Team, Team.id == Membership.team_id)
    rows = held.where(Membership.started_on < until).order_by(Membership.started_on, Membership.id)
    everybody = dict.fromkeys(db.session.scalars(select(Person.id)), company)
    return everybody | dict(iter(db.session.execute(rows)))
