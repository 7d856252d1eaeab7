"""Which ratings every report counts: credited ones, one by one, or as they were added up by team and month."""

from sqlalchemy import ColumnElement, SQLColumnExpression

from tracker.ratings.month_models import TeamMonth
from tracker.ratings.policy import credited
from tracker.reports.periods import Period, Year

RATINGS: SQLColumnExpression[int] = TeamMonth.n1 + TeamMonth.n2 + TeamMonth.n3 + TeamMonth.n4 + TeamMonth.n5
HAPPY: SQLColumnExpression[int] = TeamMonth.n4 + TeamMonth.n5


def credited_in(days: Year | Period) -> tuple[ColumnElement[bool], ...]:
    """Of `Rating`: the same ones that the totals of months hold. One that waits in the tray counts once it is credited."""
    return credited(since=days.since, until=days.until)


def totals_in(year: Year) -> tuple[ColumnElement[bool], ...]:
    """Of `TeamMonth`: the months of a year."""
    return TeamMonth.month >= year.since, TeamMonth.month < year.until
