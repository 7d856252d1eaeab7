"""A hand-over: written by who leads, read by the person and by whoever leads next, though it is older than that tenure."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_person, leads
from tests.journeys.serving import Hour
from tracker.coaching.actions import close_case, complete_session
from tracker.coaching.models import CoachingCase
from tracker.coaching.page_models import HandOverNote
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Tenure

TEXT = "Kevin asked for a second person at noon;\nthe plan is with the store."


def left() -> list[HandOverNote]:
    db.session.rollback()
    return list(db.session.scalars(select(HandOverNote)))


def told() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == "coaching.handed_over")))


def test_the_person_reads_it_is_told_once_and_can_answer(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, kevin, address = browse(cast.brian), browse(cast.kevin), f"/coaching/{case.id}"
    assert brian.post(f"{address}/hand-over", {"text": TEXT}).status_code == 303
    assert brian.post(f"{address}/hand-over", {"text": TEXT + " Soon."}).status_code == 303
    assert [note.text for note in left()] == [TEXT + " Soon."]
    assert [(message.person_id, message.about_id) for message in told()] == [(cast.kevin.id, case.id)]
    assert "Brian Kamau wrote a hand-over note" in kevin.get("/inbox").text
    page = kevin.get(address).text
    assert "the plan is with the store. Soon." in page
    assert "Your answer goes into" in page
    assert "/hand-over" not in page
    assert kevin.post(f"{address}/reply", {"text": "And I asked twice."}).status_code == 303
    assert "And I asked twice." in brian.get(address).text


def test_whoever_leads_next_reads_it_though_the_talks_before_stay_closed_to_them(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any
) -> None:
    with transaction():
        found = db.session.get_one(CoachingCase, case.id)
        follow_up_on = date(2026, 12, 8)
        complete_session(found, by=cast.brian.id, note="Said between us.", agreed=[], follow_up_on=follow_up_on, at=NOW)
    browse(cast.brian).post(f"/coaching/{case.id}/hand-over", {"text": TEXT})
    with transaction():
        db.session.scalars(select(Tenure).where(Tenure.team_id == cast.tills.id)).one().ended_on = date(2026, 11, 19)
        new = a_person("Nia Oduya", team=cast.floor)
        leads(new, cast.tills, since=date(2026, 11, 19))
    hour.at = NOW + timedelta(days=1)
    page = browse(new, at=hour.at).get(f"/coaching/{case.id}").text
    assert "the plan is with the store." in page
    assert "Brian Kamau" in page
    assert "Said between us." not in page
    assert browse(cast.brian, at=hour.at).get(f"/coaching/{case.id}").status_code == 404
    assert browse(new, at=hour.at).post(f"/coaching/{case.id}/hand-over", {"text": "Mine."}).status_code == 303
    assert sorted(note.by_id for note in left()) == sorted([cast.brian.id, new.id])
    assert "the plan is with the store." in browse(cast.kevin, at=hour.at).get(f"/coaching/{case.id}").text


def test_empty_takes_it_away(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    assert brian.post(f"/coaching/{case.id}/hand-over", {"text": ""}).status_code == 303
    brian.post(f"/coaching/{case.id}/hand-over", {"text": TEXT})
    assert brian.post(f"/coaching/{case.id}/hand-over", {"text": "  "}).status_code == 303
    assert left() == []


@pytest.mark.parametrize(
    ("who", "status"), [("kevin", 403), ("amina", 403), ("dora", 404), ("faith", 404), ("chloe", 403), ("ruth", 403)]
)
def test_nobody_else_writes_one(case: CoachingCase, cast: Cast, browse: Any, who: str, status: int) -> None:
    """Who leads nobody is not let in at all; who leads another team finds no case."""
    answer = browse(getattr(cast, who)).post(f"/coaching/{case.id}/hand-over", {"text": TEXT})
    assert (answer.status_code, left()) == (status, [])


def test_too_long_comes_back(case: CoachingCase, cast: Cast, browse: Any) -> None:
    answer = browse(cast.brian).post(f"/coaching/{case.id}/hand-over", {"text": "x" * 5_001})
    assert answer.status_code == 422
    assert 'href="#hand-over-text"' in answer.text
    assert left() == []


def test_a_closed_case_takes_none(case: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        close_case(db.session.get_one(CoachingCase, case.id), because="held", by=cast.brian.id, at=NOW)
    assert browse(cast.brian).post(f"/coaching/{case.id}/hand-over", {"text": TEXT}).status_code == 409
    assert "Handing over?" not in browse(cast.brian).get(f"/coaching/{case.id}").text
