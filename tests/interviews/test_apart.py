"""Interviews and observations stay apart: in no score, no week, no card, no sample, no fall; and beside customers' own ratings."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_history, a_rating
from tests.interviews.noting import interview, observation
from tracker.coaching.jobs import check_falls, share_cards
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings import rollup
from tracker.ratings.models import Interaction, Rating, ScoreCard, ScoreWeek, SurveyLink
from tracker.ratings.weekly import check_company, everybodys_figures, load_company

People = dict[str, Browser]
TABLES = (Rating, Interaction, SurveyLink, ScoreWeek)


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def cards() -> dict[tuple[int, str], object]:
    db.session.rollback()
    return {
        (card.person_id, card.audience): (card.figures, card.shares_at, card.rewrite_at)
        for card in db.session.scalars(select(ScoreCard))
    }


def worked_out(week: int) -> str:
    """Checks, scores, trends and samples of everybody, as the weekly run would find them."""
    company = load_company(week)
    assert company is not None
    return repr(everybodys_figures(company, check_company(company)))


def test_no_figure_moves(app: Flask, cast: Cast, people: People) -> None:
    with transaction():
        a_history([cast.amina, cast.kevin, cast.brian], until=NOW.date())
    monday = NOW.replace(hour=1) - timedelta(days=2)
    with clock.set_to(monday):
        check_falls(monday)
    before, had = cards(), counts()
    week = clock.week_of(NOW.date()) + 1
    checked = worked_out(week)
    for stars in ("1", "1", "2", "5"):
        interview(people["brian"], cast.amina, stars=stars)
        interview(people["amina"], cast.amina, stars=stars)
    for _time in range(3):
        observation(people["brian"], cast.amina)
    assert cards() == before
    assert counts() == had
    assert rollup.differences() == {}
    assert worked_out(week) == checked
    share_cards(NOW)
    check_falls(NOW + timedelta(days=7))
    assert rollup.differences() == {}


def test_the_head_start_is_not_touched(app: Flask, cast: Cast, people: People) -> None:
    """A card that is still its person's alone stays so, and the leader's page says nothing more for an observation."""
    with transaction():
        a_history([cast.amina, cast.kevin], until=NOW.date())
    check_falls(NOW)
    observation(people["brian"], cast.amina)
    page = people["brian"].get(f"/people/{cast.amina.id}/feedback").text
    assert "No figures yet" in page
    assert "1 observation" in page
    assert {audience for _person, audience in cards()} == {"own"}


def test_my_feedback_says_how_many_and_that_they_do_not_count(cast: Cast, people: People) -> None:
    assert "No interviews or observations" in people["amina"].get("/me").text
    for _time in range(3):
        interview(people["brian"], cast.amina)
    for _time in range(2):
        observation(people["brian"], cast.amina)
    for page in (people["amina"].get("/me").text, people["brian"].get(f"/people/{cast.amina.id}/feedback").text):
        assert "3 interviews and 2 observations" in page
        assert "They don’t count in the score." in page
    assert "3 interviews and 2 observations" not in people["kevin"].get("/me").text


def test_the_summary_keeps_three_things_apart(app: Flask, cast: Cast, people: People) -> None:
    with transaction():
        for stars, drivers in ((5, ["friendliness"]), (2, ["speed"]), (2, ["speed"]), (5, ["no_pressure"])):
            a_rating(cast.amina, stars, drivers=drivers)
        a_rating(cast.kevin, 5, drivers=["friendliness"])
    interview(people["brian"], cast.amina, praised=["friendliness"])
    for _time in range(4):
        observation(people["brian"], cast.amina)
    page = people["amina"].get("/interviews").text
    assert "4 of 4</td>" in page
    assert "%)" not in page
    observation(people["brian"], cast.amina, mark_friendliness="partly")
    page = people["brian"].get(f"/people/{cast.amina.id}/interviews").text
    assert "4 of 5 (80 %)" in page  # friendliness
    assert "0 of 5 (0 %)" in page  # knowledge
    seen, told, rated = (
        page.index(words)
        for words in ("Seen by staff", "Told to staff, face to face", "Not the same: customers’ own ratings")
    )
    assert seen < told < rated
    assert (
        '<th scope="row">Speed</th><td class="num" data-label="Went well">0</td><td class="num" data-label="Could be better">2</td>'
        in page[rated:]
    )
    assert (
        '<th scope="row">Friendliness</th><td class="num" data-label="Went well">1</td><td class="num" data-label="Could be better">0</td>'
        in page[rated:]
    )
    assert "No pressure" not in page[rated:]  # nobody of the staff looked at it
    assert "Clear price" not in page[seen:told]
    assert "Price clear" not in page[seen:told]


def test_after_a_year_it_no_longer_adds_up(cast: Cast, people: People, browse: Any) -> None:
    interview(people["brian"], cast.amina)
    with clock.set_to(NOW + timedelta(weeks=52)):
        later = browse(cast.amina, at=NOW + timedelta(weeks=52))
        assert "No interviews or observations" in later.get("/interviews").text
        assert "Brian Kamau" in later.get("/interviews").text  # it is still read
