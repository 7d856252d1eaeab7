"""A report with something in it: ratings of October, read in November, its figures worked out by the jobs."""

from datetime import UTC, date, datetime

from tests.conftest import Cast
from tests.factories import a_rating, a_touchpoint
from tests.reports.companies import a_check
from tests.reports.jobs import all_worked_out
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.models import CellWeek

OCTOBER = date(2026, 10, 1)
NEXT_READ = datetime(2026, 12, 9, 9, tzinfo=UTC)  # then November is read, too


def october_rated(cast: Cast) -> None:
    """Three ratings at the tills, none of the calls afterwards; names that a spreadsheet might run or a page might mangle."""
    with transaction():
        tills = a_touchpoint()
        a_touchpoint("=Call-back & more", stage="post_purchase")
        answers = [a_rating(cast.amina, stars, on=date(2026, 10, 14)) for stars in (5, 4, 2)]
        first = clock.week_of(OCTOBER) - 1
        db.session.add_all(
            CellWeek(touchpoint_id=tills.id, channel_id=answers[0].channel_id or 0, week=week, mu=4.0)
            for week in range(first, first + 11)
        )
        a_check(date(2026, 10, 31), datetime(2026, 11, 2, 1, tzinfo=UTC))
        a_check(date(2026, 11, 30), datetime(2026, 12, 7, 1, tzinfo=UTC))
    all_worked_out()
