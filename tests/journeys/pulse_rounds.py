"""Rounds of the pulse for the page tests and pictures: each in the state that a page is to be looked at in, made once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from tests.pulse.rounds import a_round
from tracker.access.queries import people_with_role
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.pulse.models import PulseItem, PulseMember, PulseRound
from tracker.pulse.opening import open_round
from tracker.pulse.question_actions import write_question
from tracker.pulse.round_actions import begin_draft
from tracker.pulse.round_queries import item_of

ON_PAPER = 5


def a_draft() -> dict[str, int]:
    """The draft there is, with a question of HR's own that is not there in French yet."""
    question_id = an_own_question()["id"]
    with transaction():
        draft = begin_draft(by=people_with_role("hr")[0], at=clock.now(), zone="Africa/Nairobi")
        own = item_of(db.session.get_one(PulseItem, question_id)).stored()
        if own["key"] not in {stored["key"] for stored in draft.items}:
            draft.items = [*draft.items, own]
        return {"id": draft.id}


def a_ready_draft() -> dict[str, int]:
    """The same without that question, and after every other round."""
    draft_id = a_draft()["id"]
    with transaction():
        draft = db.session.get_one(PulseRound, draft_id)
        draft.items = [stored for stored in draft.items if not stored["key"].startswith("own_")]
        draft.opens_at = clock.now() + timedelta(days=60)
        draft.closes_at, draft.month = draft.opens_at + timedelta(days=7), draft.opens_at.date().replace(day=1)
    return {"id": draft_id}


def an_own_question() -> dict[str, int]:
    there = db.session.scalar(select(PulseItem.id).limit(1))
    if there is not None:
        return {"id": there}
    texts = {"en": "I know who to ask when I am stuck.", "sw": "Ninajua wa kumwuliza ninapokwama."}
    with transaction():
        made = write_question(texts, is_reversed=False, by=people_with_role("hr")[0], at=clock.now())
        db.session.flush()
        return {"id": made.id}


def the_open_round() -> dict[str, int]:
    """The round that is open, with some who answer on paper."""
    with transaction():
        found = db.session.scalar(select(PulseRound).where(PulseRound.is_running.is_(True)))
        if found is None:
            at = clock.now() - timedelta(days=4)
            found = a_round(opens_at=at)
            open_round(found, by=None, today=at.date(), at=at)
            found.reminders = 1
        members = select(PulseMember.person_id).where(PulseMember.round_id == found.id)
        some = db.session.scalars(members.order_by(PulseMember.person_id).limit(ON_PAPER)).all()
        found.uses_codes = True
        mark = update(PulseMember).where(PulseMember.round_id == found.id, PulseMember.person_id.in_(some))
        db.session.execute(mark.values(by_code=True))
        return {"id": found.id}


def a_past_round(state: str, **columns: Any) -> dict[str, int]:
    """A round that is over, of a month long ago."""
    with transaction():
        at = clock.now() - timedelta(days=900)
        found = db.session.scalar(select(PulseRound).where(PulseRound.state == state, PulseRound.opens_at == at))
        if found is None:
            found = a_round(opens_at=at)
            found.state, found.opened_at, found.closed_at = state, at, at + timedelta(days=7)
            found.cleaned_at = found.closed_at
            for name, value in columns.items():
                setattr(found, name, value)
        return {"id": found.id}
