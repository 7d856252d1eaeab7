"""A complaint from the first word to the last. Every verb writes what happened into the case's history."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.sealing import sealed
from tracker.notifications.actions import tell
from tracker.organisation.queries import calendars_of_teams, the_organisation
from tracker.ratings.models import Rating
from tracker.recovery import owners, rules
from tracker.recovery.models import (
    RecoveryCase,
    RecoveryEntry,
    RecoveryHelper,
    RecoveryRating,
    RecoveryStep,
)

CONTACT = "customer contact"  # what contacts are sealed for
LONGEST_POSTPONED = timedelta(days=14)
OPEN_CASES_SEEN = 50


def open_case(rating: Rating, *, at: datetime, contact: str | None = None) -> RecoveryCase | None:
    """Take up a rating that somebody should hear about; None when it is no complaint. The same rating again is the same case.

    `contact`: how the customer, who asks for a call, can be reached. One open case a customer: more is added to it.
    """
    given = rules.Complaint(rating.stars, rating.original_scale, rating.original_value, rating.rated_at)
    if contact is None and not rules.is_complaint(given, at=at):
        return None
    case = _case_of(rating) or _joined(rating, at=at) or _opened(rating, at=at)
    if contact is not None:
        _ask_for_call(case, contact, at=at)
    return case


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


def record_contact(case: RecoveryCase, words: str, *, reached: bool, by: int, at: datetime) -> None:
    """Somebody spoke with the customer, or tried to. Only a contact stops the clock of the first one."""
    _still_open(case)
    note(case, "contact" if reached else "missed", by=by, words=words, at=at)
    if reached and case.contacted_at is None:
        worked = calendar_of(case, at).working_time_between(case.clock_since or case.opened_at, at)
        case.contacted_at, case.contact_minutes = at, int(worked.total_seconds() // 60)
    if reached:
        case.promised_at = None
        _rest(case, at=at)
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


def add_note(case: RecoveryCase, words: str, *, by: int, at: datetime) -> None:
    """What whoever takes care of it should know; it also shows that the case does not stand still."""
    _still_open(case)
    note(case, "note", by=by, words=words, at=at)
    if case.contacted_at is not None:
        _rest(case, at=at)
    record("complaint.noted", by=by, about=case, at=at)


def close(
    case: RecoveryCase, *, outcome: str, words: str, by: int, at: datetime, cause: str | None, driver: str | None
) -> None:
    """Done, with what was done and what it came from. Two days later the customer is asked whether it helped."""
    _still_open(case)
    if outcome in {"solved", "partly"} and case.contacted_at is None:
        raise Invalid(
            "Nobody has spoken with the customer yet. Write down the contact first, or say that nobody was reached."
        )
    case.outcome, case.cause, case.driver, case.closed_at, case.closed_by_id = outcome, cause, driver, at, by
    case.clock_at, case.promised_at = None, None
    case.survey_due_at = at + rules.SURVEY_AFTER
    note(case, "closed", by=by, words=words, at=at)
    record("complaint.closed", by=by, about=case, at=at, outcome=outcome)


def take_step(case_id: int, *, at: datetime) -> int:
    """What the clock of a case demands by now, each step once; the number of steps. Whoever comes second finds them taken."""
    case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
    taken = 0
    while case is not None and case.closed_at is None and case.clock_at is not None and case.clock_at <= at:
        due_at, step = case.clock_at, case.step
        db.session.add(RecoveryStep(case_id=case.id, step=step, due_at=due_at, taken_at=at))
        _tell_step(case, step, due_at=due_at, at=at)
        case.step = step + 1
        calendar, since = calendar_of(case, at), case.clock_since or case.opened_at
        case.clock_at = (
            rules.next_clock(case.step, since=since, last=at, calendar=calendar)
            if case.contacted_at is None
            else calendar.after_working_time(at, rules.STANDS_STILL_AFTER)
        )
        taken += 1
    return taken


def note(
    case: RecoveryCase,
    kind: str,
    *,
    at: datetime,
    by: int | None = None,
    to: int | None = None,
    until: datetime | None = None,
    words: str | None = None,
) -> None:
    db.session.add(RecoveryEntry(case_id=case.id, at=at, kind=kind, by_id=by, to_id=to, until=until, words=words))
    db.session.flush()


def refresh(case: RecoveryCase) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(case, with_for_update={"of": RecoveryCase})


def calendar_of(case: RecoveryCase, at: datetime) -> WorkCalendar:
    """When the team of a case works; without a team, the organisation's weekdays."""
    since = min(at, case.opened_at).date() - timedelta(days=1)  # holidays before count for what is measured from there
    if case.team_id is not None:
        return calendars_of_teams([case.team_id], since)[case.team_id]
    organisation = the_organisation()
    return WorkCalendar(zone=organisation.time_zone if organisation else "UTC")


