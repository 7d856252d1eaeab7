"""Asking coachees about a talk, taking the answer, summing up. None of it is audited by person: that would be the link."""

from datetime import date, datetime

from sqlalchemy import delete, select, update

from tracker.audit.actions import record
from tracker.coaching.feedback_models import (
    CoachFeedbackAnswer,
    CoachFeedbackBatch,
    CoachFeedbackRequest,
    CoachFeedbackWords,
)
from tracker.coaching.feedback_rules import FEWEST_FOR_WORDS, ITEMS, can_close, summed_up
from tracker.coaching.models import CoachingSession
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.notifications.actions import tell


def ask(session: CoachingSession, *, person_id: int, at: datetime) -> bool:
    """Ask the person about one talk, once; False when somebody else has just done it."""
    values = {"id": session.id, "person_id": person_id, "leader_id": session.led_by_id}
    made = upsert(CoachFeedbackRequest).values(**values, answered=False, closed=False)
    once = made.on_conflict_do_nothing(index_elements=["session_id"]).returning(CoachFeedbackRequest.id)
    if db.session.scalar(once) is None:
        return False
    key = f"coaching.feedback|{session.id}"
    tell("coaching.feedback", to=person_id, key=key, at=at, about_id=session.id, leader=session.led_by_id)
    return True


def answer(request: CoachFeedbackRequest, *, listened: int, next_step: int, fair: int, words: str | None) -> None:
    """Mark that the person has answered, and keep the answer apart. Of two that are sent at once, one counts."""
    first = update(CoachFeedbackRequest).where(
        CoachFeedbackRequest.id == request.id, CoachFeedbackRequest.answered.is_(False)
    )
    if db.session.scalar(first.values(answered=True).returning(CoachFeedbackRequest.id)) is None:
        raise Conflict("You have answered already. Thank you.")
    leader = request.leader_id
    db.session.add(CoachFeedbackAnswer(leader_id=leader, listened=listened, next_step=next_step, fair=fair))
    if words:
        db.session.add(CoachFeedbackWords(leader_id=leader, text=words))


def close_batch(leader_id: int, *, month: date, at: datetime) -> CoachFeedbackBatch | None:
    """Sum up the answers about one leader, if they may be; the single ones are deleted. None while they may not."""
    answered = select(CoachFeedbackRequest).where(
        CoachFeedbackRequest.leader_id == leader_id,
        CoachFeedbackRequest.answered.is_(True),
        CoachFeedbackRequest.closed.is_(False),
    )
    requests = db.session.scalars(answered.with_for_update()).all()
    given = select(CoachFeedbackAnswer).where(CoachFeedbackAnswer.leader_id == leader_id)
    answers = [{item: getattr(one, item) for item in ITEMS} for one in db.session.scalars(given)]
    if not can_close(answers, people=len({request.person_id for request in requests})):
        return None
    batch = CoachFeedbackBatch(leader_id=leader_id, month=month, n=len(answers), figures=summed_up(answers))
    db.session.add(batch)
    db.session.flush()
    db.session.execute(delete(CoachFeedbackAnswer).where(CoachFeedbackAnswer.leader_id == leader_id))
    for request in requests:
        request.closed = True
    _release_words(batch)
    record("coaching.feedback_closed", by=None, about=batch, person=leader_id, at=at, n=batch.n)
    tell("coaching.feedback_closed", to=leader_id, key=f"coaching.feedback_closed|{batch.id}", at=at)
    return batch


def _release_words(batch: CoachFeedbackBatch) -> None:
    """Words are shown once the answers since they were shown last are enough to hide who wrote them."""
    shown_last = select(CoachFeedbackBatch.id).where(
        CoachFeedbackBatch.leader_id == batch.leader_id, CoachFeedbackBatch.words_from > 0
    )
    last = db.session.scalar(shown_last.order_by(CoachFeedbackBatch.id.desc()).limit(1)) or 0
    since = select(CoachFeedbackBatch.n).where(
        CoachFeedbackBatch.leader_id == batch.leader_id, CoachFeedbackBatch.id > last
    )
    answers = sum(db.session.scalars(since))
    if answers < FEWEST_FOR_WORDS:
        return
    batch.words_from = answers
    waiting = update(CoachFeedbackWords).where(
        CoachFeedbackWords.leader_id == batch.leader_id, CoachFeedbackWords.batch_id.is_(None)
    )
    db.session.execute(waiting.values(batch_id=batch.id))
