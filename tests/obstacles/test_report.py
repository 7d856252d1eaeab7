"""The board: how many ratings, never of fewer than five people, up to last Sunday; by team, as a page and as a file."""

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating
from tests.home.test_query_counts import selects
from tests.obstacles.making import EARLIER, RECEIPT, a_day_ahead, said, said_by_people, the_cause
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.obstacles.actions import answer, give, merge, say
from tracker.obstacles.report import Period, Said, by_month, period_of, said_in, tally
from tracker.obstacles.rules import months_back
from tracker.ratings.actions import erase_rating
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Obstacle
from tracker.ratings.obstacles import Named, name_obstacle_of_case
from tracker.recovery.opening import open_case
from tracker.statistics.disclosure import SMALLEST_GROUP

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
THE_PERIOD = Period(JUNE, date(2026, 11, 16))


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


def one(person: int, rating: int, month: date = JUNE, stars: int = 2, cause: int = 1) -> Said:
    return Said(cause, month, person, rating, stars)


def counted() -> int | None:
    db.session.rollback()
    found = tally(said_in(period_of(NOW.date())))
    return found.ratings if found else None


def test_the_period_is_whole_months_up_to_last_sunday() -> None:
    assert period_of(NOW.date()) == THE_PERIOD
    assert THE_PERIOD.months == [date(2026, month, 1) for month in range(6, 12)]
    new_year = period_of(date(2027, 1, 1))  # a Friday
    assert new_year == Period(date(2026, 8, 1), date(2026, 12, 28))
    assert new_year.months[-1] == date(2026, 12, 1)
    assert months_back(date(2026, 1, 31), 2) == date(2025, 11, 1)


def test_nothing_is_counted_under_five_people() -> None:
    four = [one(person, person) for person in range(4)]
    assert tally(four) is None
    assert tally([*four, *(one(1, rating) for rating in range(50, 90))]) is None, "ratings are not people"
    found = tally([*four, one(4, 4, stars=5), one(5, 4, stars=5)])
    assert found is not None
    assert (found.ratings, found.people, found.stars) == (5, 6, (1, 0, 0, 4, 0)), "a rating counts once"


def test_a_month_under_five_people_is_hidden_and_so_is_what_would_tell() -> None:
    june = [one(person, person) for person in range(7)]
    july = [one(person, 100 + person, JULY) for person in range(6)]
    august = [one(20, 200, AUGUST)]
    months = [JUNE, JULY, AUGUST]
    assert by_month([*june, *july], months) == {JUNE: 7, JULY: 6, AUGUST: 0}
    # The sum is shown: less June and July it would tell of August’s one person. The smaller of the two goes too.
    assert by_month([*june, *july, *august], months) == {JUNE: 7, JULY: None, AUGUST: None}
    assert by_month(august, months) == {JUNE: 0, JULY: 0, AUGUST: None}


def test_what_was_said_this_week_waits_for_its_end(cast: Cast) -> None:
    with transaction():
        said_by_people(cast.tills, SMALLEST_GROUP)
        said(cast.amina, at=NOW)
        old = a_rating(cast.kevin, 2, at=EARLIER)
        say(old, Named(kind="policy", name=RECEIPT), words=None, shares=False, at=NOW)
    assert counted() == 5, "nobody can see from one day to the next what one person has just said"


def test_older_than_the_period_is_not_counted(cast: Cast) -> None:
    with transaction():
        said_by_people(cast.tills, SMALLEST_GROUP, at=datetime(2026, 5, 31, 12, tzinfo=NOW.tzinfo))
    assert counted() is None
    with transaction():
        said_by_people(cast.tills, SMALLEST_GROUP, at=datetime(2026, 6, 1, 12, tzinfo=NOW.tzinfo))
    assert counted() == 5


def test_a_rating_taken_back_still_counts(cast: Cast) -> None:
    with transaction():
        said_by_people(cast.tills, SMALLEST_GROUP)
        for rating in db.session.query(Rating).all():
            erase_rating(rating, at=NOW)
    assert db.session.query(Obstacle).filter(Obstacle.rating_id.is_not(None)).count() == 0
    assert counted() == 5


def test_a_complaint_and_its_rating_count_once(cast: Cast) -> None:
    with transaction():
        said_by_people(cast.tills, SMALLEST_GROUP)
        mine = said(cast.amina, stars=1)
        rating = db.session.get_one(Rating, mine.rating_id)
        case = open_case(rating, contact="0722", at=EARLIER)
        assert case is not None
        named = Named(cause_id=the_cause().id)
        where: dict[str, Any] = {"team_id": None, "touchpoint_id": None, "driver": None}
        name_obstacle_of_case(case.id, named, rating=rating, **where, by=cast.brian.id, at=EARLIER)
    assert counted() == 6


