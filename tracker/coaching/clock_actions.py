"""What people do about the time of a talk: put it off, call it off, ask for another, or end the case without one."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.coaching import appointments
from tracker.coaching.actions import close_case
from tracker.coaching.appointments import planned_session
from tracker.coaching.locking import still_open
from tracker.coaching.models import CoachingCase, CoachingSession, CoachingSnooze
from tracker.coaching.reminding import look_again
from tracker.coaching.rules import SNOOZE_DAYS_AT_MOST, SNOOZES_AT_MOST
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.language import long_day
from tracker.notifications.actions import tell
from tracker.organisation.queries import calendar_of

SNOOZE_REASONS = ("agreed", "busy", "system", "first")
CLOSING_REASONS = ("talked", "second_look", "declined")


def snooze(case: CoachingCase, *, reason: str, days: int, by: int, at: datetime) -> CoachingSnooze:
    """Put the leader's reminders off by `days` working days of theirs. Who is above hears when they would have anyway."""
    still_open(case)
    if reason not in SNOOZE_REASONS or not 1 <= days <= SNOOZE_DAYS_AT_MOST:
        raise Invalid(_("Choose a reason, and at most %(num)d working days.", num=SNOOZE_DAYS_AT_MOST))
    if planned_session(case):
        raise Conflict(_("The talk has a time already. Move it instead."))
    if case.snoozed_until and case.snoozed_until > clock.local_day(at, calendar_of(by, at.date()).zone):
        raise Conflict(_("It is put off until %(day)s already.", day=long_day(case.snoozed_until)))
    if snoozes_of(case) >= SNOOZES_AT_MOST:
        raise Conflict(_("This has been put off twice already. Set a time, even a short one."))
    calendar = calendar_of(by, at.date())
    today = clock.local_day(at, calendar.zone)
    until = calendar.working_days_after(calendar.next_working_day(today), days)
    made = CoachingSnooze(case_id=case.id, by_id=by, reason=reason, until=until, at=at)
    db.session.add(made)
    db.session.flush()
    case.snoozed_until = until
    record("coaching.snoozed", by=by, about=case, person=case.person_id, at=at, because=reason, until=str(until))
    _tell_person("coaching.snoozed", case, f"{case.id}|{made.id}", at=at, leader=by, reason=reason, until=str(until))
    return made


def snoozes_of(case: CoachingCase) -> int:
    found = select(func.count()).select_from(CoachingSnooze).where(CoachingSnooze.case_id == case.id)
    return db.session.scalar(found) or 0


def call_off_talk(case: CoachingCase, *, by: int, at: datetime) -> None:
    """The planned talk or follow-up is off; the case waits again, and its clock goes on."""
    still_open(case)
    session = planned_session(case)
    if session is None:
        raise Conflict(_("There is no talk to call off."))
    appointments.call_off(session, case, by=by, because="leader", at=at)
    look_again(case, at=at)
    tell_called_off(session, case, leader=by, at=at)


def tell_called_off(session: CoachingSession, case: CoachingCase, *, leader: int | None, at: datetime) -> None:
    starts_at = session.starts_at.isoformat()
    _tell_person("coaching.called_off", case, str(session.id), at=at, leader=leader, starts_at=starts_at)


def ask_for_another_time(case: CoachingCase, *, at: datetime) -> None:
    """The employee says that the time does not suit; whoever leads the talk hears it once for each time that was set."""
    still_open(case)
    session = planned_session(case)
    if session is None or session.starts_at <= at:
        raise Conflict(_("There is no talk ahead that could be moved."))
    record("coaching.asked_to_move", by=case.person_id, about=session, person=case.person_id, at=at)
    key = f"coaching.asked_to_move|{session.id}|{session.calendar_sequence}"
    starts_at = session.starts_at.isoformat()
    tell("coaching.asked_to_move", to=session.led_by_id, key=key, at=at, about_id=case.id, starts_at=starts_at)


def close_without_talk(case: CoachingCase, *, because: str, by: int, at: datetime) -> None:
    """No talk, or none more, is needed; the employee reads why. because: one of CLOSING_REASONS."""
    still_open(case)
    if because not in CLOSING_REASONS:
        raise Invalid(_("Choose why no talk is needed."))
    close_case(case, because=because, by=by, at=at)
    _tell_person("coaching.closed", case, str(case.id), at=at, because=because)


def _tell_person(kind: str, case: CoachingCase, key: str, *, at: datetime, **parameters: Any) -> None:
    tell(kind, to=case.person_id, key=f"{kind}|{key}", at=at, about_id=case.id, **parameters)
