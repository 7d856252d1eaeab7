"""The right of reply: shown to both with its date, put right while the case is open, and told to who leads after the head start."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.journeys.serving import Hour
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import close_case
from tracker.coaching.jobs import share_cards
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.notifications.models import Message


def told() -> list[tuple[int, str]]:
    """(whom, when it shows) of every word about a reply."""
    db.session.rollback()
    found = db.session.scalars(select(Message).where(Message.kind == "coaching.replied").order_by(Message.id))
    return [(message.person_id, message.visible_at.isoformat()) for message in found]


def test_it_is_shown_to_both_with_its_date_and_can_be_put_right(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any
) -> None:
    kevin, brian, address = browse(cast.kevin), browse(cast.brian), f"/coaching/{case.id}"
    assert kevin.post(f"{address}/reply", {"text": "Two tills were shut."}).status_code == 303
    hour.at = NOW + timedelta(hours=2)
    assert kevin.post(f"{address}/reply", {"text": "Two tills were shut.\nAll month."}).status_code == 303
    for browser in (kevin, brian):
        page = browser.get(address).text
        assert "“Two tills were shut.\nAll month.”" in page
        assert "Written Wed 18 Nov, 14:00" in page
    assert "Put it right" in kevin.get(address).text
    assert "Put it right" not in brian.get(address).text


def test_the_leader_is_told_once_a_day(case: CoachingCase, cast: Cast, hour: Hour, browse: Any) -> None:
    kevin, address = browse(cast.kevin), f"/coaching/{case.id}/reply"
    for text in ("First.", "Second."):
        kevin.post(address, {"text": text})
    assert told() == [(cast.brian.id, NOW.isoformat())]
    assert "Kevin Odhiambo wrote their side of it" in browse(cast.brian).get("/inbox").text
    hour.at = NOW + timedelta(days=1)
    browse(cast.kevin).post(address, {"text": "Third."})
    assert len(told()) == 2
    assert {entry.action for entry in db.session.scalars(select(AuditEntry)) if "repl" in entry.action} == {
        "coaching.replied"
    }


def test_during_the_head_start_nobody_is_told_and_after_it_once(cast: Cast, hour: Hour, browse: Any) -> None:
    shares_at = NOW + timedelta(hours=20)  # Thursday, 8 in the morning
    with transaction():
        case = a_case_of(cast.kevin, shares_at=shares_at)
    assert browse(cast.kevin).post(f"/coaching/{case.id}/reply", {"text": "Mine."}).status_code == 303
    assert told() == []
    share_cards(shares_at - timedelta(minutes=1))
    assert told() == []
    share_cards(shares_at)
    assert told() == [(cast.brian.id, shares_at.isoformat())]
    share_cards(shares_at + timedelta(minutes=1))
    assert len(told()) == 1


def test_who_does_not_lead_any_more_hears_nothing(case: CoachingCase, cast: Cast, browse: Any) -> None:
    """The message falls silent with the right."""
    browse(cast.kevin).post(f"/coaching/{case.id}/reply", {"text": "Mine."})
    with transaction():
        close_case(db.session.get_one(CoachingCase, case.id), because="held", by=cast.brian.id, at=NOW)
    assert "wrote their side" not in browse(cast.brian).get("/inbox").text
    assert browse(cast.kevin).post(f"/coaching/{case.id}/reply", {"text": "Too late."}).status_code == 409
    assert browse(cast.brian).post(f"/coaching/{case.id}/reply", {"text": "Not mine."}).status_code == 404
