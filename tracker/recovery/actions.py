"""What people do about a complaint. Every verb writes what happened into the case's history."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core import hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.notifications.actions import tell
from tracker.ratings.models import Rating
from tracker.ratings.obstacles import Named, name_obstacle_of_case
from tracker.recovery import rules
from tracker.recovery.cases import calendar_of, note, refresh, was_noted
from tracker.recovery.giving import note_gift
from tracker.recovery.giving_rules import Gift
from tracker.recovery.models import RecoveryCase, RecoveryEntry, RecoveryRating

LONGEST_POSTPONED = timedelta(days=14)


def give_to(case: RecoveryCase, person_id: int | None, *, by: int | None, at: datetime) -> None:
    """Somebody else takes care of it from now on."""
    refresh(case)
    if person_id == case.owner_id:
        return
    case.owner_id = person_id
    note(case, "given", by=by, to=person_id, at=at)
    record("complaint.given", by=by, about=case, at=at, to=person_id)
    if person_id is not None and person_id != by:
        key = f"recovery|{case.id}|given|{person_id}|{len(_entries(case))}"
        tell("recovery.opened", to=person_id, key=key, at=at, about_id=case.id, urgent=True)


def record_contact(
    case: RecoveryCase,
    words: str,
    *,
    reached: bool,
    by: int,
    at: datetime,
    gift: Gift | None = None,
    seen: int | None = None,
) -> None:
    """Somebody spoke with the customer, or tried to. Only a contact stops the clock of the first one, and only then is anything given.

    seen: the last line of the history on the page that this was written on, so that sent twice it is one."""
    _still_open(case)
    if gift is not None and not reached:
        raise Invalid("Nobody was reached, so nothing can have been given.")
    kind = "contact" if reached else "missed"
    if was_noted(case, kind, words, by=by, after=seen, gift=gift):
        return
    entry = note(case, kind, by=by, words=words, at=at)
    note_gift(entry, gift, by=by, at=at)
    if reached and case.contacted_at is None:
        worked = calendar_of(case, at).working_time_between(case.clock_since or case.opened_at, at)
        case.contacted_at, case.contact_minutes = at, int(worked.total_seconds() // 60)
    if reached:
        case.promised_at = None
        rest(case, at=at)
    record("complaint.contact", by=by, about=case, at=at, reached=reached)


def promise_call(case: RecoveryCase, until: datetime, *, by: int, at: datetime) -> None:
    """The customer is told when somebody calls; whoever promised it is reminded in time."""
    _still_open(case)
    _check_ahead(until, at)
    case.promised_at = until
    note(case, "promise", by=by, until=until, at=at)
    record("complaint.promised", by=by, about=case, at=at)
    key = f"recovery|{case.id}|promise|{until.isoformat()}"
    tell("recovery.promise", to=by, key=key, at=at, visible_at=max(at, until - timedelta(minutes=15)), about_id=case.id)


def postpone(case: RecoveryCase, until: datetime, words: str, *, by: int, at: datetime) -> None:
    """The customer wants it later: the clock begins at the time they agreed to."""
    _still_open(case)
    _check_ahead(until, at)
    case.clock_since = until
    note(case, "postponed", by=by, until=until, words=words, at=at)
    if case.contacted_at is None:
        calendar = calendar_of(case, at)
        case.contact_due_at = calendar.after_working_time(until, rules.CONTACT_WITHIN)
        case.clock_at = rules.next_clock(case.step, since=until, last=until, calendar=calendar)
    else:
        case.clock_at = until
    record("complaint.postponed", by=by, about=case, at=at)


def add_note(case: RecoveryCase, words: str, *, by: int, at: datetime, seen: int | None = None) -> None:
    """What whoever takes care of it should know; it also shows that the case does not stand still. seen: as of a contact."""
    _still_open(case)
    if was_noted(case, "note", words, by=by, after=seen):
        return
    note(case, "note", by=by, words=words, at=at)
    if case.contacted_at is not None:
        rest(case, at=at)
    record("complaint.noted", by=by, about=case, at=at)


def close(
    case: RecoveryCase,
    *,
    outcome: str,
    words: str,
    by: int,
    at: datetime,
    cause: str | None,
    driver: str | None,
    obstacle: Named | None = None,
    gift: Gift | None = None,
) -> None:
    """Done, with what was done, what was given and what it came from. Two days later the customer is asked whether it helped."""
    _still_open(case)
    if outcome in {"solved", "partly"} and case.contacted_at is None:
        raise Invalid(
            "Nobody has spoken with the customer yet. Write down the contact first, or say that nobody was reached."
        )
    if obstacle is not None and cause not in rules.CAUSES_WITH_OBSTACLE:
        raise Invalid("What stood in the way goes with how we work or with what we sell.")
    case.outcome, case.cause, case.driver, case.closed_at, case.closed_by_id = outcome, cause, driver, at, by
    case.clock_at, case.promised_at = None, None
    case.survey_due_at = None if case.is_public else at + rules.SURVEY_AFTER  # a stranger cannot be asked
    note_gift(note(case, "closed", by=by, words=words, at=at), gift, by=by, at=at)
    record("complaint.closed", by=by, about=case, at=at, outcome=outcome)
    hooks.announce("complaint.closed", about=case.id, key=f"complaint.closed|{case.id}", at=at)
    if obstacle is not None:
        where: dict[str, Any] = {
            "rating": _first_rating(case),
            "team_id": case.team_id,
            "touchpoint_id": case.touchpoint_id,
        }
        name_obstacle_of_case(case.id, obstacle, **where, driver=driver, by=by, at=at)


def rest(case: RecoveryCase, *, at: datetime) -> None:
    """After a contact: it is called back to mind when it stands still, or when something was promised."""
    still = calendar_of(case, at).after_working_time(at, rules.STANDS_STILL_AFTER)
    case.clock_at = case.promised_at if case.promised_at and case.promised_at > at else still


def _check_ahead(until: datetime, at: datetime) -> None:
    if not at < until <= at + LONGEST_POSTPONED:
        raise Invalid("Choose a time within the next 14 days.")


def _still_open(case: RecoveryCase) -> None:
    refresh(case)
    if case.closed_at is not None:
        raise Conflict("This complaint is closed.")


def _first_rating(case: RecoveryCase) -> Rating | None:
    """The one that opened it; none when it is about a public review."""
    of_case = select(Rating).join(RecoveryRating).where(RecoveryRating.case_id == case.id)
    return db.session.scalars(of_case.order_by(Rating.rated_at, Rating.id).limit(1)).first()


def _entries(case: RecoveryCase) -> list[int]:
    return list(db.session.scalars(select(RecoveryEntry.id).where(RecoveryEntry.case_id == case.id)))
