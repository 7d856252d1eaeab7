"""Asking coachees two working days after their talk; once a month, summing up what they said."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from tracker.coaching.feedback_actions import ask, close_batch
from tracker.coaching.feedback_models import CoachFeedbackAnswer, CoachFeedbackRequest
from tracker.coaching.feedback_rules import ASKED_AFTER, ASKED_UNTIL
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core import clock, tasks
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, reading, transaction
from tracker.organisation.models import Person
from tracker.organisation.queries import calendars, still_here

RULE = "coaching.feedback"


def ask_coachees(at: datetime) -> int:
    """Everybody whose first talk of a case was held two working days ago or more; how many were asked."""
    with reading():
        held = _held_unasked(at)
        hours = calendars([person for _session, person, _held_at in held], at.date()) if held else {}
        due = [(session, person) for session, person, held_at in held if _is_due(hours.get(person), held_at, at)]
    asked = 0
    for session_id, person_id in due:
        with transaction():
            asked += ask(db.session.get_one(CoachingSession, session_id), person_id=person_id, at=at)
    return asked


def _held_unasked(at: datetime) -> list[tuple[int, int, datetime | None]]:
    """(session, person, held at) of the last four weeks, of cases about which nobody was asked yet."""
    other = aliased(CoachingSession)
    asked_of_case = exists().where(CoachFeedbackRequest.id == other.id, other.case_id == CoachingSession.case_id)
    statement: Any = (
        select(CoachingSession.id, CoachingCase.person_id, CoachingSession.held_at)
        .join(CoachingCase, CoachingCase.id == CoachingSession.case_id)
        .join(Person, Person.id == CoachingCase.person_id)
        .where(
            CoachingSession.kind == "talk",
            CoachingSession.held_at.between(at - ASKED_UNTIL, at),
            CoachingSession.led_by_id != CoachingCase.person_id,
            ~asked_of_case,
        )
        .order_by(CoachingSession.id)
    )
    return [tuple(row) for row in db.session.execute(still_here(statement, at.date()))]


def _is_due(hours: WorkCalendar | None, held_at: datetime | None, at: datetime) -> bool:
    calendar = hours or WorkCalendar()
    if held_at is None:
        return False
    day = calendar.working_days_after(clock.local_day(held_at, calendar.zone), ASKED_AFTER)
    return at >= calendar.morning_of(day)


def close_batches(at: datetime) -> int:
    """Once a month, so that nobody can tell whose answer was the last: sum up what may be; how many batches."""
    month = datetime.combine(at.date().replace(day=1), time(), UTC)
    with reading():
        since = tasks.done_until(RULE)
        if since is not None and since >= month:
            return 0
        leaders = sorted(db.session.scalars(select(CoachFeedbackAnswer.leader_id).distinct()))
    with transaction():
        if not tasks.advance(RULE, since=since, to=month):
            return 0  # another process has just done it
        return sum(_closed(leader, month.date(), at) for leader in leaders)


def _closed(leader_id: int, month: date, at: datetime) -> int:
    return int(close_batch(leader_id, month=month, at=at) is not None)
