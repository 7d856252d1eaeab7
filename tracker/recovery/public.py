"""A public review that needs an answer, as a complaint. The reviews package, above, calls these verbs; its words stay there."""

from datetime import datetime

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.recovery import owners
from tracker.recovery.actions import give_to, rest
from tracker.recovery.cases import calendar_of, note, refresh, start_clock
from tracker.recovery.models import RecoveryCase


def open_public(
    review_id: int, *, team_id: int, touchpoint_id: int | None, names: int | None, told: int | None, at: datetime
) -> None:
    """Take a review up, once. One that was given to another team goes to who takes care of that team's complaints.

    `told`: who has heard of the review already, and needs no second message."""
    case = _case_of(review_id)
    if case is not None:
        _move(case, team_id, at=at)
        return
    case = RecoveryCase(
        review_id=review_id,
        is_public=True,
        named_id=names,
        team_id=team_id,
        touchpoint_id=touchpoint_id,
        opened_at=at,
        is_loyal=False,
    )
    calendar = calendar_of(case, at)
    case.opened_on = clock.local_day(at, calendar.zone)
    case.owner_id = owners.owner_of(team_id, [names], case.opened_on)
    start_clock(case, calendar, at=at)
    db.session.add(case)
    db.session.flush()
    note(case, "opened", at=at, to=case.owner_id)
    record("complaint.opened", by=None, about=case, person=names, at=at)
    if case.owner_id is not None and case.owner_id != told:
        key = f"recovery|{case.id}|opened|{case.owner_id}"
        tell("recovery.opened", to=case.owner_id, key=key, at=at, about_id=case.id, urgent=True)


def name_in_public(review_id: int, person_id: int | None, *, by: int, at: datetime) -> None:
    """Somebody said whom the review names: that person reads the complaint, and takes no care of it."""
    case = _case_of(review_id)
    if case is None:
        return
    case.named_id = person_id
    if case.closed_at is None and person_id is not None and case.owner_id == person_id:
        give_to(case, _new_owner(case, at), by=by, at=at)


def answer_public(review_id: int, words: str, *, said_at: datetime, by: int, at: datetime) -> None:
    """An answer stands in public: the first word to the customer. A later one, or one after the end, is only noted."""
    case = _case_of(review_id)
    if case is None:
        return
    note(case, "public", by=by, words=words, at=at)
    if case.closed_at is not None:
        return
    if case.contacted_at is None:
        case.contacted_at = max(said_at, case.opened_at)
        since = case.clock_since or case.opened_at
        worked = calendar_of(case, at).working_time_between(min(since, case.contacted_at), case.contacted_at)
        case.contact_minutes = int(worked.total_seconds() // 60)
    rest(case, at=at)
    record("complaint.contact", by=by, about=case, at=at, reached=True)


def need_no_public_answer(review_id: int, reason: str, *, by: int, at: datetime) -> None:
    """Somebody said, with a reason, that none is needed: nobody is waited for any more, and closing stays a deed of its own."""
    case = _case_of(review_id)
    if case is None:
        return
    note(case, "unneeded", by=by, words=reason, at=at)
    if case.closed_at is None and case.contacted_at is None:
        case.contact_due_at, case.clock_at = None, None
    record("complaint.noted", by=by, about=case, at=at)


def _move(case: RecoveryCase, team_id: int, *, at: datetime) -> None:
    if case.closed_at is not None or case.team_id == team_id:
        return
    case.team_id = team_id
    give_to(case, _new_owner(case, at), by=None, at=at)


def _new_owner(case: RecoveryCase, at: datetime) -> int | None:
    today = clock.local_day(at, calendar_of(case, at).zone)
    return owners.owner_of(case.team_id, [case.named_id], today)


def _case_of(review_id: int) -> RecoveryCase | None:
    case = db.session.scalar(select(RecoveryCase).where(RecoveryCase.review_id == review_id))
    if case is not None:
        refresh(case)
    return case
