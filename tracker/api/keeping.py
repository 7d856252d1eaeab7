"""Idempotency-Key: the same request again gets the very same answer.

A request first claims its key in a transaction of its own, so that the same one arriving meanwhile sees it. The answer is stored
in the transaction of the deed: both are there, or neither. A refusal, whose deed is rolled back, is stored apart.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import and_, delete, or_, select, update

from tracker.api.models import KeptAnswer
from tracker.api.rules import ANSWERS_KEPT, WORK_LENGTH
from tracker.core.db import db, transaction, upsert
from tracker.core.errors import Conflict, Invalid


class Claim(NamedTuple):
    """The right to answer a request under its key."""

    id: int
    word: str


def claim(token_id: int, key: str, request_hash: str, *, at: datetime) -> Claim | KeptAnswer:
    """Our turn, or the answer that was given. Raises Invalid for another request under this key, Conflict while one is worked on."""
    word = secrets.token_hex(16)
    fresh = {"request_hash": request_hash, "claim": word, "made_at": at}
    made = upsert(KeptAnswer).values(token_id=token_id, key=key, **fresh)
    is_over = KeptAnswer.made_at <= at - ANSWERS_KEPT
    was_killed = and_(
        KeptAnswer.status.is_(None), KeptAnswer.made_at <= at - WORK_LENGTH, KeptAnswer.request_hash == request_hash
    )
    taken = made.on_conflict_do_update(
        index_elements=["token_id", "key"],
        set_={**fresh, "status": None, "body": None},
        where=or_(is_over, was_killed),
    ).returning(KeptAnswer.id)
    with transaction():
        id = db.session.scalar(taken)
    if id is not None:
        return Claim(id, word)
    found = db.session.scalar(select(KeptAnswer).where(KeptAnswer.token_id == token_id, KeptAnswer.key == key))
    if found is not None and found.request_hash != request_hash:
        raise Invalid(_("This Idempotency-Key was used for another request. Use a new key for a new request."))
    if found is None or found.status is None:
        raise Conflict(_("The same request is being worked on. Send it again in a moment."))
    return found


def keep(claim: Claim, status: int, body: str) -> None:
    """Store the answer, in the caller's transaction. Raises Conflict when somebody else has taken over meanwhile."""
    ours = update(KeptAnswer).where(KeptAnswer.id == claim.id, KeptAnswer.claim == claim.word)
    if db.session.scalar(ours.values(status=status, body=body).returning(KeptAnswer.id)) is None:
        raise Conflict(_("The same request is being worked on. Send it again in a moment."))


def keep_refusal(claim: Claim, status: int, body: str) -> None:
    """A refusal is an answer too; whatever the request had begun is rolled back."""
    with transaction():
        keep(claim, status, body)


def let_go(claim: Claim) -> None:
    """Nothing was decided: the same request may come again at once."""
    with transaction():
        db.session.execute(delete(KeptAnswer).where(KeptAnswer.id == claim.id, KeptAnswer.claim == claim.word))


def forget_before(moment: datetime) -> int:
    """Delete answers made before; how many."""
    return len(db.session.scalars(delete(KeptAnswer).where(KeptAnswer.made_at < moment).returning(KeptAnswer.id)).all())
