"""Votes that a mail program sends count for nobody and leave the link open; a fast customer counts."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.conftest import Browser, Cast
from tests.factories import a_rating
from tracker.access.rules import new_token, token_hash
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import open_link
from tracker.intake.jobs import forget_origins
from tracker.intake.models import SetAsideVote, VoteOrigin
from tracker.intake.scanner_rules import STRONG, WEAK, Sending, evidence_of, is_set_aside
from tracker.intake.sign_words import signs_in_words
from tracker.invitations.models import MailedToken
from tracker.organisation.models import Person
from tracker.ratings import rollup
from tracker.ratings.models import Rating, SurveyLink
from tracker.ratings.survey_actions import ensure_default_surveys

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HAND = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36",
    "Accept-Language": "en",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
}
SCRIPT = {key: value for key, value in HAND.items() if key != "Sec-Fetch-User"}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def a_mailed_link(person: Person) -> str:
    """The secret that stood in a mail of this moment."""
    with transaction():
        ensure_default_surveys(at=NOW)
        ended_at = NOW - timedelta(hours=1)
        own = open_link(db.session.merge(person), ended_at=ended_at, by=None, at=NOW, customer_reference="C-1")
        link = db.session.scalars(select(SurveyLink).where(SurveyLink.token_hash == token_hash(own))).one()
        secret = new_token()
        db.session.add(MailedToken(token_hash=token_hash(secret), link_id=link.id, mailed_at=NOW))
    return secret


@pytest.fixture
def token(cast: Cast) -> str:
    return a_mailed_link(cast.amina)


@pytest.fixture
def customer(browse: Any) -> Browser:
    return browse(None)


def opened(browser: Browser, token: str, *, at: datetime) -> str:
    with clock.set_to(at):
        found = re.search(r'name="o" type="hidden" value="([^"]+)"', browser.get(f"/rate/{token}").text)
    assert found
    return found[1]


def send(
    browser: Browser,
    token: str,
    *,
    stars: int = 5,
    opened_at: datetime = LATER - timedelta(seconds=8),
    at: datetime = LATER,
    headers: Any = None,
    **form: Any,
) -> TestResponse:
    """Open the page, and send its form a little later."""
    seal = opened(browser, token, at=opened_at)
    with clock.set_to(at):
        return browser.post(f"/rate/{token}", {"r": str(stars), "o": seal, **form}, headers=headers or HAND)


def ratings() -> list[Rating]:
    db.session.rollback()
    return list(db.session.scalars(select(Rating).execution_options(populate_existing=True)))


def the_vote() -> SetAsideVote:
    db.session.rollback()
    return db.session.scalars(select(SetAsideVote).execution_options(populate_existing=True)).one()


def audited(action: str) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


# What is known of one sending


def signs(**given: Any) -> list[str]:
    known: dict[str, Any] = {
        "at": LATER,
        "mailed_at": NOW,
        "opened_at": LATER - timedelta(seconds=8),
        "headers": HAND,
        "has_decoy": False,
        "other_links": 0,
        **given,
    }
    return list(evidence_of(Sending(**known))["signs"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"headers": {**HAND, "User-Agent": "python-requests/2.32"}}, ["known_program"]),
        ({"headers": {**HAND, "User-Agent": ""}}, ["known_program"]),
        ({"headers": {**HAND, "User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}}, ["known_program"]),
        ({"headers": {**HAND, "User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:130.0) CUBOT_X30 Firefox/130.0"}}, []),
        ({"has_decoy": True}, ["filled_decoy"]),
        ({"opened_at": None}, ["no_page"]),
        ({"at": NOW + timedelta(seconds=4), "opened_at": NOW}, ["too_soon"]),
        ({"at": NOW + timedelta(seconds=5), "opened_at": NOW}, []),
        ({"opened_at": LATER - timedelta(milliseconds=900)}, ["too_quick"]),
        ({"opened_at": LATER - timedelta(seconds=1)}, []),
        ({"headers": {**HAND, "Accept-Language": ""}}, ["no_language"]),
        ({"headers": SCRIPT}, ["no_hand"]),
        ({"headers": {"User-Agent": "Mozilla/5.0 Safari/605.1", "Accept-Language": "fr"}}, []),
        ({"other_links": 2}, []),
        ({"other_links": 3}, ["many_links"]),
    ],
)
def test_each_sign_by_itself(given: dict[str, Any], expected: list[str]) -> None:
    assert signs(**given) == expected


def test_one_strong_sign_or_two_weak_ones() -> None:
    assert [sign for sign in STRONG if not is_set_aside({"signs": [sign]})] == []
    assert [sign for sign in WEAK if is_set_aside({"signs": [sign]})] == []
    assert is_set_aside({"signs": ["too_quick", "no_hand"]})


def test_every_sign_has_its_words() -> None:
    figures = {"program": "curl", "seconds_after_mail": 1, "other_links": 4}
    sentences = signs_in_words({"signs": [*STRONG, *WEAK], **figures})
    assert len(set(sentences)) == len(STRONG + WEAK)
    assert sentences[0] == "It calls itself “curl”, which is a program."


# A vote by a mailed link


def test_a_customer_by_mail_counts(token: str, customer: Browser) -> None:
    assert send(customer, token).status_code == 303
    assert [(rating.stars, rating.rated_at) for rating in ratings()] == [(5, LATER)]


def test_a_fast_customer_counts(token: str, customer: Browser) -> None:
    """A star in the mail, and Send at once."""
    at = NOW + timedelta(seconds=20)
    assert send(customer, token, opened_at=at - timedelta(milliseconds=700), at=at).status_code == 303
    assert len(ratings()) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_scanners_open_changes_nothing(token: str, customer: Browser, method: str) -> None:
    for _time in range(3):
        customer.get(f"/rate/{token}?r=1", method=method, headers={"User-Agent": "Barracuda"})
    assert ratings() == []
    assert db.session.scalar(select(func.count()).select_from(SetAsideVote)) == 0


def test_a_program_is_set_aside_and_the_customer_still_answers(token: str, customer: Browser, browse: Any) -> None:
    at = NOW + timedelta(seconds=2)
    page = send(browse(None), token, stars=1, opened_at=at, at=at, headers=SCRIPT, c="Click here")
    assert page.status_code == 200
    assert "Please press Send once more." in page.text
    assert ratings() == []
    vote = the_vote()
    assert vote.evidence["signs"] == ["too_soon", "too_quick", "no_hand"]
    assert (vote.answer["stars"], vote.answer["comment"], vote.sent_at) == (1, "Click here", at)
    assert "127.0.0.1" not in str(vote.evidence)
    [entry] = audited("vote.set_aside")
    assert entry.details == {"signs": ["too_soon", "too_quick", "no_hand"]}
    assert send(customer, token, stars=4).status_code == 303
    assert [rating.stars for rating in ratings()] == [4]
    vote = the_vote()
    assert (vote.outcome, vote.answer, vote.closed_by_id) == ("replaced", {}, None)
    assert rollup.differences() == {}


def test_whoever_was_taken_for_a_program_presses_once_more(token: str, customer: Browser) -> None:
    """The page that asks for it holds the answer, and a new seal."""
    at = NOW + timedelta(seconds=3)
    page = send(customer, token, opened_at=at, at=at, c="Very kind").text
    assert "Very kind" in page
    seal = re.search(r'name="o" type="hidden" value="([^"]+)"', page)
    assert seal
    with clock.set_to(at + timedelta(seconds=4)):
        again = customer.post(f"/rate/{token}", {"r": "5", "c": "Very kind", "o": seal[1]}, headers=HAND)
    assert again.status_code == 303
    assert ratings()[0].comment == "Very kind"


def test_a_program_that_comes_again_is_one_vote(token: str, browse: Any) -> None:
    for stars in (1, 2, 3):
        send(browse(None), token, stars=stars, headers={"User-Agent": "curl/8"})
    vote = the_vote()
    assert (vote.times, vote.answer["stars"]) == (3, 1)
    assert len(audited("vote.set_aside")) == 1


def test_a_form_replayed_after_the_customer_changes_nothing(token: str, customer: Browser, browse: Any) -> None:
    """As SafeLinks does: the same form once more, with the session's cookie and without."""
    seal = opened(customer, token, at=LATER - timedelta(seconds=8))
    form = {"r": "5", "o": seal, "c": "Thank you"}
    with clock.set_to(LATER):
        customer.post(f"/rate/{token}", form, headers=HAND)
        for browser in (customer, browse(None)):
            for stars in ("5", "1"):
                browser.post(f"/rate/{token}", {**form, "r": stars}, headers={"User-Agent": "SafeLinks"})
    assert [(rating.stars, rating.comment) for rating in ratings()] == [(5, "Thank you")]
    assert db.session.scalar(select(func.count()).select_from(SetAsideVote)) == 0


