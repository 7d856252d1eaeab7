"""Results, plans and comments of the pulse on the demo, for looking at: its own where it has some, else of a round held for it."""

from datetime import timedelta

from sqlalchemy import select, update

from tests.pulse.rounds import an_open_round, closed
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.demo.pulse_plans import plan_and_answer
from tracker.organisation.models import Team
from tracker.pulse.answering import Answers, Voter, answer, reply_hash
from tracker.pulse.bank import next_items
from tracker.pulse.models import PulseComment, PulseMember, PulseNode, PulsePlan, PulseResult, PulseRound

CODE = "7K2M-0PQR-X4TV-9WBC"
TILLS = "Nairobi Central tills"
COMMENTS = (
    "Two of us for three tills at noon, since weeks.",
    "I may refund small sums now. That ended many arguments.",
)
ROUNDS = 6


def results() -> None:
    """Six months of answers and the plans of the demo, once."""
    if db.session.scalar(select(PulseRound.id).where(PulseRound.state == "closed").limit(1)) is not None:
        return
    for back in range(ROUNDS, 0, -1):
        _a_round(back)
    plan_and_answer(clock.now())


def _a_round(back: int) -> None:
    opens_at = clock.now() - timedelta(days=28 * back)
    round_id = an_open_round(opens_at=opens_at)
    asked = select(PulseMember.person_id).where(PulseMember.round_id == round_id).order_by(PulseMember.person_id)
    people = list(db.session.scalars(asked))
    db.session.rollback()
    for place, person_id in enumerate(people):
        numbers = {
            item.key: 2 + (place + place // 3 + number - back // 2) % 4 for number, item in enumerate(next_items([]))
        }
        said = Answers(numbers, {"power_1": COMMENTS[place % 2]} if place % 9 == 0 else {})
        answer(round_id, Voter(person_id=person_id), said)
    closed(round_id, at=opens_at + timedelta(days=7))


def a_cell() -> dict[str, int | str]:
    """Of Brian's team in the newest round."""
    results()
    cells = select(PulseNode.id, PulseResult.item).join(PulseNode, PulseNode.id == PulseResult.node_id).join(Team)
    newest = cells.join(PulseRound, PulseRound.id == PulseResult.round_id).where(Team.name == TILLS)
    found = db.session.execute(newest.order_by(PulseRound.opens_at.desc(), PulseResult.item).limit(1)).one()
    db.session.rollback()
    return {"group": found[0], "item": found[1]}


def a_group() -> dict[str, int | str]:
    return {"group": a_cell()["group"]}


def plans() -> dict[str, str]:
    results()
    return {}


def a_plan(*, done: bool) -> dict[str, int]:
    results()
    found = select(PulsePlan.id).where(
        PulsePlan.done.is_not(None) if done else PulsePlan.done.is_(None), PulsePlan.given_up_at.is_(None)
    )
    with transaction():
        return {"id": db.session.scalars(found.order_by(PulsePlan.due_on).limit(1)).one()}


def a_comment() -> dict[str, str]:
    """One that can be answered, of the newest round."""
    results()
    newest = (
        select(PulseComment)
        .join(PulseRound, PulseRound.id == PulseComment.round_id)
        .where(PulseComment.hidden_because.is_(None))
    )
    with transaction():
        comment = db.session.scalars(newest.order_by(PulseRound.opens_at.desc(), PulseComment.k).limit(1)).one()
        taken = db.session.scalar(
            select(PulseComment.k).where(PulseComment.reply_hash == reply_hash(CODE, comment.item))
        )
        if comment.reply_hash is None and taken is None:
            db.session.execute(
                update(PulseComment)
                .where(PulseComment.k == comment.k)
                .values(reply_hash=reply_hash(CODE, comment.item))
            )
        return {"key": (taken or comment.k).hex()}


def comments() -> dict[str, str]:
    a_comment()
    return {}
