"""The times of talks, and the calendars of the two who meet: invited, moved, handed on, called off."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.rules import shared_working_day
from tracker.core import clock, hooks, outbox
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.organisation.queries import calendars

MAIL = "coaching.calendar"
BEFORE_THE_TALK = timedelta(hours=1)


def planned_session(case: CoachingCase) -> CoachingSession | None:
    """The talk or follow-up that has a time and is neither held nor called off."""
    return db.session.scalar(
        select(CoachingSession).where(
            CoachingSession.case_id == case.id,
            CoachingSession.held_at.is_(None),
            CoachingSession.called_off_at.is_(None),
        )
    )


def day_that_suits(person_id: int, leader_id: int, day: date) -> date:
    """The first day from `day` on, on which neither is away and neither has a holiday."""
    found = calendars([person_id, leader_id], day - timedelta(days=1))
    return shared_working_day(found[person_id], found[leader_id], day)


def is_day_off(person_id: int, leader_id: int, starts_at: datetime) -> bool:
    """Whether one of the two has leave or a holiday then. A weekend is none: people who work shifts know theirs."""
    found = calendars([person_id, leader_id], starts_at.date() - timedelta(days=2))
    return any(falls_on_day_off(calendar, starts_at) for calendar in found.values())


def falls_on_day_off(calendar: WorkCalendar, moment: datetime) -> bool:
    return clock.local_day(moment, calendar.zone) in calendar.days_off


def invite(session: CoachingSession, case: CoachingCase, *, at: datetime) -> None:
    """Put the talk into both calendars by mail, as it stands now."""
    session.changed_at = at
    _post(session, [case.person_id, session.led_by_id], "REQUEST", at=at)


def uninvite(session: CoachingSession, people: Iterable[int], *, at: datetime) -> None:
    """Take it out of these calendars again. The caller has raised the sequence."""
    session.changed_at = at
    if session.starts_at > at:  # what is over may stay in the calendar it was in
        _post(session, people, "CANCEL", at=at)


def call_off(session: CoachingSession, case: CoachingCase, *, by: int | None, because: str, at: datetime) -> None:
    """The talk will not be at this time. because: leader, unled, left or closed."""
    session.called_off_at, session.called_off_because = at, because
    session.calendar_sequence += 1
    uninvite(session, [case.person_id, session.led_by_id], at=at)
    record("coaching.called_off", by=by, about=session, person=case.person_id, at=at, because=because)
    hooks.announce("talk.called_off", about=session.id, key=f"talk.called_off|{session.id}", at=at)
    db.session.flush()


def free_the_time(session: CoachingSession, case: CoachingCase, *, at: datetime) -> None:
    """The talk was held earlier than planned: the time it had is free again."""
    session.calendar_sequence += 1
    uninvite(session, [case.person_id, session.led_by_id], at=at)


def hand_on(session: CoachingSession, case: CoachingCase, *, to: int, at: datetime) -> None:
    """Somebody else leads the talk from now on: in one calendar it ends, in another it begins, in the third its leader changes."""
    former, session.led_by_id = session.led_by_id, to
    session.calendar_sequence += 1
    uninvite(session, [former], at=at)
    if session.starts_at > at:
        invite(session, case, at=at)


def _post(session: CoachingSession, people: Iterable[int], method: str, *, at: datetime) -> None:
    """One mail for each: its key is the talk, the sequence and the person. It goes out in working hours, but before the talk."""
    wanted = list(dict.fromkeys(people))
    hours = calendars(wanted, at.date() - timedelta(days=1))
    for person_id in wanted:
        due_at = min(hours[person_id].next_working_moment(at), session.starts_at - BEFORE_THE_TALK)
        outbox.post(
            MAIL,
            to=person_id,
            key=f"{key_of(session.id)}{session.calendar_sequence}|{person_id}",
            due_at=max(at, due_at),
            at=at,
            session=session.id,
            sequence=session.calendar_sequence,
            method=method,
            starts_at=session.starts_at.isoformat(),
            minutes=session.minutes,
        )


def key_of(session_id: int) -> str:
    """What the keys of all mails about one talk begin with."""
    return f"talk|{session_id}|"
