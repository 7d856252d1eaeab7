"""A paused door in the demo company, with one delivery for each thing that can become of one."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.demo.loading import adds
from tracker.organisation.models import Person
from tracker.ratings.models import Channel
from tracker.webhooks.inbound_actions import keep_delivery, make_door, new_secret, pause_door, set_secret
from tracker.webhooks.inbound_jobs import work_off
from tracker.webhooks.inbound_models import Door
from tracker.webhooks.inbound_queries import OpenDoor
from tracker.webhooks.inbound_signatures import Proof

MADE_BY = "H-0011"
NAME = "Chatwoot"


def start(app: Flask) -> None:
    adds(app, place_door)


def place_door(at: datetime) -> None:
    """All within the last hours, so no figure of a week that is over changes."""
    began = at - timedelta(hours=3)
    with transaction():
        maker = db.session.scalar(select(Person).where(Person.staff_number == MADE_BY))
        agent = _agent()
        if maker is None or agent is None:
            return
        channel = db.session.scalar(select(Channel.id).order_by(Channel.id).limit(1))
        door = make_door("chatwoot", NAME, by=maker.id, at=began, touchpoint_id=None, channel_id=channel, scale="words")
        set_secret(door, new_secret("chatwoot"), by=maker.id, at=began)
        opened, maker_id, name = OpenDoor(door.id, door.kind, ()), maker.id, agent.name
        at_door = [(began + timedelta(minutes=minute), body) for minute, body in _payloads(name, began)]
    for number, (moment, body) in enumerate(at_door, start=1):
        with clock.set_to(moment), transaction():
            proof = Proof(f"demo-{number}", f"demo-{number}", moment)
            keep_delivery(opened, json.dumps(body, ensure_ascii=False), proof, at=moment)
        work_off(moment)
    with transaction():
        pause_door(db.session.get_one(Door, opened.id), by=maker_id, at=at - timedelta(minutes=30))


def _agent() -> Person | None:
    """Somebody who answers mails: of the last staff numbers, so that nobody of the story gets ratings more."""
    return db.session.scalar(
        select(Person).where(Person.ended_on.is_(None)).order_by(Person.staff_number.desc()).limit(1)
    )


def _payloads(agent: str, began: datetime) -> list[tuple[int, dict[str, Any]]]:
    """Minute and body, in the order of arrival."""
    return [
        (1, _message(20, began, 1, agent, content_type="text")),
        (5, _resolved(20, began, 5, agent)),
        (12, _answered(20, 201, began, 12, agent, 5, "Sorted out in one go, thank you")),
        (13, _answered(20, 201, began, 13, agent, 5, "Sorted out in one go, thank you")),
        (40, _answered(20, 201, began, 40, agent, 4, "Sorted out in one go, thank you")),
        (50, _answered(21, 202, began, 50, None, 4, None)),
        (55, _resolved(21, began, 49, agent)),
        (70, _answered(22, 203, began, 70, agent, "fine", None)),
    ]


def _message(number: int, began: datetime, minute: int, agent: str | None, **values: Any) -> dict[str, Any]:
    said = (began + timedelta(minutes=minute)).timestamp()
    assignee = {"id": 7, "name": agent, "type": "user"} if agent else None
    conversation = {
        "id": number,
        "status": "resolved",
        "channel": "Channel::WebWidget",
        "updated_at": said,
        "meta": {"sender": {"id": 300 + number, "type": "contact"}, "assignee": assignee},
    }
    return {"event": "message_updated", "id": 200, "conversation": conversation, "content_attributes": {}, **values}


def _answered(
    number: int, message: int, began: datetime, minute: int, agent: str | None, mark: Any, words: str | None
) -> dict[str, Any]:
    answer = {"csat_survey_response": {"rating": mark, "feedback_message": words or ""}}
    values = {"id": message, "content_type": "input_csat", "content_attributes": {"submitted_values": answer}}
    return _message(number, began, minute, agent, **values)


def _resolved(number: int, began: datetime, minute: int, agent: str) -> dict[str, Any]:
    conversation = _message(number, began, minute, agent)["conversation"]
    return {**conversation, "event": "conversation_status_changed", "account": {"id": 1, "name": "Zawadora"}}
