"""Word of a round to everybody who is asked, in the same words whether or not they have answered.

1. Opening and reminding write down that there is something to tell, in their own transaction: nothing of it can be lost.
2. A job tells it, some thousands of people a transaction, so that no other writer waits for all of them. The row says how far it got.
3. A message’s key is made from the round and the person, so that nobody is told twice, whatever dies in between.
4. Closing tells everybody at once, in its own transaction: with it goes who was asked.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal, select

from tracker.core.db import db, reading, transaction, upsert
from tracker.notifications.models import Message
from tracker.organisation.queries import calendars_of_teams
from tracker.pulse.models import PulseMember, PulseNode, PulseRound, PulseTelling

AT_A_TIME = 5_000


def tell_in_turns(pulse_round: PulseRound, *, kind: str, at: datetime, step: int = 0) -> None:
    """From the next round of the timetable on."""
    db.session.add(PulseTelling(round_id=pulse_round.id, kind=kind, step=step, since=at))
    db.session.flush()


def tell_due(_at: datetime) -> int:
    """Tell what is to be told; how many turns it took."""
    with reading():
        waiting = db.session.execute(select(PulseTelling.round_id, PulseTelling.kind, PulseTelling.step)).all()
    turns = 0
    for round_id, kind, step in waiting:
        turns += 1
        while _takes_a_turn((round_id, kind, step)):
            turns += 1
    return turns


def _takes_a_turn(which: tuple[int, str, int]) -> bool:
    """Tell the next ones; whether there may be more."""
    with transaction():
        telling = db.session.get(PulseTelling, which, with_for_update=True, populate_existing=True)
        if telling is None:
            return False
        people = (PulseMember.round_id == telling.round_id, PulseMember.person_id > telling.told_to)
        ends = select(PulseMember.person_id).where(*people).order_by(PulseMember.person_id)
        last = db.session.scalar(ends.offset(AT_A_TIME - 1).limit(1))
        turn = people if last is None else (*people, PulseMember.person_id <= last)
        _tell(telling.round_id, telling.kind, telling.step, telling.since, turn)
        if last is None:
            db.session.delete(telling)
            return False
        telling.told_to = last
        return True


def tell_everybody(pulse_round: PulseRound, *, kind: str, at: datetime) -> None:
    """In the caller’s transaction."""
    _tell(pulse_round.id, kind, 0, at, (PulseMember.round_id == pulse_round.id,))


def _tell(round_id: int, kind: str, step: int, at: datetime, people: tuple[ColumnElement[bool], ...]) -> None:
    """At the next working moment of each team. One statement for all teams with the same one: nobody becomes an object."""
    for moment, node_ids in _moments(round_id, at).items():
        message: dict[str, Any] = {
            "key": literal(f"{kind}|{round_id}|{step}|") + cast(PulseMember.person_id, String),
            "person_id": PulseMember.person_id,
            "kind": literal(kind),
            "about_id": literal(round_id),
            "parameters": literal({}, Message.parameters.type),
            "is_urgent": literal(False),
            "created_at": literal(at, Message.created_at.type),
            "visible_at": literal(moment, Message.visible_at.type),
        }
        asked = select(*message.values()).where(*people, PulseMember.node_id.in_(node_ids))
        told = upsert(Message).from_select(list(message), asked)
        db.session.execute(told.on_conflict_do_nothing(index_elements=["key"]))


def _moments(round_id: int, at: datetime) -> dict[datetime, list[int]]:
    """From when on a message shows, and to the people of which nodes."""
    nodes = db.session.execute(select(PulseNode.id, PulseNode.team_id).where(PulseNode.round_id == round_id)).all()
    hours = calendars_of_teams({team_id for _node_id, team_id in nodes}, at.date())
    found: dict[datetime, list[int]] = defaultdict(list)
    for node_id, team_id in nodes:
        found[hours[team_id].next_working_moment(at)].append(node_id)
    return found