def _case_of(rating: Rating) -> RecoveryCase | None:
    return db.session.scalar(
        select(RecoveryCase)
        .join(RecoveryRating, RecoveryRating.case_id == RecoveryCase.id)
        .where(RecoveryRating.rating_id == rating.id)
    )


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
        _start_clock(case, calendar, at=at)
    record("complaint.opened", by=None, about=case, person=rating.person_id, at=at)
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
        _start_clock(case, calendar_of(case, at), at=at)


def _start_clock(case: RecoveryCase, calendar: WorkCalendar, *, at: datetime) -> None:
    case.clock_since = at
    case.contact_due_at = calendar.after_working_time(at, rules.CONTACT_WITHIN)
    case.clock_at = rules.next_clock(0, since=at, last=at, calendar=calendar)


def _rest(case: RecoveryCase, *, at: datetime) -> None:
    """After a contact: it is called back to mind when it stands still, or when something was promised."""
    still = calendar_of(case, at).after_working_time(at, rules.STANDS_STILL_AFTER)
    case.clock_at = case.promised_at if case.promised_at and case.promised_at > at else still


def _tell_step(case: RecoveryCase, step: int, *, due_at: datetime, at: datetime) -> None:
    if case.contacted_at is None and 0 < step < len(rules.DUE):
        _escalate(case, step, at=at)
        return
    if case.contacted_at is None and step == 0:
        note(case, "overdue", until=due_at, at=at)
    kind = "recovery.overdue" if case.contacted_at is None else "recovery.still_open"
    _tell_all(case, kind, [case.owner_id, *owners.helpers_of(case.id)], step, at=at)


def _escalate(case: RecoveryCase, step: int, *, at: datetime) -> None:
    """One level up: somebody more takes care of it. Where nobody is left, those who have it are told again."""
    helper = owners.next_helper(case, at.date())
    if helper is None:
        _tell_all(case, "recovery.overdue", [case.owner_id, *owners.helpers_of(case.id)], step, at=at)
        return
    db.session.add(RecoveryHelper(case_id=case.id, person_id=helper, since=at))
    note(case, "escalated", to=helper, at=at)
    record("complaint.escalated", by=None, about=case, at=at, to=helper, level=step)
    _tell_all(case, "recovery.escalated", [helper], step, at=at)
    _tell_all(case, "recovery.overdue", [case.owner_id], step, at=at)


def _tell_all(case: RecoveryCase, kind: str, people: Iterable[int | None], step: int, *, at: datetime) -> None:
    for person in people:
        if person is not None:
            key = f"recovery|{case.id}|{step}|{kind}|{person}"
            tell(kind, to=person, key=key, at=at, about_id=case.id, urgent=True)


def _earlier_stars(rating: Rating) -> list[int]:
    if rating.customer_id is None:
        return []
    earlier = select(Rating.stars).where(Rating.customer_id == rating.customer_id, Rating.rated_at < rating.rated_at)
    return list(db.session.scalars(earlier.order_by(Rating.rated_at.desc()).limit(OPEN_CASES_SEEN)))


def _check_ahead(until: datetime, at: datetime) -> None:
    if not at < until <= at + LONGEST_POSTPONED:
        raise Invalid("Choose a time within the next 14 days.")


def _still_open(case: RecoveryCase) -> None:
    refresh(case)
    if case.closed_at is not None:
        raise Conflict("This complaint is closed.")


def _entries(case: RecoveryCase) -> list[int]:
    return list(db.session.scalars(select(RecoveryEntry.id).where(RecoveryEntry.case_id == case.id)))
