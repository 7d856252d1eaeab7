"""Giving somebody a course, moving its day, and taking it off again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from tracker.audit.actions import record
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid
from tracker.courses.models import Course
from tracker.courses.queries import current_version
from tracker.notifications.actions import Told, tell, tell_all
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of, calendars
from tracker.training.models import Assignment

REMINDED_BEFORE = timedelta(days=2)
MANY_OPEN = 2  # whoever has so many gets another only knowingly
BATCH = 1_000


@dataclass(frozen=True)
class Task:
    """What is assigned, and why. `rating_id` and `driver` say what it came from; `words` are for the learner."""

    course_id: int
    why: str
    due_on: date
    words: str | None = None
    is_paid: bool = True
    rating_id: int | None = None
    driver: str | None = None


def assign_course(task: Task, people: Iterable[int], *, by: int, at: datetime) -> list[int]:
    """Give a course to these people; the ids of those who got it. Whoever has it open already keeps what they have."""
    if current_version(task.course_id) is None:
        raise Invalid(_("This course is not published yet."))
    if db.session.get_one(Course, task.course_id).retired_at is not None:
        raise Invalid(_("This course is retired: nobody is given it any more."))
    wanted = sorted(set(people))
    given: list[int] = []
    for start in range(0, len(wanted), BATCH):
        rows = [{**_row(task, at), "person_id": person, "by_id": by} for person in wanted[start : start + BATCH]]
        given += insert_assignments(rows, at=at)
    for person in given:
        record("training.assigned", by=by, about="assignment", person=person, at=at, course=task.course_id)
    return given


def insert_assignments(rows: Sequence[Mapping[str, Any]], *, at: datetime) -> list[int]:
    """Store assignments in one go and tell everybody; ids of the people who got one. One open a person and course.

    A rule's row carries `rule_id` and `cause`: the same cause never gives a second one."""
    if not rows:
        return []
    works = calendars([row["person_id"] for row in rows], at.date())
    ready = [{**row, "remind_at": first_reminder(row["due_on"], works[row["person_id"]], at)} for row in rows]
    inserted = upsert(Assignment).on_conflict_do_nothing().returning(Assignment.id, Assignment.person_id)
    made = db.session.execute(inserted, ready).all()
    messages = [
        Told(
            "training.assigned",
            person,
            f"training|assigned|{id}",
            works[person].next_working_moment(at),
            {},
            about_id=id,
        )
        for id, person in made
    ]
    tell_all(messages, at=at)
    return [person for _id, person in made]


def first_reminder(due_on: date | None, work: WorkCalendar, at: datetime) -> datetime | None:
    """The working morning two days before it is due; where that is over or too close, the first morning after it."""
    if due_on is None:
        return None
    before = work.morning_of(work.next_working_day(due_on - REMINDED_BEFORE))
    return before if at < before < work.morning_of(due_on) else overdue_from(due_on, work)


def overdue_from(due_on: date, work: WorkCalendar) -> datetime:
    """The first working morning after the day it was due."""
    return work.morning_of(work.next_working_day(due_on + timedelta(days=1)))


def move_due(assignment: Assignment, due_on: date, *, by: int, at: datetime) -> None:
    """Another day. Reminders begin anew."""
    _lock(assignment)
    work = calendar_of(assignment.person_id, at.date())
    assignment.due_on, assignment.step = due_on, 0
    assignment.remind_at = first_reminder(due_on, work, at)
    record("training.moved", by=by, about=assignment, person=assignment.person_id, at=at)


def waive(assignment: Assignment, reason: str, *, by: int, at: datetime) -> None:
    """The learner need not do it, and hears why."""
    _lock(assignment)
    _end(assignment, "waived", reason=reason, by=by, at=at)
    record("training.waived", by=by, about=assignment, person=assignment.person_id, at=at)
    key = f"training|waived|{assignment.id}"
    tell("training.waived", to=assignment.person_id, key=key, at=at, about_id=assignment.id)


def withdraw(assignment: Assignment, *, at: datetime) -> None:
    """What a rule gave and what holds no more, because the person has moved or left."""
    _end(assignment, "withdrawn", reason=None, by=None, at=at)
    record("training.withdrawn", by=None, about=assignment, person=assignment.person_id, at=at)
    key = f"training|withdrawn|{assignment.id}"
    tell("training.withdrawn", to=assignment.person_id, key=key, at=at, about_id=assignment.id)


def open_counts(people: Iterable[int] | None = None) -> dict[int, int]:
    """Person id -> how many courses are open, of those who have any."""
    counted = select(Assignment.person_id, func.count()).where(Assignment.ended_at.is_(None))
    if people is not None:
        counted = counted.where(Assignment.person_id.in_(set(people)))
    return dict(db.session.execute(counted.group_by(Assignment.person_id)).all())


def open_of(course_id: int) -> Select[Assignment]:
    """Of one course, whoever has it."""
    return select(Assignment).where(Assignment.course_id == course_id, Assignment.ended_at.is_(None))


def may_waive(scope: Select[Assignment], id: int) -> bool:
    return db.session.scalar(scope.where(Assignment.id == id).with_only_columns(Assignment.id)) is not None


def laden(people: Iterable[int], course_id: int) -> list[str]:
    """Names of those who have so many courses open that another needs a second thought, by name. Who has this one gets none."""
    has_it = set(db.session.scalars(open_of(course_id).with_only_columns(Assignment.person_id)))
    many = [id for id, count in open_counts(people).items() if count >= MANY_OPEN and id not in has_it]
    return list(db.session.scalars(select(Person.name).where(Person.id.in_(many)).order_by(Person.name)))


def _row(task: Task, at: datetime) -> dict[str, Any]:
    return {**vars(task), "assigned_at": at, "step": 0}


def _lock(assignment: Assignment) -> None:
    db.session.refresh(assignment, with_for_update={"of": Assignment})
    if assignment.ended_at is not None:
        raise Conflict(_("This has ended meanwhile."))


def _end(assignment: Assignment, outcome: str, *, reason: str | None, by: int | None, at: datetime) -> None:
    assignment.ended_at, assignment.outcome, assignment.reason = at, outcome, reason
    assignment.ended_by_id, assignment.remind_at = by, None
