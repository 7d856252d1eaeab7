"""A case from its opening to its close. Whatever changes for the other side is told to them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.audit.actions import record
from tracker.coaching.appointments import (
    call_off,
    day_that_suits,
    free_the_time,
    invite,
    is_day_off,
    planned_session,
    uninvite,
)
from tracker.coaching.locking import lock, still_open
from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.coaching.reminding import turn_to_follow_up
from tracker.coaching.rules import BOOKED_WITHIN, OPEN_AT_MOST
from tracker.core import clock, hooks
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.language import long_day
from tracker.core.rows import hold
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of, leaders_on
from tracker.ratings.models import Fall

TALK_TIME = time(10)
DEFAULT_MINUTES = 20


def open_case(fall: Fall, *, reminds_at: datetime | None, at: datetime) -> CoachingCase:
    """Begin a case. Nothing is audited before it is shared: the audit has readers, and the employee is the first to know."""
    case = CoachingCase(
        person_id=fall.person_id,
        team_id=fall.team_id,
        fall_id=fall.id,
        opened_at=at,
        shares_at=fall.shares_at,
        reminds_at=reminds_at,
        closes_by=at + OPEN_AT_MOST,
    )
    db.session.add(case)
    db.session.flush()
    return case


def share_case(case: CoachingCase, *, at: datetime) -> None:
    """The head start is over: from now on who leads the person sees the case, and the audit and webhooks speak of it."""
    case.shared_at = at
    record("coaching.opened", by=None, about=case, person=case.person_id, at=at)
    if case.reply:
        _tell_leader_of_reply(case, at=at)
    if case.fall_id is not None:
        hooks.announce("fall.alerted", about=case.id, key=f"fall.alerted|{case.id}", at=at)
    hooks.announce("case.opened", about=case.id, key=f"case.opened|{case.id}", at=at)


def book_session(
    case: CoachingCase, *, by: int, starts_at: datetime, minutes: int, place: str | None, at: datetime
) -> CoachingSession:
    """Set a time for the talk (or, once it was held, the follow-up); a planned one is moved."""
    still_open(case)
    if (booked := _booked_so(case, by, starts_at, minutes, place)) is not None:
        return booked
    if starts_at <= at:
        raise Invalid("Choose a time that is still to come.")
    if starts_at > at + BOOKED_WITHIN:
        raise Invalid("Choose a time within the next four weeks, so that the talk still helps.")
    _refuse_day_off(case.person_id, by, starts_at)
    calendar, session = calendar_of(by, at.date()), planned_session(case)
    kind, former = ("coaching.moved", session.led_by_id) if session else ("coaching.booked", by)
    if session is None:
        session = CoachingSession(case_id=case.id, kind=_next_kind(case), booked_at=at)
    else:
        session.calendar_sequence += 1
    session.led_by_id, session.starts_at, session.minutes, session.place = by, starts_at, minutes, place
    session.starts_on = clock.local_day(starts_at, calendar.zone)
    db.session.add(session)
    db.session.flush()
    invite(session, case, at=at)
    if former != by:
        uninvite(session, [former], at=at)
    case.reminds_at = _morning_after(session, calendar)
    record(kind, by=by, about=session, person=case.person_id, at=at)
    key = f"{kind}|{session.id}|{session.calendar_sequence}"
    hooks.announce("talk.moved" if kind == "coaching.moved" else "talk.booked", about=session.id, key=key, at=at)
    tell(
        kind,
        to=case.person_id,
        key=key,
        at=at,
        about_id=case.id,
        starts_at=starts_at.isoformat(),
        leader=by,
    )
    return session


def _refuse_day_off(person_id: int, leader_id: int, starts_at: datetime) -> None:
    """On leave or a holiday nobody meets. Who of the two is away is not said: the employee does not read the leader’s leave."""
    if is_day_off(person_id, leader_id, starts_at):
        suits = day_that_suits(person_id, leader_id, starts_at.date())
        raise Invalid(
            _("One of you is away on that day, or it is a holiday. %(day)s suits you both.", day=long_day(suits))
        )


def complete_session(
    case: CoachingCase,
    *,
    by: int,
    note: str,
    agreed: Sequence[tuple[str, int, date]],
    follow_up_on: date | None,
    at: datetime,
    held_before: int | None = None,
) -> CoachingSession:
    """Write up a talk that was held. Without a follow-up, and after one, the case closes.

    `agreed`: (what, person id of who does it, by when). The talk need not have been booked before. `held_before`: how many talks the
    page showed on which this was written: sent twice it is one talk, and other words from an older page are a Conflict.
    """
    lock(case)
    if (written := _written_since(case, held_before, note)) is not None:
        return written
    still_open(case)
    calendar = calendar_of(by, at.date())
    session = planned_session(case) or CoachingSession(
        case_id=case.id, kind=_next_kind(case), led_by_id=by, booked_at=at, starts_at=at, minutes=DEFAULT_MINUTES
    )
    _note_held(session, case, note, calendar=calendar, at=at)
    for what, owner_id, due_on in agreed:
        add_agreed(case, by=by, text=what, owner_id=owner_id, due_on=due_on, at=at)
    record("coaching.completed", by=by, about=session, person=case.person_id, at=at)
    key = f"coaching.completed|{session.id}"
    hooks.announce("talk.held", about=session.id, key=key, at=at)
    tell("coaching.completed", to=case.person_id, key=key, at=at, about_id=case.id, leader=by)
    if session.kind == "follow_up":
        close_case(case, because="followed_up", by=by, at=at)
    elif follow_up_on is None:
        close_case(case, because="held", by=by, at=at)
    else:
        _plan_follow_up(case, follow_up_on, by=by, calendar=calendar, at=at)
    return session


def _note_held(
    session: CoachingSession, case: CoachingCase, note: str, *, calendar: WorkCalendar, at: datetime
) -> None:
    if session.starts_at > at:
        free_the_time(session, case, at=at)
    session.starts_at = min(session.starts_at, at)  # held earlier than planned
    session.starts_on = clock.local_day(session.starts_at, calendar.zone)
    session.held_at, session.note = at, note
    case.snoozed_until = None
    db.session.add(session)
    db.session.flush()


def held_talks(case: CoachingCase) -> list[CoachingSession]:
    """The talks of a case that were held, in order."""
    held = (CoachingSession.case_id == case.id, CoachingSession.held_at.is_not(None))
    return list(db.session.scalars(select(CoachingSession).where(*held).order_by(CoachingSession.id)))


def _written_since(case: CoachingCase, held_before: int | None, note: str) -> CoachingSession | None:
    """The talk that the same form has saved already. Else the second of two clicks would write up the follow-up and end the case."""
    held = held_talks(case)
    if held_before is None or len(held) == held_before:
        return None
    if held and held[-1].note == note:
        return held[-1]
    raise Conflict(_("This talk was written up meanwhile, on another page. Look at what stands there first."))


def _booked_so(
    case: CoachingCase, by: int, starts_at: datetime, minutes: int, place: str | None
) -> CoachingSession | None:
    """The planned talk, if it is exactly so already: nothing has moved, and nobody is told again."""
    planned = planned_session(case)
    wanted = (by, starts_at, minutes, place)
    if planned is None or (planned.led_by_id, planned.starts_at, planned.minutes, planned.place) != wanted:
        return None
    return planned


def _plan_follow_up(case: CoachingCase, on: date, *, by: int, calendar: WorkCalendar, at: datetime) -> None:
    """On this day, or the next on which both are there: six weeks ahead nobody has looked at leave and holidays."""
    on = day_that_suits(case.person_id, by, on)
    starts_at = clock.moment_at(on, TALK_TIME, calendar.zone)
    if starts_at <= at or starts_at > case.closes_by:
        raise Invalid("Choose a follow-up date that is still to come and within 16 weeks of the case.")
    follow_up = CoachingSession(
        case_id=case.id,
        kind="follow_up",
        led_by_id=by,
        starts_at=starts_at,
        starts_on=on,
        minutes=DEFAULT_MINUTES,
        booked_at=at,
    )
    db.session.add(follow_up)
    db.session.flush()
    invite(follow_up, case, at=at)
    turn_to_follow_up(case)
    case.reminds_at = _morning_after(follow_up, calendar)


def add_agreed(
    case: CoachingCase,
    *,
    by: int,
    text: str,
    owner_id: int,
    due_on: date,
    at: datetime,
    form_key: str | None = None,
) -> CoachingAction:
    """Something the two agreed on, with its owner and date. `form_key`: the same form sent twice is one."""
    still_open(case)
    same = select(CoachingAction).where(CoachingAction.case_id == case.id, CoachingAction.form_key == form_key)
    if form_key is not None and (sent := db.session.scalar(same)) is not None:
        return sent
    action = CoachingAction(
        case_id=case.id,
        text=text,
        owner_id=owner_id,
        due_on=due_on,
        created_at=at,
        created_on=clock.local_day(at, calendar_of(by, at.date()).zone),
        form_key=form_key,
    )
    db.session.add(action)
    record("coaching.agreed", by=by, about=action, person=case.person_id, at=at)
    return action


def tick_agreed(action: CoachingAction, *, done: bool, by: int, person: int, at: datetime) -> None:
    """Done, or not after all; said again it changes nothing."""
    hold(action)
    if (action.done_at is not None) == done:
        return
    action.done_at = at if done else None
    record("coaching.agreed_done" if done else "coaching.agreed_reopened", by=by, about=action, person=person, at=at)


def reply(case: CoachingCase, text: str, *, at: datetime) -> None:
    """The employee's own words, kept with the case, and put right as long as it is open. Before the head start is over only they
    see them; then whoever leads them is told, once a day at most."""
    still_open(case)
    case.reply, case.replied_at = text, at
    if case.shared_at:
        record("coaching.replied", by=case.person_id, about=case, person=case.person_id, at=at)
        _tell_leader_of_reply(case, at=at)


def _tell_leader_of_reply(case: CoachingCase, *, at: datetime) -> None:
    today = clock.local_day(at, "UTC")
    leader = next(iter(leaders_on(today).above(case.person_id)), None)
    if leader is not None:
        key = f"coaching.replied|{case.id}|{leader}|{today}"
        tell("coaching.replied", to=leader, key=key, at=at, about_id=case.id)


def close_case(case: CoachingCase, *, because: str, by: int | None, at: datetime) -> None:
    """because: held, followed_up, expired, left, or what a leader gave for closing it without a talk (see coaching.clock_actions).

    What was never shared ends as quietly as it began.
    """
    planned = planned_session(case)
    if planned is not None:
        call_off(planned, case, by=by, because="left" if because == "left" else "closed", at=at)
    case.closed_at, case.closed_because, case.reminds_at = at, because, None
    if case.shared_at is None:
        return
    record("coaching.closed", by=by, about=case, person=case.person_id, at=at, because=because)
    hooks.announce("case.closed", about=case.id, key=f"case.closed|{case.id}", at=at)


def _next_kind(case: CoachingCase) -> str:
    return "follow_up" if held_talks(case) else "talk"


def _morning_after(session: CoachingSession, calendar: WorkCalendar) -> datetime:
    """Nobody is nagged while a talk is booked: the next reminder waits for the working morning after it."""
    return calendar.next_morning(session.starts_at + timedelta(minutes=session.minutes))


def people_of(case: CoachingCase, leader_id: int) -> list[tuple[int, str]]:
    """Who can own something agreed: the two of the talk."""
    people = db.session.scalars(select(Person).where(Person.id.in_([case.person_id, leader_id]))).all()
    return sorted(((person.id, person.name) for person in people), key=lambda pair: pair[1])
