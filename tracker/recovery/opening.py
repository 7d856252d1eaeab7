"""How a complaint begins: by a low rating, a call asked for, or a file; and how it goes when its rating goes."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from tracker.audit.actions import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.sealing import sealed
from tracker.notifications.actions import tell
from tracker.ratings.import_models import Import
from tracker.ratings.models import Rating
from tracker.recovery import owners, rules
from tracker.recovery.cases import calendar_of, case_of, note, refresh, start_clock
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryRating

CONTACT = "customer contact"  # what contacts are sealed for
EARLIER_SEEN = 50
TAKEN_AT_ONCE = 100  # of a file, in one transaction: other writers wait no longer than for so many


def open_case(rating: Rating, *, at: datetime, contact: str | None = None) -> RecoveryCase | None:
    """Take up a rating that somebody should hear about; None when it is no complaint. The same rating again is the same case.

    `contact`: how the customer, who asks for a call, can be reached. One open case a customer: more is added to it.
    """
    given = rules.Complaint(rating.stars, rating.original_scale, rating.original_value, rating.rated_at)
    if contact is None and not rules.is_complaint(given, at=at):
        return None
    case = case_of(rating) or _joined(rating, at=at) or _opened(rating, at=at)
    if contact is not None:
        _ask_for_call(case, contact, at=at)
    return case


def open_cases_of_import(file: Import, *, after: int, at: datetime) -> int | None:
    """Take up some of what a file brought that is still young enough to be put right: by id, from the first after `after`.

    Returns the id of the last one looked at; None when there are no more, which the file's row then says.
    """
    recent = (
        select(Rating)
        .where(Rating.import_id == file.id, Rating.id > after, Rating.rated_at >= at - rules.LATE_AFTER)
        .where(or_(Rating.stars <= rules.LOW_STARS, Rating.original_scale == "nps"))
    )
    found = db.session.scalars(recent.order_by(Rating.id).limit(TAKEN_AT_ONCE)).all()
    for rating in found:
        open_case(rating, at=at)
    if len(found) < TAKEN_AT_ONCE:
        file.complaints_taken_at = at
        return None
    return found[-1].id


def forget_cases_of_import(import_id: int) -> None:
    """A file that is taken back leaves no case behind that is about its ratings alone."""
    of_file = select(RecoveryRating.case_id).join(Rating).where(Rating.import_id == import_id)
    others = select(RecoveryRating.case_id).join(Rating).where(Rating.import_id.is_distinct_from(import_id))
    alone = delete(RecoveryCase).where(RecoveryCase.id.in_(of_file), RecoveryCase.id.not_in(others))
    db.session.execute(alone.execution_options(synchronize_session=False))


def take_back(rating: Rating, *, at: datetime) -> None:
    """The customer erases the answer: with its last rating a case ends, and how to reach the customer is forgotten."""
    case = case_of(rating)
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
        hooks.announce("complaint.closed", about=case.id, key=f"complaint.closed|{case.id}", at=at)


def _joined(rating: Rating, *, at: datetime) -> RecoveryCase | None:
    """The customer's open case, with this rating in it."""
    if rating.customer_id is None:
        return None
    of_customer = (RecoveryCase.customer_id == rating.customer_id, RecoveryCase.closed_at.is_(None))
    case = db.session.scalar(select(RecoveryCase).where(*of_customer).with_for_update())
    if case is not None:
        db.session.add(RecoveryRating(rating_id=rating.id, case_id=case.id))
        note(case, "added", at=at)
        record("complaint.added", by=None, about=case, person=rating.person_id, at=at)
    return case


def _opened(rating: Rating, *, at: datetime) -> RecoveryCase:
    case = RecoveryCase(
        team_id=rating.team_id,
        touchpoint_id=rating.touchpoint_id,
        customer_id=rating.customer_id,
        opened_at=at,
        is_loyal=rules.is_loyal(_earlier_stars(rating)),
        clock_since=at,
    )
    calendar = calendar_of(case, at)
    case.opened_on = clock.local_day(at, calendar.zone)
    case.owner_id = owners.owner_of(rating.team_id, [rating.person_id], case.opened_on)
    try:
        with db.session.begin_nested():
            db.session.add(case)
    except IntegrityError:  # at the same moment, another answer of this customer has opened one
        joined = _joined(rating, at=at)
        if joined is None:
            raise
        return joined
    db.session.add(RecoveryRating(rating_id=rating.id, case_id=case.id))
    note(case, "opened", at=at, to=case.owner_id)
    if case.customer_id is not None:  # somebody the company can reach in its own way
        start_clock(case, calendar, at=at)
    record("complaint.opened", by=None, about=case, person=rating.person_id, at=at)
    hooks.announce("complaint.opened", about=case.id, key=f"complaint.opened|{case.id}", at=at)
    if case.owner_id is not None:
        key = f"recovery|{case.id}|opened|{case.owner_id}"
        # What a file brought may be many, and is some days old: it waits for the daily mail.
        tell("recovery.opened", to=case.owner_id, key=key, at=at, about_id=case.id, urgent=rating.import_id is None)
    return case


def _ask_for_call(case: RecoveryCase, contact: str, *, at: datetime) -> None:
    case.contact_sealed = sealed(contact, purpose=CONTACT)
    if case.call_asked_at is None:
        case.call_asked_at = at
        note(case, "call_asked", at=at)
    if case.clock_at is None and case.contacted_at is None:
        start_clock(case, calendar_of(case, at), at=at)


def _earlier_stars(rating: Rating) -> list[int]:
    if rating.customer_id is None:
        return []
    earlier = select(Rating.stars).where(Rating.customer_id == rating.customer_id, Rating.rated_at < rating.rated_at)
    return list(db.session.scalars(earlier.order_by(Rating.rated_at.desc()).limit(EARLIER_SEEN)))
