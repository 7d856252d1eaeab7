"""The customer’s side: asking for a call, seeing where it stands, saying whether it helped. Without an account."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_touchpoint
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.sealing import opened
from tracker.intake.actions import open_link
from tracker.ratings.models import Rating, ScoreWeek
from tracker.ratings.survey_actions import ensure_default_surveys
from tracker.recovery import actions, opening
from tracker.recovery.models import RecoveryAnswer, RecoveryCase

UNHAPPY = {"r": "1", "k": "y", "p": "0722 417 318, after five", "c": "Charged twice."}


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def token(cast: Cast) -> str:
    with transaction():
        ensure_default_surveys(at=NOW)
        person = db.session.merge(cast.amina)
        return open_link(person, touchpoint_id=a_touchpoint("Tills").id, ended_at=NOW, by=cast.brian.id, at=NOW)


@pytest.fixture
def customer(browse: Any) -> Browser:
    return browse(None)  # type: ignore[no-any-return]  # a Browser


def the_case() -> RecoveryCase:
    db.session.rollback()
    return db.session.scalars(select(RecoveryCase).execution_options(populate_existing=True)).one()


def closed(cast: Cast, at: datetime) -> None:
    with transaction():
        case = db.session.scalars(select(RecoveryCase)).one()
        actions.record_contact(case, "Called her.", reached=True, by=cast.brian.id, at=at)
        actions.close(case, outcome="solved", words="Paid back.", by=cast.brian.id, at=at, cause="process", driver=None)


def test_a_call_asked_for_reaches_somebody(cast: Cast, token: str, customer: Browser) -> None:
    assert "May we call you back?" in customer.get(f"/rate/{token}").text
    assert customer.post(f"/rate/{token}", UNHAPPY).status_code == 303
    case = the_case()
    assert case.owner_id == cast.brian.id
    assert opened(case.contact_sealed or "", purpose=opening.CONTACT) == UNHAPPY["p"]
    page = customer.get(f"/rate/{token}").text
    assert "You asked for a call. Somebody speaks with you before" in page
    assert UNHAPPY["p"] not in page


def test_a_happy_customer_may_ask_for_a_call_too(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {**UNHAPPY, "r": "5"})
    assert the_case().call_asked_at == NOW


def test_a_call_needs_a_way_to_reach_somebody(token: str, customer: Browser) -> None:
    refused = customer.post(f"/rate/{token}", {"r": "1", "k": "y"})
    assert refused.status_code == 422
    assert "Say where we reach you" in refused.text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Rating)) == 0


def test_a_number_without_the_tick_is_not_kept(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "1", "p": "0722 417 318"})
    assert the_case().contact_sealed is None
    assert "We look into what went wrong." in customer.get(f"/rate/{token}").text


def test_no_complaint_is_no_case(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "4"})
    db.session.rollback()
    assert db.session.scalar(select(RecoveryCase.id)) is None
    assert "What happens now" not in customer.get(f"/rate/{token}").text


def test_the_customer_watches_it_and_says_whether_it_helped_once(cast: Cast, token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", UNHAPPY)
    with clock.set_to(NOW + timedelta(hours=3, minutes=59)):
        assert "we are late" not in customer.get(f"/rate/{token}").text
    with clock.set_to(NOW + timedelta(days=1)):
        assert "we are late" in customer.get(f"/rate/{token}").text
    closed(cast, NOW + timedelta(days=1))
    with clock.set_to(NOW + timedelta(days=2)):
        assert "In two days we ask you here" in customer.get(f"/rate/{token}").text
        assert customer.post(f"/rate/{token}/recovery", {"solved": "yes", "r": "5"}).status_code == 409
    with clock.set_to(NOW + timedelta(days=4)):
        assert "Did we put it right?" in customer.get(f"/rate/{token}").text
        assert customer.post(f"/rate/{token}/recovery", {"r": "5"}).status_code == 422
        assert customer.post(f"/rate/{token}/recovery", {"solved": "partly", "r": "4"}).status_code == 303
        assert customer.post(f"/rate/{token}/recovery", {"solved": "yes", "r": "5"}).status_code == 409
        assert "Thank you for telling us whether it helped." in customer.get(f"/rate/{token}").text
    answer = db.session.scalars(select(RecoveryAnswer)).one()
    assert (answer.solved, answer.stars) == ("partly", 4)
    weeks = db.session.scalars(select(ScoreWeek)).all()
    assert [(week.n1, week.n4) for week in weeks] == [(1, 0)], "it counts in nobody's score"


def test_taking_the_answer_back_ends_it(cast: Cast, token: str, customer: Browser, browse: Any) -> None:
    customer.post(f"/rate/{token}", UNHAPPY)
    case = the_case()
    assert customer.post(f"/rate/{token}/erasure").status_code == 303
    case = the_case()
    assert (case.outcome, case.contact_sealed, case.clock_at) == ("taken_back", None, None)
    assert "Charged twice" not in browse(cast.brian, at=NOW).get("/complaints").text


@pytest.mark.parametrize(("language", "words"), [("sw", "Je, tukupigie simu?"), ("fr", "Pouvons-nous vous rappeler ?")])
def test_it_is_asked_in_three_languages(token: str, customer: Browser, language: str, words: str) -> None:
    assert words in customer.get(f"/rate/{token}?language={language}").text
    customer.post(f"/rate/{token}?language={language}", UNHAPPY)
    assert "You asked" not in customer.get(f"/rate/{token}?language={language}").text


def test_a_strangers_token_answers_nothing(customer: Browser) -> None:
    assert customer.post("/rate/nobody/recovery", {"solved": "yes", "r": "5"}).status_code == 404
