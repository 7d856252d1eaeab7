"""Whoever put complaints right: counts, a range, the customers' thanks; and no score moves by it."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tests.home.cards import a_card, fallen
from tests.home.test_query_counts import AT_MOST, selects
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.models import Rating, ScoreCard, ScoreWeek
from tracker.ratings.rollup import add
from tracker.recovery import actions
from tracker.recovery.opening import open_case, take_back
from tracker.recovery.surveys import answer_survey

DAY = timedelta(days=1)
THANKS = "You rang within the hour. Thank you!"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


def put_right(
    handler: Person, by: Person, *, at: datetime = NOW - 30 * DAY, solved: str | None = None, comment: str | None = None
) -> int:
    """The id of the rating of a complaint that `by` closed."""
    with transaction():
        rating = a_rating(handler, 1, at=at, comment="Charged twice.")
        case = open_case(rating, at=at)
        assert case is not None
        actions.record_contact(case, "Called.", reached=True, by=by.id, at=at)
        actions.close(case, outcome="solved", words="Done.", by=by.id, at=at, cause="process", driver=None)
        if solved is not None:
            answer_survey(case, solved=solved, stars=5, comment=comment, at=at + 3 * DAY)
        return rating.id


def test_closed_answered_and_a_range(cast: Cast, browse: Any) -> None:
    for solved in ("yes", "yes", "no", None, None, None):
        put_right(cast.amina, cast.brian, solved=solved)
    brian = browse(cast.brian, at=NOW)
    feedback = brian.get("/me").text
    assert "Complaints you put right" in feedback
    assert "6 closed, 3 customers answered" in feedback
    page = brian.get("/complaints/put-right").text
    assert (
        "Put right: between 10 and 97 %. Of 6 closed complaints 3 customers answered, and 2 of them said yes." in page
    )
    assert re.findall(r"(\d+) ?%", page) == ["97"], "no share of those who answered alone"


def test_below_five_there_are_counts_only(cast: Cast, browse: Any) -> None:
    for _number in range(4):
        put_right(cast.amina, cast.brian, solved="yes")
    put_right(cast.amina, cast.brian, at=NOW - 3 * DAY)  # its customer may still answer
    page = browse(cast.brian, at=NOW).get("/complaints/put-right").text
    assert "A share can be told from five complaints on" in page
    assert "%" not in page.partition("<main")[2]


def test_thanks_are_praise_and_only_what_was_put_right(cast: Cast, browse: Any) -> None:
    put_right(cast.amina, cast.brian, solved="yes", comment=THANKS)
    put_right(cast.kevin, cast.brian, solved="no", comment="Still broken.")
    put_right(cast.kevin, cast.faith, solved="yes", comment="Thanks to Faith.")
    page = browse(cast.brian, at=NOW).get("/complaints/put-right").text
    assert THANKS in page
    assert "Still broken." not in page
    assert "Faith" not in page


def test_it_is_told_to_who_closed_it_even_when_they_read_the_case_no_more(cast: Cast, browse: Any) -> None:
    put_right(cast.amina, cast.faith, solved="yes", comment=THANKS)
    faith = browse(cast.faith, at=NOW)
    assert "The customer says: you put it right" in faith.get("/inbox").text
    assert THANKS in faith.get("/complaints/put-right").text
    assert "The customer says" not in browse(cast.dora, at=NOW).get("/inbox").text


@pytest.mark.parametrize("who", ["amina", "chloe", "dora", "ruth"])
def test_nobody_else_has_any(cast: Cast, browse: Any, who: str) -> None:
    put_right(cast.amina, cast.brian, solved="yes", comment=THANKS)
    browser = browse(getattr(cast, who), at=NOW)
    page = browser.get("/complaints/put-right").text
    assert "None so far" in page
    assert THANKS not in page
    assert "Complaints you put right" not in browser.get("/me").text


def test_what_is_older_than_a_year_counts_no_more(cast: Cast, browse: Any) -> None:
    put_right(cast.amina, cast.brian, at=NOW - 53 * 7 * DAY, solved="yes")
    assert "Complaints you put right" not in browse(cast.brian, at=NOW).get("/me").text


def test_what_is_taken_back_leaves_no_thanks(cast: Cast, browse: Any) -> None:
    id = put_right(cast.amina, cast.brian, solved="yes", comment=THANKS)
    with transaction():
        take_back(db.session.get_one(Rating, id), at=NOW)
    page = browse(cast.brian, at=NOW).get("/complaints/put-right").text
    assert THANKS not in page


def test_no_score_moves_by_it(cast: Cast, browse: Any) -> None:
    with transaction():
        for person in (cast.amina, cast.brian):
            for audience in ("own", "shared"):
                a_card(person, fallen(), audience=audience)
        rating = a_rating(cast.amina, 1, at=NOW - 9 * DAY)
        add(rating)
        case = open_case(rating, at=NOW - 9 * DAY)
        assert case is not None
    before = _scores()
    with transaction():
        case = db.session.merge(case)
        actions.record_contact(case, "Called.", reached=True, by=cast.brian.id, at=NOW - 8 * DAY)
        actions.close(
            case, outcome="solved", words="D.", by=cast.brian.id, at=NOW - 8 * DAY, cause="process", driver=None
        )
        answer_survey(case, solved="yes", stars=5, comment=THANKS, at=NOW)
    assert _scores() == before
    assert THANKS not in browse(cast.amina, at=NOW).get("/me").text


def _scores() -> bytes:
    """Every card and every week of the rollup, as bytes."""
    db.session.rollback()
    rows = [
        {column.key: getattr(row, column.key) for column in inspect(table).column_attrs}
        for table in (ScoreCard, ScoreWeek)
        for row in db.session.scalars(
            select(table).order_by(*inspect(table).primary_key).execution_options(populate_existing=True)
        )
    ]
    assert len(rows) == 5
    return json.dumps(rows, default=str, sort_keys=True).encode()


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize("path", ["/me", "/complaints/put-right"])
def test_the_pages_stay_within_their_questions(cast: Cast, browse: Any, count: int, path: str) -> None:
    for _number in range(count):
        put_right(cast.amina, cast.brian, solved="yes", comment=THANKS)
    browser = browse(cast.brian, at=NOW)
    with selects() as seen:
        assert browser.get(path).status_code == 200
    assert len(seen) <= AT_MOST, "\n\n".join(seen)
