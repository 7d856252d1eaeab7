"""Ratings of customers who can be told apart, of a year: what every figure about returning customers rests on.

A rating without its customer’s number cannot be followed, and is counted as that alone.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from tracker.core.db import db
from tracker.ratings.models import Rating
from tracker.ratings.month_models import TeamMonth
from tracker.reports.periods import Year
from tracker.reports.rated import credited_in, totals_in

LOW, FOUR, FIVE = 0, 1, 2  # below 4 stars, 4 stars, 5 stars
WAYS = {"four": FOUR, "five": FIVE}  # what may count as happy -> from which of these on


def kind_of_stars() -> ColumnElement[int]:
    return case((Rating.stars >= 5, FIVE), (Rating.stars >= 4, FOUR), else_=LOW)


def place_of(*partition: Any) -> ColumnElement[int]:
    """1 for the latest rating of each; two at the same moment in the order in which they came."""
    return func.row_number().over(partition_by=partition, order_by=(Rating.rated_at.desc(), Rating.id.desc()))


def how_many(year: Year) -> dict[str, int]:
    """`customers` who rated, their `followed` ratings and the `ratings` of all; `months` of the year that hold ratings."""
    counts = select(func.count(Rating.customer_id.distinct()), func.count(Rating.customer_id), func.count())
    customers, followed, ratings = db.session.execute(counts.where(*credited_in(year))).one()
    months = db.session.scalar(select(func.count(TeamMonth.month.distinct())).where(*totals_in(year)))
    return {"customers": customers, "followed": followed, "ratings": ratings, "months": months or 0}
