"""What a change elsewhere means for an open case: its person left, somebody else leads, somebody is away on the day of the talk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.coaching import appointments
from tracker.coaching.actions import close_case
from tracker.coaching.appointments import falls_on_day_off, planned_session
from tracker.coaching.clock_actions import tell_called_off
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.reminding import Lead, lead_of, start_afresh
from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.organisation.queries import Leaders, calendars, leaders_on


@dataclass(frozen=True)
class Now:
    """One case and the organisation around it, as of one moment. `leaders`: everybody who leads the person's team today."""

    case: CoachingCase
    session: CoachingSession | None
    lead: Lead
    leaders: frozenset[int]
    hours: Mapping[int, WorkCalendar]
    has_left: bool
    at: datetime


def cases_to_follow(at: datetime) -> list[int]:
    """Ids of open cases about which something has changed, in a bounded number of questions."""
    cases = list(
        db.session.scalars(
            select(CoachingCase).where(CoachingCase.closed_at.is_(None)).options(joinedload(CoachingCase.person))
        )
    )
    return [now.case.id for now in _around(cases, at) if _changes(now)]


def follow(case_id: int, *, at: datetime) -> int:
    """Do what the changes about one case ask for, once; 1 when there was something."""
    locked = select(CoachingCase).where(CoachingCase.id == case_id, CoachingCase.closed_at.is_(None))
    case = db.session.scalar(
        locked.options(joinedload(CoachingCase.person))
        .with_for_update(of=CoachingCase)
        .execution_options(populate_existing=True)
    )
    if case is None:
        return 0
    (now,) = _around([case], at)
    changes = _changes(now)
    for change in changes:
        change(now)
    return int(bool(changes))


def _around(cases: list[CoachingCase], at: datetime) -> list[Now]:
    if not cases:
        return []
    planned = {session.case_id: session for session in _planned([case.id for case in cases])}
    people = {case.person_id for case in cases} | {session.led_by_id for session in planned.values()}
    hours = calendars(people, at.date() - timedelta(days=1))
    by_day: dict[date, Leaders] = {}
    found = []
    for case in cases:
        today = clock.local_day(at, hours[case.person_id].zone)
        leaders = by_day.get(today) or by_day.setdefault(today, leaders_on(today))
        has_left = case.person.ended_on is not None and case.person.ended_on <= today
        lead = lead_of(leaders, case.person_id)
        found.append(Now(case, planned.get(case.id), lead, _leading(leaders, case.person_id), hours, has_left, at))
    return found


def _planned(case_ids: list[int]) -> list[CoachingSession]:
    """Also those whose time is over and that nobody has written up: whoever leads by then does."""
    open_ones = (CoachingSession.held_at.is_(None), CoachingSession.called_off_at.is_(None))
    return list(db.session.scalars(select(CoachingSession).where(CoachingSession.case_id.in_(case_ids), *open_ones)))


def _leading(leaders: Leaders, person_id: int) -> frozenset[int]:
    team_id = leaders.team_by_person.get(person_id)
    if team_id is None:
        return frozenset()
    manager = leaders.managers.get(team_id)
    return frozenset({*leaders.deputies.get(team_id, []), *({manager} if manager is not None else set())} - {person_id})


def _changes(now: Now) -> list[Callable[[Now], None]]:
    if now.has_left:
        return [_close]
    if now.case.shared_at is None or now.case.shares_at > now.at:
        return []  # nobody but the employee knows of it yet
    return [
        change
        for applies, change in (
            (_has_new_leader, _give_fair_clock),
            (_is_led_by_nobody_now, _hand_on_or_call_off),
            (_falls_on_day_off, _tell_of_day_off),
        )
        if applies(now)
    ]


def _has_new_leader(now: Now) -> bool:
    return now.case.clock_starts_on is not None and now.case.clock_leader_id != now.lead.leader


def _is_led_by_nobody_now(now: Now) -> bool:
    return now.session is not None and now.session.led_by_id not in now.leaders


def _falls_on_day_off(now: Now) -> bool:
    session = now.session
    if session is None or session.starts_at <= now.at or session.day_off_told_for == session.calendar_sequence:
        return False
    return any(
        falls_on_day_off(now.hours[person], session.starts_at) for person in (now.case.person_id, session.led_by_id)
    )


def _close(now: Now) -> None:
    close_case(now.case, because="left", by=None, at=now.at)


def _give_fair_clock(now: Now) -> None:
    start_afresh(now.case, leader=now.lead.leader, at=now.at)


def _hand_on_or_call_off(now: Now) -> None:
    """The talk stays where it is if anybody can lead it; who led it until now only learns that it is theirs no longer."""
    assert now.session is not None  # noqa: S101 - this change applies to a planned talk only
    session, to = now.session, now.lead.present
    former, starts_at = session.led_by_id, session.starts_at.isoformat()
    if to is None:
        appointments.call_off(session, now.case, by=None, because="unled", at=now.at)
        tell_called_off(session, now.case, leader=None, at=now.at)
    else:
        appointments.hand_on(session, now.case, to=to, at=now.at)
        for person, kind in ((now.case.person_id, "coaching.handed_on"), (to, "coaching.taken_on")):
            key = f"{kind}|{session.id}|{session.calendar_sequence}"
            tell(kind, to=person, key=key, at=now.at, about_id=now.case.id, leader=to, starts_at=starts_at)
    key = f"coaching.given_up|{session.id}|{session.calendar_sequence}"
    tell("coaching.given_up", to=former, key=key, at=now.at, starts_at=starts_at)


def _tell_of_day_off(now: Now) -> None:
    """Both hear once that it cannot be then. Who is away is not said: one’s leave is not for the other to learn here."""
    session = planned_session(now.case)
    if session is None:
        return
    session.day_off_told_for = session.calendar_sequence
    starts_at = session.starts_at.isoformat()
    for person in (now.case.person_id, session.led_by_id):
        key = f"coaching.day_off|{session.id}|{session.calendar_sequence}|{person}"
        tell("coaching.day_off", to=person, key=key, at=now.at, about_id=now.case.id, starts_at=starts_at)
