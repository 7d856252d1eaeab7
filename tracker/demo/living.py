"""The demo's managers at work: the past weeks run at their own times, and talks are booked, held and written up."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.coaching.actions import add_agreed, book_session, complete_session, reply
from tracker.coaching.appointments import day_that_suits, planned_session
from tracker.coaching.jobs import check_falls, remind, share_cards
from tracker.coaching.models import CoachingCase
from tracker.coaching.rules import FOLLOW_UP_AFTER
from tracker.coaching.team_jobs import tell_of_teams
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.demo.effects import RUNS, work_out_talks
from tracker.demo.putting_off import puts_off
from tracker.demo.records import Company
from tracker.demo.story import KEVIN
from tracker.organisation.queries import leaders_on

MONDAYS_CHECK = time(4, 10)
STEPS_A_WEEK = tuple(timedelta(days=day, hours=hour) for day in range(5) for hour in (5, 11))
NOTES = {
    KEVIN: (
        "Kevin feels fine when he is alone and rushed when the queue is long. He’d like a second person from 12:30 to 14:00.",
        ("Say how long it will take when the queue passes 5", "Open till 3 by 12:45 on Fridays and Saturdays"),
        "When two tills are closed I start every talk with an angry customer. I’d like to look at the till plan together.",
    ),
    "W-0108": (
        "We went through the last warranty questions together. Two answers were out of date; the new sheet is at the desk.",
        ("Read the new guarantee sheet and keep it at the desk",),
        "Nobody told me the guarantee rules had changed in February.",
    ),
}
PLAIN_NOTE = "We read the comments together. No single reason stands out; we agreed to look again after the follow-up."


def live_through(company: Company, *, weeks: int, until: datetime, step: Callable[[int], None]) -> None:
    """Run the jobs of the last `weeks` weeks at their times, twice a day, with the managers acting in between."""
    monday = company.today - timedelta(days=company.today.weekday())
    for week in range(weeks, -1, -1):
        start = clock.moment_at(monday - timedelta(weeks=week), MONDAYS_CHECK, company.zone)
        if start > until:
            break
        check_falls(start)
        if week < RUNS:
            work_out_talks(start)
        for moment in (start + offset for offset in STEPS_A_WEEK):
            if moment > until:
                break
            _half_a_day(moment)
        step(weeks - week)


def _half_a_day(at: datetime) -> None:
    with transaction():
        has_case = (
            db.session.scalar(select(CoachingCase.id).where(CoachingCase.closed_at.is_(None)).limit(1)) is not None
        )
    if at.hour < 12:
        tell_of_teams(at)
    if at.weekday() < 4 and at.hour < 12:
        share_cards(at)  # the second to the fourth day of a week: then the last cards are due
    if not has_case:
        return
    share_cards(at)
    remind(at)
    with transaction():
        cases = select(CoachingCase).where(CoachingCase.closed_at.is_(None)).options(joinedload(CoachingCase.person))
        for case in db.session.scalars(cases):
            _act(case, at)


def _act(case: CoachingCase, at: datetime) -> None:
    """Reply on the day it is seen, book after the first reminder, hold and write up once the time has come."""
    note, agreed, answer = NOTES.get(case.person.staff_number, (PLAIN_NOTE, (), None))
    if answer and case.replied_at is None and case.shares_at <= at:
        reply(case, answer, at=at)
    leader = next(iter(leaders_on(clock.local_day(at, "UTC")).above(case.person_id)), None)
    if leader is None or case.shared_at is None:
        return
    planned = planned_session(case)
    if planned is None and case.first_reminded_on is not None and not puts_off(case, leader=leader, at=at):
        day = day_that_suits(case.person_id, leader, _talk_day(case, at))
        starts_at = clock.moment_at(day, time(14), "Africa/Nairobi")
        book_session(case, by=leader, starts_at=starts_at, minutes=20, place="Back office", at=at)
    elif planned and planned.starts_at + timedelta(minutes=30) < at:
        _write_up(case, leader, note, agreed, at)


def _talk_day(case: CoachingCase, at: datetime) -> date:
    """Two or three days ahead, never a weekend."""
    day = clock.local_day(at, "UTC") + timedelta(days=2 + case.id % 2)
    return day + timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _write_up(case: CoachingCase, leader: int, note: str, agreed: tuple[str, ...], at: datetime) -> None:
    due_on = clock.local_day(at, "UTC") + timedelta(weeks=5)
    owners = [case.person_id, leader]
    weeks = FOLLOW_UP_AFTER if case.person.staff_number == KEVIN else timedelta(weeks=3)
    follow_up_on = clock.local_day(at, "UTC") + weeks
    first = [(agreed[0], owners[0], due_on)] if agreed else []
    complete_session(case, by=leader, note=note, agreed=first, follow_up_on=follow_up_on, at=at)
    if case.closed_at is None:
        for position, text in enumerate(agreed[1:], start=1):
            add_agreed(case, by=leader, text=text, owner_id=owners[position % 2], due_on=due_on, at=at)
