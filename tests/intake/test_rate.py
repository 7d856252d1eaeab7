"""The customer's page: one answer a link, by a human act, changeable for a while, by nobody who works here."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Browser, Cast
from tests.factories import a_channel, a_customer, a_touchpoint
from tracker.access.rules import token_hash
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import open_link
from tracker.ratings import rollup
from tracker.ratings.models import Interaction, Rating, SurveyLink
from tracker.ratings.survey_actions import ensure_default_surveys

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> Any:
    """These tests read the same clock as the pages."""
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def token(cast: Cast, now: datetime) -> str:
    with transaction():
        ensure_default_surveys(at=NOW)
        return open_link(
            db.session.merge(cast.amina),
            touchpoint_id=a_touchpoint("Tills").id,
            channel_id=a_channel("Mailed link").id,
            customer_reference=a_customer("C-1").reference,
            place="till 4",
            ended_at=NOW - timedelta(hours=1),
            by=cast.brian.id,
            at=NOW,
        )


@pytest.fixture
def customer(browse: Any) -> Browser:
    return browse(None)


def ratings() -> list[Rating]:
    db.session.rollback()
    return list(db.session.scalars(select(Rating).execution_options(populate_existing=True)))


def the_link(token: str) -> SurveyLink:
    db.session.rollback()
    return db.session.scalars(
        select(SurveyLink).where(SurveyLink.token_hash == token_hash(token)).execution_options(populate_existing=True)
    ).one()


# It does


def test_two_taps_are_enough(token: str, customer: Browser, cast: Cast) -> None:
    assert customer.post(f"/rate/{token}", {"r": "5"}).status_code == 303
    [rating] = ratings()
    assert (rating.stars, rating.person_id, rating.handled_by_id) == (5, cast.amina.id, cast.amina.id)
    assert (rating.team_id, rating.comment, rating.emotions, rating.drivers) == (cast.tills.id, None, [], [])
    assert None not in (rating.touchpoint_id, rating.channel_id, rating.customer_id, rating.interaction_id)
    assert rating.rated_at == NOW
    assert rollup.differences() == {}


def test_over_https_no_referer_is_needed(token: str, customer: Browser) -> None:
    """The page tells browsers to send none, for its address is a secret; the form’s token is what counts."""
    assert customer.get(f"/rate/{token}").headers["Referrer-Policy"] == "no-referrer"
    secure = {"base_url": "https://localhost"}
    assert customer.post(f"/rate/{token}", {"r": "5", "csrf_token": "made up"}, **secure).status_code == 400
    assert customer.post(f"/rate/{token}", {"r": "5"}, **secure).status_code == 303


def test_the_page_says_who_served_and_what_becomes_of_the_answer(token: str, customer: Browser) -> None:
    page = customer.get(f"/rate/{token}").text
    assert "How was your visit today?" in page
    assert "Nairobi Central tills, till 4, served by Amina" in page
    assert "Otieno" not in page
    assert "Amina and their manager read it; praise may be shared with the team, never your name." in page


def test_feeling_praise_and_words_are_kept(token: str, customer: Browser) -> None:
    form = {"r": "4", "e": ["at_ease", "cared_for"], "w": ["speed"], "b": ["knowledge"], "c": " Quick, thank you \x00"}
    customer.post(f"/rate/{token}", form)
    [rating] = ratings()
    assert sorted(rating.emotions) == ["at_ease", "cared_for"]
    assert rating.drivers == ["speed"], "four stars praise: what could be better does not count"
    assert rating.comment == "Quick, thank you"


def test_three_stars_and_fewer_speak_of_what_could_be_better(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "3", "w": ["speed"], "b": ["knowledge"]})
    assert ratings()[0].drivers == ["knowledge"]


def test_a_visit_of_another_day_is_not_called_todays(token: str, customer: Browser) -> None:
    with clock.set_to(NOW + timedelta(days=2)):
        page = customer.get(f"/rate/{token}").text
    assert "How was your visit?" in page
    assert "today" not in page


# Reading never votes


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_never_votes(token: str, customer: Browser, method: str) -> None:
    for _time in range(3):
        customer.get(f"/rate/{token}?r=1", method=method)
    assert ratings() == []
    assert the_link(token).answered_at is None


def test_a_post_without_the_pages_token_is_no_vote(token: str, app: Flask, cast: Cast) -> None:
    with app.app_context():
        assert app.test_client().post(f"/rate/{token}", data={"r": "1"}).status_code == 400
    assert ratings() == []


# It refuses


@pytest.mark.parametrize("stars", ["", "0", "6", "4.5", "five", "-1", "١"])
def test_what_is_no_face_is_asked_again(token: str, customer: Browser, stars: str) -> None:
    answer = customer.post(f"/rate/{token}", {"r": stars, "c": "kept"})
    assert answer.status_code == 422
    assert "kept" in answer.text
    assert ratings() == []


@pytest.mark.parametrize("form", [{"e": ["love"]}, {"w": ["nothing"]}, {"c": "x" * 2001}])
def test_what_was_never_offered_is_not_taken(token: str, customer: Browser, form: dict[str, Any]) -> None:
    assert customer.post(f"/rate/{token}", {"r": "5", **form}).status_code == 422
    assert ratings() == []


def test_posting_every_column_changes_nothing_else(token: str, customer: Browser, cast: Cast) -> None:
    columns = {c.name: "1" for c in (*Rating.__table__.columns, *Interaction.__table__.columns)}
    columns |= {"person_id": str(cast.kevin.id), "handled_by_id": str(cast.kevin.id), "stars": "1", "source": "file"}
    customer.post(f"/rate/{token}", {**columns, "r": "5"})
    [rating] = ratings()
    assert (rating.person_id, rating.stars, rating.source) == (cast.amina.id, 5, "survey link")
    assert (rating.excluded_at, rating.import_id) == (None, None)


@pytest.mark.parametrize("who", ["amina", "brian", "dora", "ruth"])
def test_nobody_who_works_here_rates(token: str, browse: Any, cast: Cast, who: str) -> None:
    browser = browse(getattr(cast, who), at=NOW)
    for answer in (browser.get(f"/rate/{token}"), browser.post(f"/rate/{token}", {"r": "5"})):
        assert answer.status_code == 403
        assert "only customers rate" in answer.text
    assert ratings() == []


@pytest.mark.parametrize("wrong", ["x", "a" * 43, "..%2f..", "é" * 10, "a" * 5000])
def test_every_unknown_token_gets_the_same_page(token: str, customer: Browser, wrong: str) -> None:
    first, other = customer.get("/rate/" + "b" * 43), customer.get(f"/rate/{wrong}")
    if "%2f" not in wrong:
        assert (other.status_code, other.data) == (first.status_code, first.data)
    assert first.status_code == 404


def test_who_guesses_too_often_is_held_back_and_learns_nothing(token: str, customer: Browser) -> None:
    for number in range(25):
        assert customer.post(f"/rate/guess{number}", {"r": "5"}).status_code == 404
    assert customer.post(f"/rate/{token}", {"r": "5"}).status_code == 404
    assert ratings() == []
    with clock.set_to(NOW + timedelta(hours=2)):
        assert customer.post(f"/rate/{token}", {"r": "5"}).status_code == 303


# Twice


def test_the_second_answer_does_not_count(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "5"})
    assert customer.post(f"/rate/{token}", {"r": "1"}).status_code == 303
    assert [rating.stars for rating in ratings()] == [5]
    assert "Thank you!" in customer.get(f"/rate/{token}").text


def test_fifty_posts_at_once_make_one_row(token: str, app: Flask, browse: Any) -> None:
    browsers = [browse(None) for _number in range(50)]
    db.session.rollback()

    def post(browser: Browser) -> int:
        with clock.set_to(NOW), app.app_context():
            data = {"csrf_token": browser.csrf_token, "r": "4"}
            return browser.client.post(f"/rate/{token}", data=data).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(post, browsers))
    assert statuses == [303] * 50
    assert len(ratings()) == 1
    assert rollup.differences() == {}


RACER = """
import sys, threading
from datetime import UTC, datetime
from itsdangerous import URLSafeTimedSerializer
from tracker import create_app
from tracker.core import clock

