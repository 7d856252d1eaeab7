"""What My feedback says in each case: the answer first, then the number, then what rests on it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOW, Cast
from tests.factories import leads
from tests.home.cards import a_card, a_case, check, fallen, figures, too_few
from tracker.core.db import transaction

RISING = [["2026-08-24", 4.0, 3.9, 4.7, 30]] * 9 + [["2026-11-09", 4.6, 3.9, 4.7, 46]] * 3


@pytest.mark.parametrize(
    ("card", "headline"),
    [
        (figures(), "You’re right where we’d expect."),
        (figures(trend=RISING), "You’re right where we’d expect, and moving up."),
        (figures(score=4.8), "Customers rate you higher than we’d expect. Thank you."),
        (figures(score=4.0), "A little under your expected range. That can be chance."),
        (fallen(), "A harder few weeks. Let’s look at why together."),
        (too_few(), "Too early to say. 7 more ratings and we can."),
    ],
)
def test_the_first_line_is_the_answer(app: Flask, cast: Cast, browse: Any, card: Any, headline: str) -> None:
    with transaction():
        a_card(cast.amina, card)
    page = browse(cast.amina).get("/me").text
    assert f'<h1 class="say" id="how">{headline}</h1>' in page


def test_a_score_stands_with_its_number_of_ratings_its_period_and_its_range(
    app: Flask, cast: Cast, browse: Any
) -> None:
    with transaction():
        a_card(cast.amina, figures())
    page = browse(cast.amina).get("/me").text
    for words in ("4.5", "46 ratings in 4 weeks", "expected 4.2 to 4.6", "You 4.5, inside the expected range"):
        assert words in page


def test_without_a_score_no_number_is_drawn(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.amina, too_few())
    page = browse(cast.amina).get("/me").text
    assert "<figure" not in page
    assert "3 ratings in 13 weeks" in page


def test_few_earlier_ratings_are_admitted(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.amina, figures(lean=True))
    assert "the range comes from people doing the same work" in browse(cast.amina).get("/me").text


def test_a_long_standing_gap_is_said_without_an_alert(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.amina, figures(gap=True))
    assert "Customers of the same work usually rate higher." in browse(cast.amina).get("/me").text


def test_the_foot_names_everybody_who_sees_the_page(app: Flask, cast: Cast, browse: Any) -> None:
    assert "Only you and Brian Kamau see this page." in browse(cast.amina).get("/me").text
    with transaction():
        leads(cast.dora, cast.tills, kind="deputy")
    assert "(Brian Kamau, Dora Mwangi)" in browse(cast.amina).get("/me").text
    assert "Only you see this page." in browse(cast.chloe).get("/me").text


def test_in_the_head_start_the_person_hears_that_nobody_else_knows_and_can_answer(
    app: Flask, cast: Cast, browse: Any
) -> None:
    with transaction():
        a_card(cast.kevin, fallen(), shares_at=NOW + timedelta(hours=20))
        case = a_case(cast.kevin, shares_at=NOW + timedelta(hours=20))
    browser = browse(cast.kevin)
    page = browser.get("/me").text
    assert "You are the first to see this. For 24 hours nobody else does." in page
    assert "one check in 2,000 would look this low" in page
    assert f'href="/coaching/{case.id}"' in page
    assert "You are the first to see this." in browser.get(f"/coaching/{case.id}").text


def test_in_the_head_start_nothing_new_reaches_the_leader(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.kevin, figures(), audience="shared")
        a_card(cast.kevin, fallen(), shares_at=NOW + timedelta(hours=20))
        case = a_case(cast.kevin, shares_at=NOW + timedelta(hours=20))
    brian = browse(cast.brian)
    board, cases, inbox = (brian.get(path).text for path in ("/board", "/coaching", "/inbox"))
    person = brian.get(f"/people/{cast.kevin.id}/feedback").text
    assert "Nobody needs a talk this week" in board
    assert "No talk is open" in cases
    assert "Kevin" not in cases
    assert "Your inbox is empty" in inbox
    assert "Kevin is right where we’d expect." in person
    assert "3.6" not in board + person
    assert brian.get(f"/coaching/{case.id}").status_code == 404


def test_once_shared_both_see_the_same_case(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        for audience in ("own", "shared"):
            a_card(cast.kevin, fallen(), audience=audience)
        case = a_case(cast.kevin, shares_at=NOW - timedelta(days=2))
    assert "One person could use a talk" in browse(cast.brian).get("/board").text
    assert "The talk has been waiting for 2 days." in browse(cast.brian).get("/board").text
    assert "You are the first" not in browse(cast.kevin).get("/me").text
    assert browse(cast.brian).get(f"/coaching/{case.id}").status_code == 200


def test_how_scores_are_worked_out_puts_in_ones_own_figures(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.amina, figures())
    page = browse(cast.amina).get("/explained").text
    assert "(182 × +0.12 + 17.8 × +0.02) ÷ 199.8 = +0.11 stars." in page
    assert "likely between 4.38 and 4.64" in page
    assert "one check in 400" in page
    assert "These are the usual ups and downs." in page


def test_every_step_of_the_explanation_is_worked_through_with_ones_own_figures(
    app: Flask, cast: Cast, browse: Any
) -> None:
    tills = {"id": 1, "name": "Tills", "n": 25, "mean": 4.25, "low": 3.878, "high": 4.622}
    with transaction():
        a_card(cast.amina, figures(parts={"touchpoints": [tills], "drivers": []}))
        a_card(cast.kevin, too_few())
    page = browse(cast.amina).get("/explained").text
    assert "You 4.5, inside the expected range 4.2 to 4.6. 46 ratings in 4 weeks." in page
    assert "expected 4.2 to 4.6, for 46 ratings in 4 weeks. Worked out from your own record" in page
    assert "Tills: 4.25 ± 1.96 × 0.95 ÷ √25, so likely between 3.88 and 4.62." in page
    early = browse(cast.kevin).get("/explained").text
    assert "Too early to say. 7 more ratings and we can. 3 ratings in 13 weeks." in early
    assert "÷ √" not in early


def test_how_scores_are_worked_out_is_there_for_people_without_ratings(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        empty = {"n": 0, "mean": None, "expected_mean": None}
        a_card(cast.amina, too_few(working=figures()["working"] | empty))
    for person in (cast.amina, cast.chloe):
        assert "You have no ratings of the last 52 weeks yet" in browse(person).get("/explained").text


def test_a_watch_is_mentioned_and_nothing_follows(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        found = check(observed=4.1, expected=4.5, fall=0.4, p=0.006, one_in=100, watch=True)
        a_card(cast.amina, figures(check=found))
    page = browse(cast.amina).get("/me").text
    assert "A harder few weeks." in page
    assert "Nothing follows from this by itself." in page
