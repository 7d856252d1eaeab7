"""Rounds of the past, for a company that was made up: opened and sealed here, then closed and suppressed as every round is.

Only the two steps of an answer are taken for everybody at once, in an order of their own each, so that a demo of fourteen months is
there in seconds. Nothing that answers a request calls this.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert, select, update

from tracker.core.db import db, reading, transaction
from tracker.pulse.answering import Answers, reply_hashes
from tracker.pulse.bank import Item
from tracker.pulse.boxes import Ballot, seal
from tracker.pulse.keys import key
from tracker.pulse.models import KEY_BYTES, PulseBox, PulseMember, PulseNode, PulseRound
from tracker.pulse.opening import open_round


def open_past(*, items: Sequence[Item], opens_at: datetime, closes_at: datetime, today: date) -> int:
    """A round of these questions, opened at its own time; its id."""
    with transaction():
        made = PulseRound(
            state="planned",
            month=closes_at.date().replace(day=1),
            opens_at=opens_at,
            closes_at=closes_at,
            items=[item.stored() for item in items],
            made_at=opens_at,
        )
        db.session.add(made)
        db.session.flush()
        open_round(made, by=None, today=today, at=opens_at)
        return made.id


def asked_in(round_id: int) -> dict[int, int | None]:
    """Person -> team of the group they answer in; None for managers and for who is in no team."""
    members = select(PulseMember.person_id, PulseNode.team_id).join(PulseNode, PulseNode.id == PulseMember.node_id)
    with reading():
        return dict(db.session.execute(members.where(PulseMember.round_id == round_id)).all())


def answer_past(round_id: int, said: Mapping[int, Answers]) -> None:
    """Everybody’s answers by their ids: marked in one transaction, sealed into boxes in another, as for a single one."""
    with reading():
        name = db.session.get_one(PulseRound, round_id).key_name
        members = select(PulseMember.person_id, PulseMember.node_id).where(PulseMember.round_id == round_id)
        nodes = dict(db.session.execute(members).all())
    secret = key(name or "")
    with transaction():
        mine = PulseMember.person_id.in_(list(said))
        db.session.execute(update(PulseMember).where(PulseMember.round_id == round_id, mine).values(answered=True))
    boxes = {}
    for person, answers in said.items():
        k = secrets.token_bytes(KEY_BYTES)
        replies = reply_hashes(answers)
        boxes[k] = seal(Ballot(nodes[person], answers.numbers, answers.words, replies), key=secret, k=k)
    rows = [{"k": k, "round_id": round_id, "sealed": boxes[k]} for k in sorted(boxes)]
    with transaction():
        db.session.execute(insert(PulseBox), rows)