def test_the_board_says_it_in_a_sentence_and_hides_small_groups(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        said_by_people(cast.tills, 6)
        said_by_people(cast.tills, 4, name="No bags left")
    for name in ("amina", "chloe"):
        page = people[name].get("/obstacles").text
        assert "1 obstacle stood in the way of 6 ratings since 1 June" in page
        assert "No bags left" in page
        assert "1 more was named by fewer than five people" in page
        row = page.split("No bags left")[1].split("</tr>")[0]
        assert "fewer than five people" in row
        assert (">People</th>" in page) == (name == "chloe"), "who reads the sums, reads how many people"
    assert ">People</th>" in people["brian"].get("/obstacles").text


def test_an_empty_board_says_how_it_fills(people: dict[str, Browser]) -> None:
    page = people["amina"].get("/obstacles").text
    assert "Nothing has been named yet" in page
    assert "<table" not in page


def test_the_page_of_one_shows_stars_and_months(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        said_by_people(cast.tills, 6, at=datetime(2026, 9, 10, 9, tzinfo=NOW.tzinfo))
        said_by_people(cast.tills, 5, at=datetime(2026, 10, 10, 9, tzinfo=NOW.tzinfo))
    page = people["chloe"].get(f"/obstacles/{the_cause().id}").text
    assert "11 ratings of 11 people, from 1 June to 15 November." in page
    months = page.split("Month by month</h3>")[1].split("</table>")[0]
    assert [cell.split("<")[0] for cell in months.split('<td class="num">')[1:]] == ["0", "0", "0", "6", "5", "0"]
    assert "11 ratings, from 1 June" in people["amina"].get(f"/obstacles/{the_cause().id}").text
    with transaction():
        said_by_people(cast.tills, 2, name="No bags left")
    few = people["chloe"].get(f"/obstacles/{the_cause('No bags left').id}").text
    assert "Fewer than five people have named it since" in few
    assert "Month by month" not in few


def test_a_merged_one_counts_with_the_other(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        said_by_people(cast.tills, 3)
        said_by_people(cast.tills, 3, name="Receipt needed")
        merge(the_cause("Receipt needed"), the_cause(), by=cast.chloe.id, at=NOW)
    assert "1 obstacle stood in the way of 6 ratings" in people["amina"].get("/obstacles").text


def test_where_only_the_kind_was_said(cast: Cast, people: dict[str, Browser]) -> None:
    where: dict[str, Any] = {"team_id": None, "touchpoint_id": None, "driver": None}
    with transaction():
        for person in said_by_people(cast.tills, 5):
            rating = a_rating(person, 1, at=EARLIER)
            case = open_case(rating, contact="0722", at=EARLIER)
            assert case is not None
            name_obstacle_of_case(case.id, Named(kind="stock"), rating=rating, **where, by=cast.brian.id, at=EARLIER)
    page = people["amina"].get("/obstacles").text
    assert "1 obstacle stood in the way of 5 ratings" in page
    assert "In 5 ratings more only the kind was said" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_board_as_a_file(cast: Cast, people: dict[str, Browser], kind: str) -> None:
    with transaction():
        said_by_people(cast.tills, 6, name="=HYPERLINK(1)")
        said_by_people(cast.tills, 2, name="No bags left")
        cause = the_cause("=HYPERLINK(1)")
        give(cause, cast.floor, due_on=a_day_ahead(14), by=cast.chloe.id, at=NOW)
        answer(cause, kind="declined", words="+254 says no", change_on=None, by=cast.dora.id, at=NOW)
    with people["chloe"].post("/obstacles/exports", {"file": kind}) as found:
        assert found.status_code == 200
        assert f"obstacles-{NOW.date()}.{kind}" in found.headers["Content-Disposition"]
        rows = _rows(found.data, kind)
    assert len(rows) == 3
    told = next(row for row in rows if "HYPERLINK" in str(row[0]))
    assert float(told[10]) == 6
    few = next(row for row in rows if row[0] == "No bags left")
    assert few[10] in {None, ""}
    assert told[0] == ("'=HYPERLINK(1)" if kind == "csv" else "=HYPERLINK(1)"), "a text, never a formula"
    if kind == "csv":
        assert told[7] == "'+254 says no"


def _rows(data: bytes, kind: str) -> list[Any]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_who_gets_the_file(people: dict[str, Browser]) -> None:
    for name, status in {"brian": 200, "chloe": 200, "dora": 200, "ruth": 403, "amina": 403}.items():
        with people[name].post("/obstacles/exports", {"file": "csv"}) as found:
            assert found.status_code == status, name
    assert people["chloe"].post("/obstacles/exports", {"file": "pdf"}).status_code == 422


def test_the_board_asks_few_questions_whatever_was_said(cast: Cast, people: dict[str, Browser]) -> None:
    counts = []
    for _more in range(2):
        with transaction():
            said_by_people(cast.tills, 6, name=f"Thing {len(counts)}")
        with selects() as seen:
            people["chloe"].get("/obstacles")
        counts.append(len(seen))
    assert counts[0] == counts[1]
