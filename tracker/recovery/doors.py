"""What the doors of ratings mean for complaints: a file that comes or is taken out again, an answer that is taken back."""

from datetime import datetime

from sqlalchemy import delete, or_, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.ratings.models import Rating
from tracker.recovery import rules
from tracker.recovery.actions import note, open_case, refresh
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryRating
from tracker.recovery.queries import case_of_rating


def open_cases_of_import(import_id: int, *, at: datetime) -> int:
    """Take up what a file brought that is still young enough to be put right; the number of complaints."""
    recent = (
        select(Rating)
        .where(Rating.import_id == import_id, Rating.rated_at >= at - rules.LATE_AFTER)
        .where(or_(Rating.stars <= rules.LOW_STARS, Rating.original_scale == "nps"))
        .order_by(Rating.rated_at, Rating.id)
    )
    return sum(open_case(rating, at=at) is not None for rating in db.session.scalars(recent).all())


def forget_cases_of_import(import_id: int) -> None:
    """A file that is taken back leaves no case behind that is about its ratings alone."""
    of_file = select(RecoveryRating.case_id).join(Rating).where(Rating.import_id == import_id)
    others = select(RecoveryRating.case_id).join(Rating).where(Rating.import_id.is_distinct_from(import_id))
    alone = delete(RecoveryCase).where(RecoveryCase.id.in_(of_file), RecoveryCase.id.not_in(others))
    db.session.execute(alone.execution_options(synchronize_session=False))


def take_back(rating: Rating, *, at: datetime) -> None:
    """The customer erases the answer: with its last rating a case ends, and how to reach the customer is forgotten."""
    case = case_of_rating(rating.id)
    if case is None:
        return
    refresh(case)
    db.session.delete(db.session.get_one(RecoveryRating, rating.id))
    db.session.flush()
    others = select(RecoveryRating.rating_id).where(RecoveryRating.case_id == case.id)
    if db.session.scalar(others.limit(1)) is not None:
        return
    db.session.execute(delete(RecoveryAnswer).where(RecoveryAnswer.case_id == case.id))
    case.contact_sealed, case.address_sealed = None, None
    case.customer_id, case.survey_due_at, case.clock_at = None, None, None
    if case.closed_at is None:
        case.closed_at, case.outcome = at, "taken_back"
        note(case, "closed", at=at)
        record("complaint.closed", by=None, about=case, at=at, outcome="taken_back")