def test_a_seal_of_another_link_is_none(token: str, cast: Cast, customer: Browser) -> None:
    other = a_mailed_link(cast.kevin)
    seal = opened(customer, other, at=LATER - timedelta(seconds=8))
    with clock.set_to(LATER):
        customer.post(f"/rate/{token}", {"r": "5", "o": seal}, headers=HAND)
    assert the_vote().evidence["signs"] == ["no_page"]


def test_one_sender_for_many_invitations_is_seen_for_ten_minutes(cast: Cast, browse: Any) -> None:
    tokens = [a_mailed_link(cast.amina) for _ in range(5)]
    for token in tokens[:3]:
        assert send(browse(None), token).status_code == 303
    assert send(browse(None), tokens[3], headers=SCRIPT).status_code == 200
    assert the_vote().evidence["other_links"] == 3
    much_later = LATER + timedelta(minutes=11)
    assert send(browse(None), tokens[4], opened_at=much_later, at=much_later).status_code == 303
    assert forget_origins(LATER + timedelta(days=1)) == 4
    assert db.session.scalar(select(func.count()).select_from(VoteOrigin)) == 1


def test_a_link_handed_over_otherwise_is_never_set_aside(cast: Cast, customer: Browser) -> None:
    with transaction():
        ensure_default_surveys(at=NOW)
        own = open_link(db.session.merge(cast.amina), ended_at=NOW, by=None, at=NOW)
    assert customer.post(f"/rate/{own}", {"r": "5"}, headers={"User-Agent": "curl/8"}).status_code == 303
    assert len(ratings()) == 1


