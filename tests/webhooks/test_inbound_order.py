"""Twice, late, in the wrong order, by two doors, by hand in between: one rating, and never an older word over a newer one."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, a_rating
from tests.webhooks import payloads
from tests.webhooks.conftest import NOW, Helpdesk
from tracker.api.actions import take_rating
from tracker.api.schemas import RatingIn
from tracker.core.db import db, transaction
from tracker.intake.actions import assign_waiting
from tracker.ratings import rollup
from tracker.ratings.import_models import Import
from tracker.ratings.models import Attribution, Interaction, Rating
from tracker.webhooks import inbound_jobs
from tracker.webhooks.inbound_actions import KEPT, keep_delivery, pause_door, resume_door
from tracker.webhooks.inbound_jobs import forget, work_off
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_queries import OpenDoor, health_of_doors
from tracker.webhooks.inbound_reading import read
from tracker.webhooks.inbound_signatures import Proof
from tracker.webhooks.inbound_values import NotUnderstood

Make = Callable[..., Helpdesk]
AT = payloads.SECONDS


def the_rating() -> Rating:
    db.session.rollback()
    return db.session.scalars(select(Rating)).one()


def states(helpdesk: Helpdesk) -> list[str]:
    db.session.rollback()
    rows = select(Delivery.state).where(Delivery.door_id == helpdesk.door_id).order_by(Delivery.id)
    return list(db.session.scalars(rows))


def test_the_same_answer_again_changes_nothing(helpdesk: Make) -> None:
    chatwoot = helpdesk("chatwoot")
    assert [chatwoot.tell(payloads.chatwoot_answer()).state for _time in range(3)] == ["credited", "known", "known"]
    assert the_rating().edited_at is None
    assert rollup.differences() == {}


def test_a_customer_who_changes_the_answer_changes_the_rating(helpdesk: Make) -> None:
    chatwoot = helpdesk("chatwoot")
    chatwoot.tell(payloads.chatwoot_answer(5, words=""))
    assert chatwoot.tell(payloads.chatwoot_answer(2, words="It broke again", at=AT + 60)).state == "changed"
    rating = the_rating()
    assert (rating.stars, rating.original_value, rating.comment) == (2, "2", "It broke again")
    assert rating.edited_at is not None
    assert rollup.differences() == {}


def test_an_older_word_never_overwrites_a_newer_one(helpdesk: Make) -> None:
    chatwoot = helpdesk("chatwoot")
    chatwoot.tell(payloads.chatwoot_answer(2, words="It broke again", at=AT + 60))
    late = chatwoot.tell(payloads.chatwoot_answer(5, words="", at=AT))
    assert (late.state, late.why) == ("known", "older")
    assert (the_rating().stars, the_rating().comment) == (2, "It broke again")


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1), (3, 0, 1, 2), (1, 2, 3, 0)])
def test_in_whichever_order_they_arrive_the_end_is_the_same(helpdesk: Make, cast: Cast, order: Any) -> None:
    """The end of service by Amina; the answer, changed twice, the last of it without an agent."""
    told = [
        payloads.chatwoot_resolved(agent="Amina Otieno", at=AT - 600),
        payloads.chatwoot_answer(3, words="", agent="Amina Otieno", at=AT),
        payloads.chatwoot_answer(4, words="Better", agent=None, at=AT + 60),
        payloads.chatwoot_answer(5, words="Best", agent=None, at=AT + 120),
    ]
    chatwoot = helpdesk("chatwoot")
    for position in order:
        chatwoot.tell(told[position])
    rating = the_rating()
    assert (rating.stars, rating.comment, rating.person_id) == (5, "Best", cast.amina.id)
    assert rating.interaction_id is not None
    assert rollup.differences() == {}


def test_a_rating_before_its_handler_waits_and_is_credited_by_the_end(helpdesk: Make, cast: Cast) -> None:
    chatwoot = helpdesk("chatwoot")
    assert chatwoot.tell(payloads.chatwoot_answer(agent=None)).state == "tray"
    assert the_rating().person_id is None
    chatwoot.tell(payloads.chatwoot_resolved(agent="Amina Otieno"))
    assert (the_rating().person_id, the_rating().handled_by_id) == (cast.amina.id, None)
    entry = db.session.scalars(select(Attribution)).one()
    assert (entry.to_person_id, entry.by_id) == (cast.amina.id, cast.ruth.id)
    assert rollup.differences() == {}


def test_what_was_credited_by_hand_stays_so(helpdesk: Make, cast: Cast) -> None:
    chatwoot = helpdesk("chatwoot")
    chatwoot.tell(payloads.chatwoot_answer(agent=None))
    with transaction():
        rating, kevin = the_rating(), db.session.get_one(type(cast.kevin), cast.kevin.id)
        assign_waiting([rating], kevin, by=cast.chloe.id, reason="He answered that day", at=NOW)
        assign_waiting([rating], None, by=cast.chloe.id, reason="Not sure after all", at=NOW)  # type: ignore[arg-type]  # back
    chatwoot.tell(payloads.chatwoot_resolved(agent="Amina Otieno"))
    chatwoot.tell(payloads.chatwoot_answer(agent="Amina Otieno"))
    assert the_rating().person_id is None
    assert the_rating().interaction_id is not None


def test_somebody_who_is_added_later_is_credited_by_the_next_word(helpdesk: Make, cast: Cast) -> None:
    chatwoot = helpdesk("chatwoot")
    assert chatwoot.tell(payloads.chatwoot_answer(agent="Njeri Kariuki")).state == "tray"
    with transaction():
        njeri = a_person("Njeri Kariuki", team=cast.tills).id
    assert chatwoot.tell(payloads.chatwoot_answer(agent="Njeri Kariuki")).state == "credited"
    assert the_rating().person_id == njeri


def test_service_that_ends_again_is_another_service(helpdesk: Make, cast: Cast) -> None:
    chatwoot = helpdesk("chatwoot")
    chatwoot.tell(payloads.chatwoot_resolved(agent="Amina Otieno", at=AT - 600))
    chatwoot.tell(payloads.chatwoot_answer(message=1, at=AT))
    assert chatwoot.tell({**payloads.chatwoot_resolved(at=AT - 590), "event": "conversation_resolved"}).state == "known"
    assert chatwoot.tell(payloads.chatwoot_resolved(agent="Kevin Odhiambo", at=AT + 3_600)).state == "noted"
    assert (
        chatwoot.tell(payloads.chatwoot_answer(2, message=2, agent="Amina Otieno", at=AT + 4_000)).state == "credited"
    )
    credited = select(Rating.external_id, Rating.person_id).order_by(Rating.id)
    assert db.session.execute(credited).all() == [("message 1", cast.amina.id), ("message 2", cast.kevin.id)]


def test_the_same_interaction_by_two_doors_keeps_one_rating_and_says_which(helpdesk: Make, cast: Cast) -> None:
    """A helpdesk and a survey tool ask about the same conversation; so does the API."""
    chatwoot, survey = helpdesk("chatwoot"), helpdesk("standard", "survey tool")
    chatwoot.tell(payloads.chatwoot_resolved())
    chatwoot.tell(payloads.chatwoot_answer(5))
    key = {"source": "Chatwoot", "external_id": "10"}
    second = survey.tell(payloads.standard(stars=1, interaction=key, employee=None))
    assert (second.state, second.rating_id) == ("rated_before", the_rating().id)
    given = RatingIn.model_validate(
        {"source": "api", "external_id": "a-1", "rated_at": payloads.ANSWERED_AT, "stars": 2, "interaction": key}
    )
    with transaction():
        taken = take_rating(given, by=cast.ruth.id, at=NOW)
        assert (taken.row.source, taken.row.stars, taken.is_new) == ("Chatwoot", 5, False)
    assert rollup.differences() == {}


def test_nobody_is_credited_by_their_own_door(helpdesk: Make, cast: Cast) -> None:
    own = helpdesk("chatwoot", by=cast.amina)
    own.tell(payloads.chatwoot_resolved(agent="Amina Otieno"))
    assert own.tell(payloads.chatwoot_answer(agent="Amina Otieno")).state == "tray"
    assert the_rating().person_id is None


def test_the_same_number_of_another_source_is_another_rating(helpdesk: Make) -> None:
    for name in ("north", "south"):
        assert helpdesk("chatwoot", name).tell(payloads.chatwoot_answer()).state == "credited"
    assert len(db.session.scalars(select(Rating)).all()) == 2


def test_a_rating_of_a_file_that_is_being_read_has_to_wait(helpdesk: Make, cast: Cast) -> None:
    chatwoot = helpdesk("chatwoot")
    with transaction():
        file = Import(source="Chatwoot", file_name="a.csv", mapping={}, started_at=NOW, alive_until=NOW)
        db.session.add(file)
        db.session.flush()
        rating = a_rating(cast.amina, 5, at=NOW - timedelta(days=1), source="Chatwoot", external_id="message 118")
        rating.import_id = file.id
    assert chatwoot.send(payloads.chatwoot_answer(5, words="")).status_code == 202
    assert work_off(NOW) == 0
    assert states(chatwoot) == ["waiting"]
    with transaction():
        db.session.get_one(Import, file.id).finished_at = NOW
    assert work_off(NOW) == 1
    assert states(chatwoot) == ["known"]


def test_what_a_paused_door_takes_waits_and_is_worked_off_in_order(helpdesk: Make, cast: Cast) -> None:
    chatwoot = helpdesk("chatwoot")
    with transaction():
        pause_door(db.session.get_one(Door, chatwoot.door_id), by=cast.ruth.id, at=NOW)
    for stars, at in ((1, AT), (5, AT + 60)):
        assert chatwoot.send(payloads.chatwoot_answer(stars, at=at)).status_code == 202
    assert work_off(NOW) == 0
    assert states(chatwoot) == ["waiting", "waiting"]
    assert health_of_doors() == {"webhooks_waiting": 0, "webhooks_oldest_received_at": None}
    with transaction():
        resume_door(db.session.get_one(Door, chatwoot.door_id), by=cast.ruth.id, at=NOW)
    assert health_of_doors() == {"webhooks_waiting": 2, "webhooks_oldest_received_at": NOW.isoformat()}
    assert work_off(NOW) == 2
    assert (states(chatwoot), the_rating().stars) == (["credited", "changed"], 5)
    assert work_off(NOW) == 0


def test_bodies_are_forgotten_after_30_days_and_the_rows_stay(helpdesk: Make) -> None:
    chatwoot = helpdesk("chatwoot")
    chatwoot.tell(payloads.chatwoot_answer(), number="n1")
    assert forget(NOW + KEPT) == 0
    chatwoot.tell({"event": "contact_created"}, number="n3")
    chatwoot.send(payloads.chatwoot_answer(message=2), number="n2")
    assert forget(NOW + KEPT + timedelta(seconds=3)) == 3
    db.session.rollback()
    rows = select(Delivery.state, Delivery.why, Delivery.body).order_by(Delivery.id)
    assert db.session.execute(rows).all() == [("credited", None, None), ("not_understood", "forgotten", None)]
    chatwoot.at = NOW + KEPT + timedelta(days=1)
    assert chatwoot.send(payloads.chatwoot_answer(), number="n1").status_code == 200


def test_a_payload_that_makes_us_fail_holds_up_nothing(helpdesk: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    chatwoot = helpdesk("chatwoot")
    true_read = inbound_jobs.read

    def fails_once(kind: str, name: str, scale: str, body: str) -> Any:
        if '"id": 901,' in body:
            raise ZeroDivisionError
        return true_read(kind, name, scale, body)

    monkeypatch.setattr(inbound_jobs, "read", fails_once)
    chatwoot.send(payloads.chatwoot_answer(message=901))
    chatwoot.send(payloads.chatwoot_answer(message=2, conversation=11))
    assert work_off(NOW) == 2
    assert states(chatwoot) == ["not_understood", "credited"]
    db.session.rollback()
    assert db.session.scalars(select(Delivery.why).order_by(Delivery.id)).all() == ["failed", None]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=8), PLAIN | st.lists(PLAIN), max_size=3)
EXAMPLES: list[tuple[str, dict[str, Any]]] = [
    ("chatwoot", payloads.chatwoot_answer()),
    ("chatwoot", payloads.chatwoot_resolved()),
    ("zendesk", payloads.zendesk_trigger()),
    ("zendesk", payloads.zendesk_event("csat_received", {"satisfaction_score": {"score": "GOOD"}})),
    ("zendesk", payloads.zendesk_event("status_changed", {"current": "SOLVED", "previous": "OPEN"})),
    ("freshdesk", payloads.freshdesk_answer()),
    ("freshdesk", payloads.freshdesk_simple()),
    ("freshdesk", payloads.freshdesk_api()),
    ("standard", payloads.standard()),
]


@given(data=st.data(), example=st.sampled_from(EXAMPLES))
@settings(max_examples=200, deadline=None)
def test_any_field_may_be_missing_or_strange(data: st.DataObject, example: tuple[str, dict[str, Any]]) -> None:
    """It is read, or it is said which field is to blame; nothing else."""
    kind, payload = example
    strange = _altered(data, payload)
    try:
        reading = read(kind, "Helpdesk", "words", json.dumps(strange))
    except NotUnderstood as fault:
        known = fault.why in {"missing", "wrong", "source", "not_json"} and (fault.field or fault.why == "not_json")
        assert known, fault  # noqa: PT017 - either way out is right
        return
    assert sum(part is not None for part in (reading.rated, reading.ended, reading.noted)) <= 1
    if reading.rated is not None:
        assert 1 <= reading.rated.mark.stars <= 5
        assert len(reading.rated.external_id) <= 130


def _altered(data: st.DataObject, value: Any) -> Any:
    """The same with some of its fields left out or filled with something else, and some more."""
    if not isinstance(value, dict):
        return data.draw(JSON) if data.draw(st.integers(0, 9)) == 0 else value
    kept = {name: _altered(data, inner) for name, inner in value.items() if data.draw(st.integers(0, 14))}
    return {**kept, **data.draw(st.dictionaries(st.text(max_size=5), JSON, max_size=1))}


FATES = {"credited", "tray", "changed", "known", "rated_before", "noted", "not_about", "not_understood"}


@given(order=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5), st.integers(0, 6)), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_answers_leaves_the_newest(helpdesk: Make, cast: Cast, order: list[tuple[int, int, int]]) -> None:
    """Three conversations, answers of any moment in any order: each rating ends with its newest, and the weeks add up."""
    empty_but_the_cast()
    chatwoot = helpdesk("chatwoot", "many")
    opened = OpenDoor(chatwoot.door_id, "chatwoot", ())
    newest: dict[int, tuple[int, int]] = {}
    for number, (conversation, stars, minute) in enumerate(order):
        body = payloads.chatwoot_answer(stars, message=conversation, conversation=conversation, at=AT + 60 * minute)
        with transaction():
            keep_delivery(opened, json.dumps(body), Proof(f"d{number}", f"n{number}", NOW), at=NOW)
        if conversation not in newest or newest[conversation][0] <= minute:
            newest[conversation] = (minute, stars)
    work_off(NOW)
    assert set(states(chatwoot)) <= FATES
    found = {rating.external_id: rating.stars for rating in db.session.scalars(select(Rating))}
    assert found == {f"message {conversation}": stars for conversation, (_minute, stars) in newest.items()}
    assert rollup.differences() == {}


def empty_but_the_cast() -> None:
    with transaction():
        for model in (Delivery, Rating, Interaction, Door):
            db.session.execute(model.__table__.delete())
        db.session.execute(rollup.ScoreWeek.__table__.delete())
