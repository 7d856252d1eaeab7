"""Answering a comment, with one's name; writing back, without one; and hiding a comment that names somebody.

Of what a writer does nothing is recorded: no audit entry, no message, no time. It is delivered once a day, with that of others.
"""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from tracker.access.queries import people_with_role
from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Refused
from tracker.notifications.actions import tell
from tracker.pulse.models import PulseComment, PulseReply

WAITING_AT_MOST = 3  # turns of one writer that are not delivered yet


def answer_comment(comment: PulseComment, text: str, *, by: int, at: datetime) -> bool:
    """Whoever holds the code can read it now. False where these were one's last words already: sent twice, it is one."""
    _lock(comment)
    if comment.hidden_because is not None:
        raise Conflict("This comment has just been hidden.")
    if comment.reply_hash is None:
        raise Refused("Whoever wrote this did not ask for an answer, so nobody could read one.")
    last = _last(comment)
    if last is not None and (last.by_id, last.is_writers, last.text) == (by, False, text):
        return False
    _add(comment, last, text, by=by)
    record("pulse.comment_answered", by=by, about="pulse_comment", at=at, round=comment.round_id)
    return True


def write_back(comment: PulseComment, text: str) -> bool:
    """By whoever holds the code. False where these were their last words already."""
    _lock(comment)
    if comment.hidden_because is not None:
        raise Conflict(_("This comment is hidden, so nobody would read it."))
    last = _last(comment)
    if last is not None and last.is_writers and last.text == text:
        return False
    waiting = select(func.count()).where(PulseReply.comment_k == comment.k, PulseReply.is_delivered.is_(False))
    if (db.session.scalar(waiting) or 0) >= WAITING_AT_MOST:
        raise Conflict(
            _("What you have written is delivered first, tomorrow morning. After that there is room for more.")
        )
    _add(comment, last, text, by=None)
    return True


def hide_comment(comment: PulseComment, because: str, *, by: int, at: datetime) -> None:
    _lock(comment)
    if comment.hidden_because is not None:
        raise Conflict("It is hidden already.")
    comment.hidden_because = because
    record("pulse.comment_hidden", by=by, about="pulse_comment", at=at, round=comment.round_id)


def show_comment(comment: PulseComment, *, by: int, at: datetime) -> None:
    _lock(comment)
    if comment.hidden_because is None:
        raise Conflict("It is shown already.")
    comment.hidden_because = None
    record("pulse.comment_shown", by=by, about="pulse_comment", at=at, round=comment.round_id)


def deliver(*, day: date, at: datetime) -> int:
    """Everything that writers have added since the last time, at once; who answered there and HR are told, once a day each."""
    waiting = (PulseReply.is_writers.is_(True), PulseReply.is_delivered.is_(False))
    keys = set(db.session.scalars(select(PulseReply.comment_k).where(*waiting)))
    if not keys:
        return 0
    db.session.execute(update(PulseReply).where(*waiting).values(is_delivered=True))
    said = select(PulseReply.by_id).where(PulseReply.comment_k.in_(keys), PulseReply.by_id.is_not(None))
    for person in sorted({*db.session.scalars(said), *people_with_role("hr")} - {None}):
        tell("pulse.reply", to=person, key=f"pulse.reply|{day}|{person}", at=at)
    return len(keys)


def _lock(comment: PulseComment) -> None:
    db.session.refresh(comment, with_for_update={"of": PulseComment})


def _last(comment: PulseComment) -> PulseReply | None:
    turns = select(PulseReply).where(PulseReply.comment_k == comment.k).order_by(PulseReply.number.desc())
    return db.session.scalar(turns.limit(1))


def _add(comment: PulseComment, last: PulseReply | None, text: str, *, by: int | None) -> None:
    number = last.number + 1 if last else 1
    turn = PulseReply(comment_k=comment.k, number=number, by_id=by, is_writers=by is None, is_delivered=by is not None)
    turn.text = text
    db.session.add(turn)
    db.session.flush()
