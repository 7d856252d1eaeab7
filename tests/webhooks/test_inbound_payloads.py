"""What the helpdesks document, as it arrives: ratings and services without any mapping by hand."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.webhooks import payloads
from tests.webhooks.conftest import Helpdesk
from tracker.core.db import db, transaction
from tracker.ratings import rollup
from tracker.ratings.models import Customer, Interaction, Rating, ScoreWeek

Make = Callable[..., Helpdesk]
ANSWERED = datetime(2026, 11, 17, 8, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amina_has_a_mail(cast: Cast) -> None:
    with transaction():
        db.session.get_one(type(cast.amina), cast.amina.id).email = "amina@zawadora.example"


def the_rating() -> Rating:
    return db.session.scalars(select(Rating)).one()


def test_chatwoots_survey_becomes_a_rating(helpdesk: Make, cast: Cast) -> None:
    told = helpdesk("chatwoot").tell(payloads.chatwoot_answer(5))
    rating = the_rating()
    assert (told.state, told.rating_id, told.event, told.conversation) == (
        "credited",
        rating.id,
        "message_updated",
        "10",
    )
    assert (rating.source, rating.external_id) == ("Chatwoot", "message 118")
    assert (rating.stars, rating.original_value, rating.original_scale) == (5, "5", "stars")
    assert (rating.person_id, rating.handled_by_id, rating.team_id) == (cast.amina.id, cast.amina.id, cast.tills.id)
    assert rating.comment == "Quick and kind"
    assert rating.rated_at.replace(microsecond=0) == ANSWERED
    assert rating.touchpoint_id
    assert rating.channel_id
    assert db.session.get_one(Customer, rating.customer_id).reference == "Chatwoot: 12"
    assert rollup.differences() == {}


def test_chatwoots_end_freezes_who_handled_it(helpdesk: Make, cast: Cast) -> None:
    """Whoever has the conversation when the customer answers, the one who had it at its end is credited."""
    chatwoot = helpdesk("chatwoot")
    assert chatwoot.tell(payloads.chatwoot_resolved(agent="Amina Otieno")).state == "noted"
    chatwoot.tell(payloads.chatwoot_answer(4, agent="Kevin Odhiambo"))
    served = db.session.scalars(select(Interaction)).one()
    assert (served.source, served.external_id, served.person_id) == ("Chatwoot", "10", cast.amina.id)
    assert (served.outcome, served.team_id) == ("resolved", cast.tills.id)
    assert served.started_at is not None
    assert (the_rating().person_id, the_rating().interaction_id) == (cast.amina.id, served.id)


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (payloads.chatwoot_answer(content_type="text", content_attributes={}), "message_updated"),
        (payloads.chatwoot_answer(content_attributes={}), "message_updated"),
        (payloads.chatwoot_answer(content_attributes={"submitted_values": [{"name": "x"}]}), "message_updated"),
        ({**payloads.chatwoot_resolved(), "status": "open"}, "conversation_status_changed"),
        ({"event": "webwidget_triggered", "id": 12}, "webwidget_triggered"),
    ],
)
def test_what_is_about_no_rating_is_noted_and_changes_nothing(helpdesk: Make, payload: Any, event: str) -> None:
    told = helpdesk("chatwoot").tell(payload)
    assert (told.state, told.event) == ("not_about", event)
    assert db.session.scalars(select(Rating)).all() == db.session.scalars(select(Interaction)).all() == []


def test_older_forms_of_chatwoot_are_understood(helpdesk: Make, cast: Cast) -> None:
    """conversation_resolved, texts in the place of numbers, display_id, an agent with an address."""
    chatwoot = helpdesk("chatwoot")
    old = {**payloads.chatwoot_resolved(), "event": "conversation_resolved", "status": "open"}
    assert chatwoot.tell(old).state == "noted"
    answer = payloads.chatwoot_answer("4", message="119")
    conversation = {**answer["conversation"], "display_id": "10"}
    del conversation["id"]
    conversation["meta"] = {"assignee": {"email": "AMINA@zawadora.example"}}
    assert chatwoot.tell({**answer, "conversation": conversation}).state == "credited"
    assert (the_rating().external_id, the_rating().person_id) == ("message 119", cast.amina.id)
    assert the_rating().interaction_id is not None


@pytest.mark.parametrize(
    ("event", "stars", "value"),
    [
        ({"satisfaction_score": {"score": "GOOD", "comment": "Lovely"}}, 5, "GOOD"),
        ({"satisfaction_score": {"score": "BAD", "comment": "Lovely"}}, 1, "BAD"),
        ({"satisfaction_rating": {"score": 4, "comment": "Lovely"}}, 4, "4"),
        ({"current": "good_with_comment", "previous": "offered", "comment": "Lovely"}, 5, "good_with_comment"),
    ],
)
def test_zendesks_own_events(helpdesk: Make, event: Any, stars: int, value: str) -> None:
    """They name the agent by a number that nobody here has, so the rating waits in the tray with it."""
    told = helpdesk("zendesk").tell(payloads.zendesk_event("csat_received", event))
    rating = the_rating()
    assert (told.state, told.conversation) == ("tray", "5158")
    assert (rating.stars, rating.original_value, rating.comment) == (stars, value, "Lovely")
    assert (rating.external_id, rating.employee_reference) == ("ticket 5158", "Zendesk agent 8447388090494")


def test_zendesks_solved_is_an_end_and_closed_after_it_is_none(helpdesk: Make) -> None:
    zendesk = helpdesk("zendesk")
    solved = payloads.zendesk_event("status_changed", {"current": "SOLVED", "previous": "OPEN"})
    closed = payloads.zendesk_event("status_changed", {"current": "CLOSED", "previous": "SOLVED"}, status="CLOSED")
    opened = payloads.zendesk_event("status_changed", {"current": "OPEN", "previous": "NEW"}, status="OPEN")
    assert [zendesk.tell(one).state for one in (opened, solved, closed)] == ["not_about", "noted", "not_about"]
    assert zendesk.tell(payloads.zendesk_event("comment_added", {"comment": {"body": "x"}})).state == "not_about"


@pytest.mark.parametrize(
    ("values", "stars"),
    [
        ({}, 5),
        ({"rating": "Bad, I'm unsatisfied"}, 1),
        ({"rating": "good"}, 5),
        ({"rating": 2, "ticket_id": 5158}, 2),
        ({"rating": "4"}, 4),
        ({"rating": None, "satisfaction": {"current_rating": "Good"}}, 5),
        ({"rating": "{{satisfaction.current_rating}}", "score": "bad"}, 1),
    ],
)
def test_zendesks_trigger_as_the_page_says(helpdesk: Make, cast: Cast, values: Any, stars: int) -> None:
    told = helpdesk("zendesk").tell(payloads.zendesk_trigger(**values))
    assert (told.state, the_rating().stars, the_rating().person_id) == ("credited", stars, cast.amina.id)
    assert the_rating().comment == "Patient with my questions"


def test_zendesks_trigger_about_solved(helpdesk: Make, cast: Cast) -> None:
    zendesk = helpdesk("zendesk")
    assert zendesk.tell(payloads.zendesk_trigger(rating=None, comment=None)).state == "noted"
    assert zendesk.tell(payloads.zendesk_trigger(rating="Unoffered", status="Closed")).state == "known"
    assert zendesk.tell(payloads.zendesk_trigger(rating="", status="Open", comment=None)).state == "not_about"
    assert db.session.scalars(select(Interaction.person_id)).all() == [cast.amina.id]


@pytest.mark.parametrize(
    ("payload", "stars", "state"),
    [
        (payloads.freshdesk_answer(), 5, "credited"),
        (payloads.freshdesk_answer(rating="101", ticket_id="2"), 4, "credited"),
        (payloads.freshdesk_answer(rating=100), 3, "credited"),
        (payloads.freshdesk_answer(rating="-102"), 2, "credited"),
        (payloads.freshdesk_answer(rating=-103), 1, "credited"),
        (payloads.freshdesk_answer(rating="Extremely Happy"), 5, "credited"),
        (payloads.freshdesk_simple(ticket_survey_rating="Happy"), 4, "credited"),
        (payloads.freshdesk_api(), 1, "tray"),
        ({"satisfaction_rating": payloads.freshdesk_api()}, 1, "tray"),
    ],
)
def test_freshdesks_answers(helpdesk: Make, payload: Any, stars: int, state: str) -> None:
    told = helpdesk("freshdesk").tell(payload)
    assert (told.state, told.conversation, the_rating().stars) == (state, "2", stars)


def test_freshdesks_simple_content_about_resolved(helpdesk: Make, cast: Cast) -> None:
    freshdesk = helpdesk("freshdesk")
    assert freshdesk.tell(payloads.freshdesk_simple()).state == "noted"
    freshdesk.wait(minutes=30)
    assert freshdesk.tell(payloads.freshdesk_simple(ticket_status="Closed")).state == "known"
    assert freshdesk.tell(payloads.freshdesk_simple(ticket_status="Open")).state == "not_about"
    assert (
        freshdesk.tell(payloads.freshdesk_answer(agent_email="kevin@nobody.example", agent_name="")).state == "credited"
    )
    assert the_rating().person_id == cast.amina.id


def test_a_standard_webhook_brings_what_the_api_takes(helpdesk: Make, cast: Cast) -> None:
    other = helpdesk("standard", "survey tool")
    service = {"external_id": "visit-1", "ended_at": "2026-11-17T08:00:00Z", "place": "till 4", "customer": "C-1"}
    ended = {"type": "interaction.ended", "timestamp": payloads.ANSWERED_AT, "data": {**service, "employee": "N-0412"}}
    assert other.tell(ended).state == "noted"
    assert other.tell(ended).state == "known"
    key = {"source": "survey tool", "external_id": "visit-1"}
    answer = payloads.standard(stars=None, value=9, scale="nps", interaction=key, employee=None, emotions=["at_ease"])
    assert other.tell(answer).state == "credited"
    rating = the_rating()
    assert (rating.stars, rating.original_value, rating.original_scale) == (5, "9", "nps")
    assert (rating.person_id, rating.place, rating.emotions) == (cast.amina.id, "till 4", ["at_ease"])
    assert other.tell({"type": "rating.deleted", "data": {}}).state == "not_about"
    again = {**ended, "data": {**ended["data"], "place": "till 5"}}
    assert (other.tell(again).state, other.last().why) == ("not_understood", "other")


@pytest.mark.parametrize(
    ("kind", "payload", "why", "field"),
    [
        ("chatwoot", {"id": 1}, "missing", "event"),
        ("chatwoot", payloads.chatwoot_answer(None), "missing", "csat_survey_response.rating"),
        ("chatwoot", payloads.chatwoot_answer("fine"), "wrong", "csat_survey_response.rating: fine"),
        ("chatwoot", payloads.chatwoot_answer(9), "wrong", "csat_survey_response.rating: 9"),
        ("chatwoot", payloads.chatwoot_answer(float("inf")), "wrong", "csat_survey_response.rating: inf"),
        ("chatwoot", payloads.chatwoot_answer(float("nan")), "wrong", "csat_survey_response.rating: nan"),
        ("chatwoot", payloads.chatwoot_answer(conversation=None), "missing", "conversation.id"),
        ("chatwoot", payloads.chatwoot_answer(message=None), "missing", "id"),
        ("chatwoot", payloads.chatwoot_answer(at=payloads.SECONDS + 9e6), "future", "2027-03-0"),
        ("zendesk", payloads.zendesk_trigger(ticket_id=None), "missing", "ticket_id / ticket.id"),
        ("zendesk", payloads.zendesk_trigger(rating="Bof"), "wrong", "rating: Bof"),
        ("zendesk", {"ticket_id": 1}, "missing", "rating / status"),
        ("zendesk", payloads.zendesk_event("csat_received", {}), "missing", "event.satisfaction_score.score"),
        ("freshdesk", {"ticket_id": 1}, "missing", "rating / ticket_status"),
        ("freshdesk", payloads.freshdesk_answer(ticket_id="{{ticket.id}}"), "missing", "ticket_id / ticket.id"),
        ("standard", {"type": "rating.created"}, "missing", "data"),
        ("standard", payloads.standard(stars=None, external_id=None), "missing", "data.external_id"),
        ("standard", payloads.standard(stars=7), "wrong", "data.stars"),
        ("standard", payloads.standard(touchpoint="Nowhere"), "unknown", "data.touchpoint: Nowhere"),
        ("standard", payloads.standard(source="Chatwoot"), "source", "data.source: Chatwoot"),
        ("chatwoot", b"not json", "not_json", ""),
        ("chatwoot", b"[1]", "not_json", ""),
        ("standard", b"[" * 60_000, "not_json", ""),
    ],
)
def test_what_cannot_be_read_is_kept_with_the_field_to_blame(
    helpdesk: Make, kind: str, payload: Any, why: str, field: str
) -> None:
    told = helpdesk(kind).tell(payload)
    assert (told.state, told.why) == ("not_understood", why)
    assert field in (told.field or "")
    assert told.body
    assert db.session.scalars(select(Rating)).all() == []
    assert db.session.scalars(select(ScoreWeek)).all() == []


def test_a_scale_of_the_door_says_what_numbers_mean(helpdesk: Make) -> None:
    told = helpdesk("zendesk", scale="csat7").tell(payloads.zendesk_trigger(rating=4))
    assert told.state == "credited"
    assert (the_rating().stars, the_rating().original_value, the_rating().original_scale) == (3, "4", "csat7")
