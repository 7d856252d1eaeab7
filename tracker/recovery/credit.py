"""What whoever closed complaints gets for it: how many, what customers said afterwards, and their thanks. Apart from every score."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, select

from tracker.core.audience import Viewer
from tracker.recovery.models import RecoveryAnswer, RecoveryCase
from tracker.recovery.policy import cases_credited_to
from tracker.recovery.report import Row, row_of

PERIOD = timedelta(weeks=52)


def credit_of(viewer: Viewer) -> Row:
    """Of what the viewer closed in the last 52 weeks."""
    return row_of(_recent(viewer), at=viewer.at)


def thanks_to(viewer: Viewer) -> Select[RecoveryAnswer]:
    """What customers wrote who say that it was put right, the newest first."""
    ids = cases_credited_to(viewer).with_only_columns(RecoveryCase.id)
    thanks = select(RecoveryAnswer).where(
        RecoveryAnswer.case_id.in_(ids), RecoveryAnswer.solved == "yes", RecoveryAnswer.comment.is_not(None)
    )
    return thanks.order_by(RecoveryAnswer.answered_at.desc(), RecoveryAnswer.case_id.desc())


def credited_count(viewer: Viewer) -> ColumnElement[int]:
    """How many the viewer closed: a number to be asked for together with others."""
    return _recent(viewer).with_only_columns(func.count()).scalar_subquery()


def credited_answers_count(viewer: Viewer) -> ColumnElement[int]:
    """After how many of these the customer said whether it helped."""
    answered = RecoveryCase.id.in_(select(RecoveryAnswer.case_id))
    return _recent(viewer).where(answered).with_only_columns(func.count()).scalar_subquery()


def _recent(viewer: Viewer) -> Select[RecoveryCase]:
    return cases_credited_to(viewer).where(RecoveryCase.closed_at > viewer.at - PERIOD)
