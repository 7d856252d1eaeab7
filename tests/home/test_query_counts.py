"""The first pages ask the database the same number of questions, however many people and ratings there are."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOW, Cast
from tests.factories import a_person, ratings_over
from tests.home.cards import a_card, a_case, fallen, figures
from tests.statements import selects
from tracker.core.db import transaction

AT_MOST = 6


def _a_team_of(cast: Cast, people: int) -> None:
    with transaction():
        team = [cast.amina, cast.kevin, *(a_person(team=cast.tills) for _number in range(people - 2))]
        for position, person in enumerate(team):
            a_card(person, fallen() if position % 2 else figures(), audience="shared")
            if position % 2:
                a_case(person, shares_at=NOW - timedelta(days=2))


@pytest.mark.parametrize("people", [3, 30])
def test_the_board_asks_at_most_six_questions(app: Flask, cast: Cast, browse: Any, people: int) -> None:
    _a_team_of(cast, people)
    browser = browse(cast.brian)
    with selects() as seen:
        page = browser.get("/board")
    assert page.text.count("<tr>") == people + 1
    assert len(seen) <= AT_MOST, "\n\n".join(seen)


@pytest.mark.parametrize("ratings", [50, 500])
@pytest.mark.parametrize("who", ["kevin", "brian"])
def test_my_feedback_asks_at_most_six_questions(app: Flask, cast: Cast, browse: Any, ratings: int, who: str) -> None:
    person = getattr(cast, who)
    with transaction():
        for rating in ratings_over(person, [4] * ratings, until=NOW.date(), days=90):
            rating.comment = "Quick and friendly."
        a_card(person, fallen())
        a_case(person, shares_at=NOW - timedelta(days=2))
    browser = browse(person)
    with selects() as seen:
        page = browser.get("/me")
    assert "Quick and friendly." in page.text
    assert len(seen) <= AT_MOST, "\n\n".join(seen)
