"""Two second looks in the demo's tills: one that was answered with a yes, one that waits for its answer."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.disputes.actions import ask, decide, state
from tracker.disputes.models import Dispute, DisputeRound
from tracker.organisation.models import Person
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Rating

ANSWERED, WAITING = "N-0405", "N-0388"
UNHAPPY = 2


def take_second_looks(at: datetime) -> None:
    """What people asked about in the last weeks; nothing where the seed gave them no low rating to ask about."""
    with transaction():
        answered = _low_rating(ANSWERED, since=at - timedelta(days=24), until=at - timedelta(days=8))
        waiting = _low_rating(WAITING, since=at - timedelta(days=24), until=at - timedelta(days=2))
        if answered:
            _answer(answered)
        if waiting:
            _wait(waiting, at - timedelta(hours=20))


def _low_rating(staff_number: str, *, since: datetime, until: datetime) -> Rating | None:
    """The newest unhappy rating with words in these days."""
    return db.session.scalar(
        select(Rating)
        .join(Person, Person.id == Rating.person_id)
        .where(
            Person.staff_number == staff_number,
            Rating.stars <= UNHAPPY,
            Rating.comment.is_not(None),
            Rating.rated_at.between(since, until),
        )
        .order_by(Rating.rated_at.desc())
        .limit(1)
    )


def _answer(rating: Rating) -> None:
    asked_at = rating.rated_at + timedelta(days=1)
    words = "The card machine was down for everybody. I said so and stayed polite."
    dispute = ask(rating, kind="unkind", comment=words, at=asked_at)
    _state(dispute, "The machine was down from 11 to 14 that day; two more customers complained about it.", asked_at)
    decider = db.session.scalar(select(DisputeRound.decider_id).where(DisputeRound.dispute_id == dispute.id))
    if decider:
        reason = "The card machine was down that day, and the rating is about that. It says nothing about the service."
        decided_at = asked_at + timedelta(days=2)
        decide(dispute, outcome="accepted", reason=reason, leave_out=True, by=decider, at=decided_at)


def _wait(rating: Rating, asked_at: datetime) -> None:
    words = "Two tills were open at lunch. I can’t change the plan, and I told everybody how long it would take."
    dispute = ask(rating, kind="not_my_doing", comment=words, at=asked_at)
    _state(dispute, "We were two short that day. At noon about ten people stood in the queue.", asked_at)


def _state(dispute: Dispute, words: str, asked_at: datetime) -> None:
    leader = next(iter(leaders_on(asked_at.date()).above(dispute.person_id)), None)
    if leader:
        state(dispute, words, by=leader, at=asked_at + timedelta(hours=3))