def test_fifty_posts_of_one_mail_make_one_row(app: Flask, token: str, customer: Browser) -> None:
    """Two secrets of one link, as the mail and its reminder carry them."""
    with transaction():
        link_id = db.session.scalars(select(MailedToken.link_id)).one()
        second = new_token()
        db.session.add(MailedToken(token_hash=token_hash(second), link_id=link_id, mailed_at=NOW))
    seal = opened(customer, token, at=NOW + timedelta(seconds=10))

    def post(number: int) -> int:
        with clock.set_to(LATER), app.app_context():
            client = app.test_client()
            with client.session_transaction() as session:
                session["csrf_token"] = raw
            form = {"r": str(number % 5 + 1), "o": seal, "csrf_token": customer.csrf_token}
            return client.post(f"/rate/{token if number % 2 else second}", data=form, headers=HAND).status_code

    with customer.client.session_transaction() as session:
        raw = session["csrf_token"]
    db.session.rollback()
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(post, range(50))) == {303}
    assert len(ratings()) == 1
    assert rollup.differences() == {}


# The tray


@pytest.fixture
def aside(token: str, browse: Any) -> int:
    send(browse(None), token, stars=2, headers={"User-Agent": "curl/8"}, c="Slow")
    return the_vote().id


def test_the_tray_says_what_speaks_for_a_program(cast: Cast, browse: Any, aside: int) -> None:
    for person in (cast.chloe, cast.ruth):
        page = browse(person).get("/tray/set-aside").text
        assert "It calls itself “curl”, which is a program." in page
        assert "About a visit to Amina Otieno" in page
        assert "Slow" not in page, "how it came decides, and not what it says"
        assert "1 waits for a decision" in browse(person).get("/tray").text


