"""The report about customers: months that can be read, figures as kept, and who reads it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.conftest import Cast
from tests.factories import a_rating, a_touchpoint
from tests.reports.companies import a_check, a_published_round
from tests.reports.jobs import READ, all_worked_out, folded
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.actions import exclude_rating
from tracker.ratings.jobs import fold_months
from tracker.ratings.models import CellWeek, Rating
from tracker.ratings.month_models import FoldedMonth, TeamMonth, TeamMonthPeople
from tracker.reports.jobs import work_out
from tracker.reports.models import ReportFigures
from tracker.reports.periods import Year, months_read

OCTOBER = date(2026, 10, 1)
# October ends in the week whose check runs on Monday, 2 November; two days later everybody has been told.
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


@pytest.fixture
def rated(cast: Cast) -> Cast:
    with transaction():
        tills = a_touchpoint()
        a_touchpoint("Call-back", stage="post_purchase")
        answers = [a_rating(cast.amina, stars, on=date(2026, 10, 14)) for stars in (5, 4, 2)]
        a_check(date(2026, 10, 31), MONDAY - timedelta(hours=5))
        first = clock.week_of(OCTOBER) - 1
        db.session.add_all(
            CellWeek(touchpoint_id=tills.id, channel_id=answers[0].channel_id or 0, week=week, mu=4.0)
            for week in range(first, first + 6)
        )
    return cast


def test_a_month_is_added_up_by_team_with_what_its_cells_usually_get(rated: Cast) -> None:
    fold_months(READ)
    row = db.session.scalars(select(TeamMonth)).one()
    assert (row.month, row.n2, row.n4, row.n5, row.expected) == (OCTOBER, 1, 1, 1, pytest.approx(12.0))
    people = db.session.scalars(select(TeamMonthPeople)).one()
    assert (people.team_id, people.people) == (row.team_id, 1)


def test_adding_up_again_changes_nothing_but_a_change_does(rated: Cast) -> None:
    assert fold_months(READ) >= 1
    assert fold_months(READ) == 0
    with transaction():
        rating = db.session.scalars(select(Rating).where(Rating.stars == 2)).one()
        exclude_rating(rating, by=rating.person_id or 0, reason="test", at=READ)
    assert fold_months(READ) == 1
    assert db.session.scalars(select(FoldedMonth.version).where(FoldedMonth.month == OCTOBER)).one() == 2
    assert db.session.scalars(select(TeamMonth.n2)).one() == 0


@pytest.mark.parametrize(("at", "read"), [(MONDAY, []), (READ, [OCTOBER])])
def test_a_month_is_read_when_everybody_has_been_told(rated: Cast, at: datetime, read: list[date]) -> None:
    fold_months(at)
    assert [month for month in months_read(at) if month == OCTOBER] == read


def test_a_month_waits_for_its_own_last_week(rated: Cast) -> None:
    """The check of the week before has been told; that of the week with the last day has run."""
    with transaction():
        a_check(date(2026, 10, 25), MONDAY - timedelta(days=7))
    folded(MONDAY)
    assert db.session.get(FoldedMonth, OCTOBER) is not None
    assert OCTOBER not in months_read(MONDAY)
    assert OCTOBER in months_read(READ)


def test_a_year_has_twelve_months() -> None:
    year = Year(OCTOBER)
    assert (year.since, year.last, year.before.month) == (date(2025, 11, 1), date(2026, 10, 31), date(2025, 10, 1))
    assert len(set(year.months)) == 12
    assert year.months[-1] == OCTOBER


def test_figures_are_kept_once_and_renewed_when_ratings_change(rated: Cast) -> None:
    all_worked_out()
    assert work_out(READ) == 0
    before = db.session.scalars(select(ReportFigures.rests_on).where(ReportFigures.month == OCTOBER)).first()
    with transaction():
        db.session.execute(update(FoldedMonth).where(FoldedMonth.month == OCTOBER).values(version=9))
    all_worked_out()
    after = db.session.scalars(select(ReportFigures.rests_on).where(ReportFigures.month == OCTOBER)).first()
    assert (before, after) == (1 + _others(), 9 + _others())
    assert work_out(READ + timedelta(hours=23)) == 0
    assert work_out(READ + timedelta(hours=25)) > 0


def test_figures_are_renewed_when_a_round_of_the_year_has_closed(rated: Cast) -> None:
    all_worked_out()
    with transaction():
        a_published_round(date(2026, 3, 1), [(rated.tills.id, 3.5)], rated.root, 12)
    assert work_out(READ) > 0
    all_worked_out()
    with transaction():
        a_published_round(date(2023, 3, 1), [(rated.tills.id, 3.5)], rated.root, 12)
    assert work_out(READ) == 0, "of no year that is kept"


def _others() -> int:
    return sum(db.session.scalars(select(FoldedMonth.version).where(FoldedMonth.month != OCTOBER)))


def test_hr_reads_which_touchpoints_were_never_rated(rated: Cast, browse: Any) -> None:
    all_worked_out()
    page = browse(rated.chloe).get("/reports/customers").text
    assert "One touchpoint of 2 was never rated in these twelve months: Call-back." in page


@pytest.mark.parametrize("who", ["amina", "brian", "ruth"])
def test_nobody_else_reads_it(rated: Cast, who: str, browse: Any) -> None:
    assert browse(getattr(rated, who)).get("/reports/customers").status_code == 403


def test_before_the_first_month_is_over_it_says_so(cast: Cast, browse: Any) -> None:
    assert "No month to read yet" in browse(cast.chloe).get("/reports/customers").text


@pytest.mark.parametrize("month", ["2026-11", "2026-13", "x", ""])
def test_a_month_that_is_not_there_is_not_found(rated: Cast, month: str, browse: Any) -> None:
    all_worked_out()
    assert browse(rated.chloe).get(f"/reports/customers?month={month}").status_code == 404


def test_what_is_not_worked_out_yet_says_so(rated: Cast, browse: Any) -> None:
    fold_months(READ)
    assert "Being worked out" in browse(rated.chloe).get("/reports/customers").text


def test_what_takes_long_is_worked_out_while_others_write(rated: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a change that comes in meanwhile is noticed: the figures are made again."""
    all_worked_out()
    is_reading_only: list[bool] = []

    def slow(_year: Year) -> dict[str, int]:
        is_reading_only.append(bool(db.session().info.get("read_only")))
        return {"made": len(is_reading_only)}

    monkeypatch.setattr("tracker.reports.jobs.KINDS", {"slow": slow})
    assert work_out(READ) > 0
    assert set(is_reading_only) == {True}
    kept = select(ReportFigures.figures).where(ReportFigures.kind == "slow", ReportFigures.month == OCTOBER)
    assert db.session.scalars(kept).one() == {"made": 1}
    with transaction():
        db.session.execute(update(FoldedMonth).where(FoldedMonth.month == OCTOBER).values(version=7))
    assert work_out(READ) > 0
    assert db.session.scalars(kept).one() != {"made": 1}
