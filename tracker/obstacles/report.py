"""How many ratings each thing stood in the way of: in groups of five people or more, up to last Sunday.

Counts of whole weeks, so that nobody can see from one day to the next what one person has just said.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import func, select

from tracker.core import clock
from tracker.core.db import db
from tracker.obstacles.rules import MONTHS, first_month, months_back
from tracker.organisation.queries import the_organisation
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, Obstacle
from tracker.statistics.disclosure import SMALLEST_GROUP


@dataclass(frozen=True)
class Said:
    """One obstacle that counts. `rating` tells ratings apart, also those that customers took back."""

    cause_id: int | None
    month: date
    person_id: int | None
    rating: int
    stars: int


@dataclass(frozen=True)
class Tally:
    """A group of five people or more: how many ratings, whose service they were about, and their stars from 5 to 1."""

    ratings: int
    people: int
    stars: tuple[int, ...]


@dataclass(frozen=True)
class Period:
    """`until` is the first day that is not counted any more."""

    since: date
    until: date

    @property
    def months(self) -> list[date]:
        first = [months_back(self.until, count) for count in reversed(range(MONTHS + 1))]
        return [month for month in first if self.since <= month < self.until]


def period_of(today: date) -> Period:
    return Period(first_month(today), clock.monday_of(clock.week_of(today)))


def said_in(period: Period, *, cause_id: int | None = None) -> list[Said]:
    """Everything that was said until then about ratings of the period; of one cause alone when it is given."""
    whole = func.coalesce(Cause.merged_into_id, Cause.id)
    organisation = the_organisation()
    until = clock.moment_at(period.until, time(), organisation.time_zone if organisation else "UTC")
    stars = func.coalesce(Rating.stars, Obstacle.stars)
    statement = (
        select(whole, Obstacle.rated_on, Obstacle.person_id, Obstacle.rating_id, Obstacle.id, stars)
        .outerjoin(Cause, Cause.id == Obstacle.cause_id)
        .outerjoin(Rating, Rating.id == Obstacle.rating_id)
        .where(Obstacle.rated_on >= period.since, Obstacle.rated_on < period.until, Obstacle.said_at < until)
    )
    if cause_id is not None:
        statement = statement.where(whole == cause_id)
    return [_said(*row) for row in db.session.execute(statement)]


def _said(cause: int | None, on: date | None, person: int | None, rating: int | None, id: int, stars: int) -> Said:
    return Said(cause, (on or date.min).replace(day=1), person, rating if rating is not None else -id, stars)


def tally(said: Iterable[Said]) -> Tally | None:
    """None under five people. A rating that two people named counts once."""
    rows = list(said)
    if len(_people(rows)) < SMALLEST_GROUP:
        return None
    stars = {one.rating: one.stars for one in rows}
    counts = tuple(sum(value == number for value in stars.values()) for number in range(5, 0, -1))
    return Tally(len(stars), len(_people(rows)), counts)


def by_cause(said: Iterable[Said]) -> dict[int | None, list[Said]]:
    found: dict[int | None, list[Said]] = defaultdict(list)
    for one in said:
        found[one.cause_id].append(one)
    return found


def by_month(said: Iterable[Said], months: Iterable[date]) -> dict[date, int | None]:
    """Ratings each month; None where a month is hidden: under five people, or the sum of the others would tell of fewer."""
    rows = {month: [one for one in said if one.month == month] for month in months}
    hidden = {month for month, found in rows.items() if 0 < len(_people(found)) < SMALLEST_GROUP}
    shown = sorted(
        (month for month in rows if rows[month] and month not in hidden), key=lambda m: len(_people(rows[m]))
    )
    while hidden and shown and len(_people(_together(rows, hidden))) < SMALLEST_GROUP:
        hidden.add(shown.pop(0))
    return {month: None if month in hidden else len({one.rating for one in found}) for month, found in rows.items()}


def _together(rows: dict[date, list[Said]], months: set[date]) -> list[Said]:
    return [one for month in months for one in rows[month]]


def _people(said: Iterable[Any]) -> set[int]:
    return {one.person_id for one in said if one.person_id is not None}
