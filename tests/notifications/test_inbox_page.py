"""The inbox: what is new first, opened by a button because opening marks it as read."""

from datetime import timedelta
from typing import Any

from flask import Flask

from tests.conftest import NOW, Cast
from tracker.core.db import db, transaction
from tracker.notifications.actions import tell
from tracker.notifications.models import Message


def _told(cast: Cast, *, days_ago: int = 0, state: str = "plain") -> None:
    at = NOW - timedelta(days=days_ago, minutes=1)
    key = f"week|{cast.amina.id}|{days_ago}"
    with transaction():
        tell("week", to=cast.amina.id, key=key, at=at, visible_at=at, state=state, count=3)


def test_nothing_new_wishes_a_good_shift(app: Flask, cast: Cast, browse: Any) -> None:
    page = browse(cast.amina).get("/inbox").text
    assert "Nothing new. Have a good shift." in page
    assert "Your inbox is empty" in page


def test_new_messages_are_counted_and_opening_one_marks_it_as_read(app: Flask, cast: Cast, browse: Any) -> None:
    _told(cast)
    _told(cast, days_ago=3)
    browser = browse(cast.amina)
    page = browser.get("/inbox").text
    assert "<h1>2 new</h1>" in page
    assert page.count("Your week: 3 new ratings") == 2
    first = db.session.query(Message.id).filter_by(person_id=cast.amina.id).first()
    assert first
    assert browser.post(f"/inbox/{first[0]}/opening").location == "/me"
    assert "<h1>1 new</h1>" in browser.get("/inbox").text


def test_what_was_read_stays_as_links(app: Flask, cast: Cast, browse: Any) -> None:
    _told(cast)
    _told(cast, days_ago=3)
    browser = browse(cast.amina)
    browser.post("/inbox/read")
    page = browser.get("/inbox").text
    assert "Today</h2>" in page
    assert "Earlier</h2>" in page
    assert "/opening" not in page


def test_nobody_opens_somebody_elses_message(app: Flask, cast: Cast, browse: Any) -> None:
    _told(cast)
    message = db.session.query(Message.id).filter_by(person_id=cast.amina.id).one()[0]
    assert browse(cast.brian).post(f"/inbox/{message}/opening").status_code == 404
