"""Ratings of customers who can be told apart, month by month of a year: what every figure about returning customers rests on.

Credited ratings, as everywhere in the reports; one that waits in the tray counts once it is credited. A rating without its customer’s
number cannot be followed, and is counted as that alone.
"""

from typing import Any

from sqlalchemy import ColumnElement, Label, Subquery, case, func, select

from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.ratings.month_models import TeamMonth
from tracker.ratings.policy import counted
from tracker.reports.periods import Year

LOW, FOUR, FIVE = 0, 1, 2  # below 4 stars, 4 stars, 5 stars
WAYS = {"four": FOUR, "five": FIVE}  # what may count as happy -> from which of these on


def rated_in(year: Year) -> tuple[ColumnElement[bool], ...]:
    return (
        counted(),
        # Person by person, since that is how days of ratings are found without reading all years.
        Rating.person_id.in_(select(Person.id)),
        Rating.rated_on >= year.since,
        Rating.rated_on < year.until,
        Rating.excluded_at.is_(None),
    )


def kind_of_stars() -> ColumnElement[int]:
    return case((Rating.stars >= 5, FIVE), (Rating.stars >= 4, FOUR), else_=LOW)


def place_of(*partition: Any) -> ColumnElement[int]:
    """1 for the latest rating of each; two at the same moment in the order in which they came."""
    return func.row_number().over(partition_by=partition, order_by=(Rating.rated_at.desc(), Rating.id.desc()))


def summed(one: Subquery, names: list[str]) -> list[Label[Any]]:
    """How many rows, and the sums of these columns, 0 where there is no row."""
    return [func.count().label("rows"), *(func.coalesce(func.sum(one.c[name]), 0).label(name) for name in names)]


def how_many(year: Year) -> dict[str, int]:
    """`customers` who rated, their `followed` ratings and the `ratings` of all; `months` of the year that hold ratings."""
    counts = select(func.count(Rating.customer_id.distinct()), func.count(Rating.customer_id), func.count())
    customers, followed, ratings = db.session.execute(counts.where(*rated_in(year))).one()
    within = (TeamMonth.month >= year.since, TeamMonth.month < year.until)
    months = db.session.scalar(select(func.count(TeamMonth.month.distinct())).where(*within))
    return {"customers": customers, "followed": followed, "ratings": ratings, "months": months or 0}
