"""The page of a talk, as its leader and as its person see it, from the first look to the close."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tests.home.cards import a_card, a_case, fallen
from tracker.coaching import actions
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.ratings.models import Driver


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    """Kevin's case, shared two days ago, with low ratings that share a driver."""
    with transaction():
        db.session.add(Driver(key="speed", name="Speed"))
        for day in range(6):
            at = NOW - timedelta(days=day + 1)
            a_rating(cast.kevin, 2, at=at, comment=f"Waited {day} times", drivers=["speed"])
        for audience in ("own", "shared"):
            a_card(cast.kevin, fallen(), audience=audience)
        return a_case(cast.kevin, shares_at=NOW - timedelta(days=2))


def test_both_read_what_the_check_found(case: CoachingCase, cast: Cast, browse: Any) -> None:
    leader = browse(cast.brian).get(f"/coaching/{case.id}").text
    person = browse(cast.kevin).get(f"/coaching/{case.id}").text
    assert "Kevin’s last 24 ratings" in leader
    assert "Your last 24 ratings" in person
    for page in (leader, person):
        assert "one check in 2,000 would look this low" in page
        assert "6 of 6 low ratings say that “Speed” could be better." in page
        assert "Waited 3 times" in page
        assert "data-theme" not in page  # of the layout: dark or light, not what ratings have in common


def test_the_leader_gets_forms_and_the_person_gets_the_right_of_reply(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    leader = browse(cast.brian).get(f"/coaching/{case.id}").text
    person = browse(cast.kevin).get(f"/coaching/{case.id}").text
    assert 'type="date"' in leader
    assert 'type="time"' in leader
    assert "/booking" in leader
    assert "/completion" in leader
    assert "/reply" not in leader
    assert "/reply" in person
    assert "/booking" not in person
    assert "/completion" not in person


def test_no_two_things_on_the_page_have_the_same_id(case: CoachingCase, cast: Cast, browse: Any) -> None:
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_a_talk_is_set_answered_ticked_and_closed(app: Flask, case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, kevin = browse(cast.brian), browse(cast.kevin)
    tomorrow = (NOW + timedelta(days=1)).date()
    booked = {"on": tomorrow.isoformat(), "starts": "14:00", "minutes": "20", "place": "Back office"}
    assert brian.post(f"/coaching/{case.id}/booking", booked).status_code == 303
    assert "Talk with Brian Kamau" in kevin.get("/me").text
    assert ".ics" in kevin.get(f"/coaching/{case.id}").text
    assert kevin.post(f"/coaching/{case.id}/reply", {"text": "Two tills were shut."}).status_code == 303
    assert "Two tills were shut." in brian.get(f"/coaching/{case.id}").text
    agreed = {"text": "Open till 3", "owner": str(cast.kevin.id), "due_on": tomorrow.isoformat()}
    assert brian.post(f"/coaching/{case.id}/agreed", agreed).status_code == 303
    assert "Open till 3" in kevin.get(f"/coaching/{case.id}").text
    with transaction():
        actions.close_case(db.session.get_one(CoachingCase, case.id), because="held", by=cast.brian.id, at=NOW)
    closed = brian.get(f"/coaching/{case.id}").text
    assert "You talked, and agreed that no follow-up is needed." in closed
    assert "/booking" not in closed


def test_a_form_with_an_error_comes_back_with_a_summary_that_leads_to_the_field(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    answer = browse(cast.brian).post(f"/coaching/{case.id}/completion", {"note": "", "follow_up": "none"})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'href="#talk-note"' in answer.text
    assert 'id="talk-note"' in answer.text


@pytest.mark.parametrize("due_on", ["", "soon", "2020-01-01"])
def test_what_was_agreed_needs_a_day_that_is_to_come(case: CoachingCase, cast: Cast, browse: Any, due_on: str) -> None:
    sent = {"text": "Open till 3", "owner": str(cast.kevin.id), "due_on": due_on}
    assert browse(cast.brian).post(f"/coaching/{case.id}/agreed", sent).status_code == 422


def test_what_was_written_up_is_read_by_both(case: CoachingCase, cast: Cast, browse: Any) -> None:
    written = {"note": "We looked at the queue together.", "follow_up": "six_weeks"}
    assert browse(cast.brian).post(f"/coaching/{case.id}/completion", written).status_code == 303
    page = browse(cast.kevin).get(f"/coaching/{case.id}").text
    assert "We looked at the queue together." in page
    assert "Follow-up · " in page
    assert "Follow-up on" in browse(cast.brian).get("/coaching").text


def test_a_list_says_how_long_a_talk_has_been_waiting(case: CoachingCase, cast: Cast, browse: Any) -> None:
    """In working days: over any four days in a row lie at least two of them, and at most four."""
    with transaction():
        db.session.get_one(CoachingCase, case.id).clock_starts_on = (NOW - timedelta(days=4)).date()
    page = browse(cast.brian).get("/coaching").text
    assert "1 talk is open" in page
    assert re.search(r"waiting [234] working days", page)
