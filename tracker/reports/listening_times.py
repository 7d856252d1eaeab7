"""How long it took until half were read, answered, acted on and told: by the database, however many there are.

The range of the middle is that of the share below it, turned back into times (R. Woodruff 1952); people are what is counted apart,
since one reads many at once.
"""

from math import ceil, floor, sqrt
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Subquery, case, cast, extract, func, select

from tracker.core.db import db
from tracker.reports.periods import Year
from tracker.reports.ranges import FEWEST_RATINGS
from tracker.reviews.models import Review
from tracker.statistics.disclosure import SMALLEST_GROUP
from tracker.statistics.proportions import Z, effective_n_of, sums_of

HOUR = 3600


def middle_of(steps: Subquery, step: str) -> list[float] | None:
    """[how many, hours to the middle, its range]; None below 30 ratings or five people.

    steps: a row a rating with `person`, `since` and the step’s own time, empty where it was not taken.
    """
    waited = _hours(steps.c[step], steps.c.since).label("hours")
    times = select(steps.c.person, waited).where(steps.c[step].is_not(None)).subquery()
    return _middle(times)


def review_times(year: Year) -> dict[str, Any]:
    """Public reviews of the year: how many, how many were answered in public, and the hours to it from when we read them."""
    within = (Review.received_at >= year.begins_at, Review.received_at < year.ends_at)
    answered = Review.outcome == "answer"
    counts = select(func.count(), func.sum(case((answered, 1), else_=0))).where(*within)
    n, done = db.session.execute(counts).one()
    waited = _hours(Review.answered_at, Review.received_at).label("hours")
    times = select(Review.id.label("person"), waited).where(*within, answered, Review.answered_at.is_not(None))
    return {"n": n, "answered": int(done or 0), "time": _middle(times.subquery())}


def _middle(times: Subquery) -> list[float] | None:
    n, people = db.session.execute(select(func.count(), func.count(times.c.person.distinct()))).one()
    if n < FEWEST_RATINGS or people < SMALLEST_GROUP:
        return None
    middle = _at_ranks(times, [(n + 1) // 2])[0]
    faster = func.sum(case((times.c.hours <= middle, 1), else_=0))
    rows = db.session.execute(select(func.count(), faster).group_by(times.c.person)).all()
    size = effective_n_of(sums_of([int(row[0]) for row in rows], [int(row[1]) for row in rows]))
    reach = Z / 2 * n / sqrt(size)
    ranks = [max(1, floor(n / 2 - reach)), min(n, ceil(n / 2 + reach) + 1)]
    low, high = _at_ranks(times, ranks)
    return [n, *(round(max(hours, 0.0), 1) for hours in (middle, low, high))]


def _at_ranks(times: Subquery, ranks: list[int]) -> list[float]:
    """The hours at these places, counted from 1, the shortest first."""
    numbered = select(times.c.hours, func.row_number().over(order_by=times.c.hours).label("place")).subquery()
    found: Select[Any] = select(numbered.c.place, numbered.c.hours).where(numbered.c.place.in_(ranks))
    by_place = {place: float(hours) for place, hours in db.session.execute(found)}
    return [by_place[rank] for rank in ranks]


def _hours(later: Any, earlier: Any) -> ColumnElement[Any]:
    if db.engine.dialect.name == "sqlite":
        days: ColumnElement[Any] = func.julianday(later) - func.julianday(earlier)
        return days * 24.0
    seconds: ColumnElement[Any] = extract("epoch", later - earlier)
    return cast(seconds, Float) / float(HOUR)
