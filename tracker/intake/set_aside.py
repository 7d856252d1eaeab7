"""Votes by mailed links that a program seems to have sent: set aside, then released, discarded, or replaced by the customer."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, text, update

from tracker.access.rules import keyed_hash
from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.intake.models import SetAsideVote, VoteOrigin
from tracker.intake.scanner_rules import MANY_WITHIN
from tracker.ratings.models import SurveyLink

ORIGINS_KEPT = timedelta(days=1)


def note_origin(link: SurveyLink, address: str, *, at: datetime) -> int:
    """Note that this link was answered from here; how many other links were, in the last ten minutes."""
    key = keyed_hash(current_app.config["SECRET_KEY"], f"vote|{at.date()}|{address}")
    noted = upsert(VoteOrigin).values(origin_hash=key, link_id=link.id, at=at)
    noted = noted.on_conflict_do_update(index_elements=["origin_hash", "link_id"], set_={"at": at})
    db.session.execute(noted)
    others = select(func.count()).where(
        VoteOrigin.origin_hash == key, VoteOrigin.link_id != link.id, VoteOrigin.at > at - MANY_WITHIN
    )
    return db.session.scalars(others).one()


def put_aside(link: SurveyLink, answer: dict[str, Any], evidence: dict[str, Any], *, at: datetime) -> None:
    """Keep it without counting it. The link stays open, so the customer can still answer; the same link again adds to the count."""
    vote = upsert(SetAsideVote).values(link_id=link.id, sent_at=at, times=1, answer=answer, evidence=evidence)
    again = vote.on_conflict_do_update(
        index_elements=["link_id"], index_where=text("closed_at IS NULL"), set_={"times": SetAsideVote.times + 1}
    )
    times = db.session.scalar(again.returning(SetAsideVote.times))
    if times == 1:
        person = link.interaction.person_id
        record("vote.set_aside", by=None, about=link, person=person, at=at, signs=evidence["signs"])


def replace(link: SurveyLink, *, at: datetime) -> None:
    """The customer has answered: what was set aside is over, and its contents go."""
    open_votes = select(SetAsideVote).where(SetAsideVote.link_id == link.id, SetAsideVote.closed_at.is_(None))
    for vote in db.session.scalars(open_votes):
        close(vote, "replaced", by=None, at=at)


def discard(vote: SetAsideVote, *, by: int, at: datetime) -> None:
    """It was no customer's."""
    close(vote, "discarded", by=by, at=at)
    record("vote.discarded", by=by, about=vote, at=at)


def close(vote: SetAsideVote, outcome: str, *, by: int | None, at: datetime) -> None:
    """Of any number of people at once, one closes it; for the others it is a Conflict."""
    open_one = update(SetAsideVote).where(SetAsideVote.id == vote.id, SetAsideVote.closed_at.is_(None))
    closed = open_one.values(outcome=outcome, closed_at=at, closed_by_id=by, answer={}).returning(SetAsideVote.id)
    if db.session.scalar(closed) is None:
        raise Conflict(_("Somebody has decided about this vote already, or the customer has answered."))


def forget_old_origins(at: datetime) -> int:
    gone = delete(VoteOrigin).where(VoteOrigin.at <= at - ORIGINS_KEPT).returning(VoteOrigin.id)
    return len(db.session.scalars(gone).all())