url, secret, folder, token = sys.argv[1:]
app = create_app({"DATABASE_URL": url, "SECRET_KEY": secret, "INSTANCE_PATH": folder, "BASE_URL": "http://localhost"})
statuses = []

def post():
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = "raw"
    csrf = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps("raw")
    with clock.set_to(datetime(2026, 11, 18, 9, tzinfo=UTC)):
        statuses.append(client.post(f"/rate/{token}", data={"csrf_token": csrf, "r": "2"}).status_code)

threads = [threading.Thread(target=post) for _ in range(12)]
print("ready", flush=True)
sys.stdin.readline()
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(*statuses)
"""


def test_posts_of_several_processes_make_one_row(token: str, app: Flask, database_url: str, tmp_path: Path) -> None:
    db.session.rollback()
    command = [sys.executable, "-c", RACER, database_url, app.config["SECRET_KEY"], str(tmp_path), token]
    racers = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        for _number in range(3)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    printed = [racer.communicate("go\n", timeout=120)[0] for racer in racers]
    assert [line.split() for line in printed] == [["303"] * 12] * 3
    assert len(ratings()) == 1


# Changing and taking back


def test_an_answer_can_be_changed_for_three_days(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "2", "b": ["speed"], "c": "Slow"})
    page = customer.get(f"/rate/{token}?change=1").text
    assert "Slow" in page
    assert "Change your answer" in page
    with clock.set_to(NOW + timedelta(hours=71, minutes=59)):
        assert customer.post(f"/rate/{token}/change", {"r": "4", "w": ["knowledge"]}).status_code == 303
    [rating] = ratings()
    assert (rating.stars, rating.drivers, rating.comment) == (4, ["knowledge"], None)
    assert rollup.differences() == {}


def test_after_three_days_it_stays_as_it_is_and_can_still_be_taken_back(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "2"})
    with clock.set_to(NOW + timedelta(hours=72)):
        assert customer.post(f"/rate/{token}/change", {"r": "5"}).status_code == 409
        page = customer.get(f"/rate/{token}?change=1").text
    assert "The time to change it is over." in page
    assert [rating.stars for rating in ratings()] == [2]
    with clock.set_to(NOW + timedelta(days=400)):
        assert customer.post(f"/rate/{token}/erasure").status_code == 303
    assert ratings() == []
    assert rollup.differences() == {}


def test_an_answer_taken_back_is_gone_and_the_link_with_it(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "2", "c": "My secret words"})
    assert customer.post(f"/rate/{token}/erasure").status_code == 303
    assert ratings() == []
    assert rollup.differences() == {}
    assert "Your answer is gone" in customer.get(f"/rate/{token}").text
    customer.post(f"/rate/{token}", {"r": "1"})
    assert customer.post(f"/rate/{token}/change", {"r": "1"}).status_code == 409
    assert customer.post(f"/rate/{token}/erasure").status_code == 409
    assert ratings() == []
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert actions.count("rating.erased") == 1


def test_nothing_can_be_changed_before_there_is_an_answer(token: str, customer: Browser) -> None:
    assert customer.post(f"/rate/{token}/change", {"r": "5"}).status_code == 409
    assert customer.post(f"/rate/{token}/erasure").status_code == 409
    assert ratings() == []


# At the edge


def test_a_link_lasts_fourteen_days(token: str, customer: Browser) -> None:
    with clock.set_to(NOW + timedelta(days=14)):
        assert customer.get(f"/rate/{token}").status_code == 410
        customer.post(f"/rate/{token}", {"r": "5"})
        assert ratings() == []
    with clock.set_to(NOW + timedelta(days=14) - timedelta(seconds=1)):
        customer.post(f"/rate/{token}", {"r": "5"})
    assert len(ratings()) == 1


def test_only_a_hash_of_the_token_is_kept(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}", {"r": "5"})
    assert the_link(token).token_hash != token
    assert db.session.scalar(select(func.count()).where(SurveyLink.token_hash == token)) == 0


def test_the_handler_stays_who_it_was_when_service_ended(token: str, customer: Browser, cast: Cast) -> None:
    with transaction():
        interaction = db.session.scalars(select(Interaction)).one()
        assert (interaction.person_id, interaction.team_id) == (cast.amina.id, cast.tills.id)
    customer.post(f"/rate/{token}", {"r": "5"})
    assert ratings()[0].interaction_id == interaction.id


def test_only_the_pages_session_is_a_cookie(token: str, app: Flask, cast: Cast) -> None:
    with app.app_context():
        client = app.test_client()
        answer = client.get(f"/rate/{token}")
    names = [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")]
    assert names == [app.config["SESSION_COOKIE_NAME"]]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
