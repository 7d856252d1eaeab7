"""The steps of reminding: soon due, overdue, still overdue. Each once, in working hours, and nothing on a day off."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of
from tracker.training.assigning import overdue_from
from tracker.training.leaders import tell_leader
from tracker.training.models import Assignment

STILL_LATE = timedelta(days=7)
TOLD_SOON, TOLD_LATE, TOLD_ALL = 1, 2, 3  # Assignment.step: what was said last; 0 is nothing


def due_reminders(at: datetime) -> list[int]:
    """Ids of open assignments of which something is to be said now."""
    due = select(Assignment.id).where(Assignment.ended_at.is_(None), Assignment.remind_at <= at)
    return list(db.session.scalars(due.order_by(Assignment.remind_at, Assignment.id)))


def remind(assignment_id: int, *, at: datetime) -> int:
    """Say what is due about one assignment, once; how many steps were taken (0 or 1).

    1. The row is locked, and looked at again: another process may have been here.
    2. Whoever is away hears it on their first working morning.
    3. After a standstill only what is true now is said: nobody is told “soon” of what is overdue."""
    assignment = db.session.get(Assignment, assignment_id, with_for_update=True, populate_existing=True)
    if assignment is None or assignment.remind_at is None or assignment.remind_at > at or assignment.due_on is None:
        return 0
    work = calendar_of(assignment.person_id, at.date())
    if (later := work.next_working_moment(at)) > at:
        assignment.remind_at = later
        return 0
    if _has_left(assignment, at):
        assignment.remind_at = None
        return 0
    _take_step(assignment, work, at)
    return 1


def _take_step(assignment: Assignment, work: WorkCalendar, at: datetime) -> None:
    key = f"{assignment.id}|{assignment.due_on}"
    late_at = overdue_from(assignment.due_on, work) if assignment.due_on else at
    if at < late_at:
        tell("training.soon", to=assignment.person_id, key=f"training|soon|{key}", at=at, about_id=assignment.id)
        assignment.step, assignment.remind_at = TOLD_SOON, late_at
        return
    if assignment.step < TOLD_LATE:
        tell("training.late", to=assignment.person_id, key=f"training|late|{key}", at=at, about_id=assignment.id)
        assignment.step, assignment.remind_at = TOLD_LATE, work.next_working_moment(at + STILL_LATE)
    else:
        assignment.step, assignment.remind_at = TOLD_ALL, None
    about = f"training|team_late|{assignment.step}|{key}"
    tell_leader("training.team_late", assignment.person_id, key=about, about_id=assignment.id, at=at)


def _has_left(assignment: Assignment, at: datetime) -> bool:
    person = db.session.get_one(Person, assignment.person_id)
    return not person.works_on(at.date())
