"""Which ratings reports count: from the first day to the last, whole months of totals, and nothing that counts for nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tracker.core.db import db, transaction
from tracker.ratings.models import Rating
from tracker.ratings.month_models import TeamMonth
from tracker.reports.periods import Period, Year
from tracker.reports.rated import HAPPY, RATINGS, credited_in, totals_in

YEAR = Year(date(2026, 9, 1))
DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [YEAR, Period(date(2026, 6, 1), date(2026, 8, 31))], ids=["year", "weeks"])
def test_the_first_and_the_last_day_count_and_no_other(cast: Cast, days: Year | Period) -> None:
    with transaction():
        for day in (days.since - DAY, days.since, days.last, days.until):
            a_rating(cast.amina, 4, on=day)
    found = db.session.scalars(select(Rating.rated_on).where(*credited_in(days)).order_by(Rating.rated_on))
    assert list(found) == [days.since, days.last]


def test_what_is_left_out_or_waits_for_its_person_is_not_counted(cast: Cast) -> None:
    with transaction():
        counts = a_rating(cast.amina, 5, on=YEAR.last)
        a_rating(cast.amina, 1, on=YEAR.last).excluded_at = NOW
        a_rating(None, 1, on=YEAR.last)
    assert db.session.scalars(select(Rating.id).where(*credited_in(YEAR))).all() == [counts.id]


def test_totals_are_of_the_twelve_months_and_no_other(cast: Cast) -> None:
    months = [YEAR.before.month, YEAR.since, YEAR.month, YEAR.until]
    counts = {"n1": 1, "n2": 2, "n3": 4, "n4": 8, "n5": 16, "expected": 0.0}
    row = {"team_id": cast.tills.id, "touchpoint_id": 0, "channel_id": 0, **counts}
    with transaction():
        db.session.execute(insert(TeamMonth), [{"month": month, **row} for month in months])
    found = select(TeamMonth.month, RATINGS, HAPPY).where(*totals_in(YEAR)).order_by(TeamMonth.month)
    assert [tuple(row) for row in db.session.execute(found)] == [(YEAR.since, 31, 24), (YEAR.month, 31, 24)]
