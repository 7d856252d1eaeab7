"""Closed rounds of the pulse in the demo company, for pages that only look."""

from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import delete, select

from tests.pulse.rounds import an_open_round, closed, everybody_answers
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.pulse.bank import Item, drivers, items, next_items
from tracker.pulse.models import PulseNode, PulseRound

FIRST = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
WORDS = ("Two more people on Saturdays would change everything.", "I like how we help each other at month end.")


def pulse_results() -> dict[str, int]:
    """The newest round with results; three are made where there are none."""
    newest = select(PulseRound.id).where(PulseRound.state == "closed").order_by(PulseRound.closed_at.desc()).limit(1)
    found = db.session.scalar(newest)
    db.session.rollback()
    if found is None:
        for month in range(3):
            _a_round(FIRST + timedelta(days=28 * month), Random(month))
        found = db.session.scalar(newest)
        db.session.rollback()
    assert found is not None
    return {"id": found}


def pulse_group(name: str | None) -> dict[str, int]:
    """A group of that round by its name, or the top."""
    named = PulseNode.parent_id.is_(None) if name is None else PulseNode.name == name
    node = db.session.scalars(select(PulseNode.id).where(PulseNode.round_id == pulse_results()["id"], named)).one()
    db.session.rollback()
    return {"id": node}


def _a_round(opens_at: datetime, random: Random) -> None:
    asked = (*next_items([])[:4], drivers()["staffing"].items[1], items()["recommend_1"])
    round_id = an_open_round(items=asked, opens_at=opens_at)
    spirits: dict[int, float] = {}

    def say(person_id: int) -> dict[str, int]:
        spirit = spirits.setdefault(person_id, random.gauss(3.4, 0.8))
        return {item.key: _said(item, spirit + random.gauss(0, 0.7)) for item in asked if random.random() < 0.97}

    everybody_answers(round_id, say, words={})
    closed(round_id, at=opens_at + timedelta(days=7))
    with transaction():  # inboxes stay as the other pages know them
        db.session.execute(delete(Message).where(Message.kind.like("pulse.%")))


def _said(item: Item, value: float) -> int:
    if item.scale == "enps":
        return max(0, min(10, round(2.2 * value)))
    turned = 6 - value if item.is_reversed else value
    return max(1, min(5, round(turned)))
