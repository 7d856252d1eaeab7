"""A level that has long been under what the same work usually gets: said to both, told once in 26 weeks, no alert."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_history, a_person, many_ratings
from tracker.coaching.jobs import check_falls, remind, share_cards
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.ratings.models import Fall, ScoreCard

MONDAY = date(2026, 11, 16)
CHECKED = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
LAST = 28


@pytest.fixture
def long_under(cast: Cast) -> Cast:
    """Kevin's customers have given a star less than others' for as long as there are ratings, and go on so."""
    with transaction():
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        until = MONDAY + timedelta(weeks=LAST)
        a_history([cast.amina, *others], until=until, weeks=60 + LAST, per_week=2, seed=3)
        days = [until - timedelta(days=1 + 3 * n) for n in range((60 + LAST) * 7 // 3)]
        many_ratings([(cast.kevin, (3, 4, 2)[n % 3], day) for n, day in enumerate(days)])
    return cast


def told() -> list[tuple[int, str]]:
    rows = db.session.execute(select(Message.person_id, Message.key).where(Message.kind == "gap").order_by(Message.id))
    return [(row[0], row[1]) for row in rows]


def test_it_is_told_once_in_26_weeks_and_opens_nothing(long_under: Cast) -> None:
    for week in (*range(-2, 3), 12, 23, 24, 25, 26, 27):
        check_falls(CHECKED + timedelta(weeks=week))
        if week == 23:
            assert len(told()) == 1
    weeks = [int(key.rsplit("|", 1)[1]) for _person, key in told()]
    assert {person for person, _key in told()} == {long_under.kevin.id}
    assert [later - earlier for earlier, later in pairwise(weeks)] == [26]
    assert db.session.scalars(select(Fall)).all() == []
    assert db.session.scalars(select(CoachingCase)).all() == []
    assert remind(CHECKED + timedelta(weeks=LAST)) == 0


def test_the_person_reads_it_first_and_who_leads_them_after_the_head_start(long_under: Cast, browse: Any) -> None:
    check_falls(CHECKED)
    assert db.session.scalars(select(ScoreCard).where(ScoreCard.person_id == long_under.kevin.id)).one().figures["gap"]
    sentence = "Customers of the same work usually rate higher"
    assert f"{sentence}. That says nothing about why" in browse(long_under.kevin).get("/me").text
    brian = browse(long_under.brian)
    url = f"/people/{long_under.kevin.id}/feedback"
    assert sentence not in brian.get(url).text
    share_cards(CHECKED + timedelta(days=2))
    assert f"{sentence} than Kevin’s; a talk may help." in brian.get(url).text
    assert sentence in brian.get("/board").text
    assert sentence not in browse(long_under.amina).get("/me").text