def test_a_vote_is_released_as_the_customers_answer(cast: Cast, browse: Any, aside: int, token: str) -> None:
    with clock.set_to(LATER + timedelta(days=9)):
        browser = browse(cast.chloe, at=clock.now())
        assert browser.post(f"/tray/set-aside/{aside}/release").status_code == 303
        assert browser.post(f"/tray/set-aside/{aside}/release").status_code == 409
        assert browser.post(f"/tray/set-aside/{aside}/discard").status_code == 409
        assert "Nothing is set aside" in browser.get("/tray/set-aside").text
        assert "Thank you for telling us" in browse(None).get(f"/rate/{token}").text
    [rating] = ratings()
    assert (rating.stars, rating.comment, rating.rated_at, rating.person_id) == (2, "Slow", LATER, cast.amina.id)
    assert rollup.differences() == {}
    vote = the_vote()
    assert (vote.outcome, vote.closed_by_id, vote.answer) == ("released", cast.chloe.id, {})
    assert [entry.by_id for entry in audited("vote.released")] == [cast.chloe.id]


def test_a_vote_is_discarded_and_the_link_stays_open(
    cast: Cast, browse: Any, aside: int, token: str, customer: Browser
) -> None:
    assert browse(cast.ruth).post(f"/tray/set-aside/{aside}/discard").status_code == 303
    assert (the_vote().outcome, the_vote().answer) == ("discarded", {})
    assert len(audited("vote.discarded")) == 1
    assert send(customer, token).status_code == 303
    assert [rating.stars for rating in ratings()] == [5]


@pytest.mark.parametrize("door", ["the link", "another"])
def test_after_the_customer_nothing_is_released(
    cast: Cast, browse: Any, aside: int, token: str, customer: Browser, door: str
) -> None:
    if door == "the link":
        send(customer, token)
    else:
        with transaction():
            link = db.session.scalars(select(SurveyLink)).one()
            a_rating(cast.amina, 5, interaction_id=link.interaction_id)
    answer = browse(cast.chloe).post(f"/tray/set-aside/{aside}/release")
    assert answer.status_code == 409
    assert "the customer has answered" in answer.text or "This visit has been rated since" in answer.text
    assert [rating.stars for rating in ratings()] == [5]


def test_two_people_at_once_decide_once(app: Flask, cast: Cast, browse: Any, aside: int) -> None:
    browsers = [browse(person) for person in (cast.chloe, cast.ruth)] * 4

    def decide(number: int) -> int:
        verb = "release" if number % 2 else "discard"
        with app.app_context():
            own = browsers[number]
            data = {"csrf_token": own.csrf_token}
            return own.client.post(f"/tray/set-aside/{aside}/{verb}", data=data).status_code

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(decide, range(2)))
    assert sorted(statuses) == [303, 409]
    assert len(ratings()) == (1 if the_vote().outcome == "released" else 0)


@pytest.mark.parametrize("who", ["amina", "brian", "dora", "faith"])
def test_who_may_not(cast: Cast, browse: Any, aside: int, who: str) -> None:
    browser = browse(getattr(cast, who))
    assert browser.get("/tray/set-aside").status_code == 403
    assert browser.post(f"/tray/set-aside/{aside}/release").status_code == 403
    assert the_vote().closed_at is None


def test_nobody_decides_about_a_vote_on_their_own_service(cast: Cast, browse: Any) -> None:
    token = a_mailed_link(cast.chloe)
    send(browse(None), token, headers={"User-Agent": "curl/8"})
    chloe = browse(cast.chloe)
    assert "Nothing is set aside" in chloe.get("/tray/set-aside").text
    assert chloe.post(f"/tray/set-aside/{the_vote().id}/release").status_code == 404
    assert browse(cast.ruth).post(f"/tray/set-aside/{the_vote().id}/release").status_code == 303
