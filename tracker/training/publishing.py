"""A version is published: what becomes of those who are at the course, and of those who had finished it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from tracker.audit.actions import record
from tracker.core.clock import WorkCalendar, local_day
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.courses.actions import publish
from tracker.courses.models import Course, CourseVersion
from tracker.notifications.actions import Told, tell_all
from tracker.organisation.models import Person
from tracker.organisation.queries import calendars, still_here
from tracker.training.assigning import first_reminder
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.learning_models import CourseRun
from tracker.training.models import OPEN, Assignment

REOPENED = "training.reopened"
People = Select[int] | None  # their ids; None = everybody
BATCH = 5_000  # ids in one statement: both databases take more


def publish_version(
    draft: CourseVersion,
    *,
    reopens: bool,
    days: int | None,
    words: str | None,
    by: int,
    at: datetime,
    among: People = None,
    revision: int | None = None,
) -> int:
    """Publish a draft; how many people do the course once more.

    `reopens`: who finished an earlier version does this one within `days`, and whoever is at one starts again. Else open runs go on
    in their own version. `among`: whom it may concern; a leader ends nothing of people whom somebody else leads. Conflict when the
    draft was saved again since `revision`, which whoever publishes has seen."""
    publish(draft, reopens=reopens, by=by, at=at)
    if revision is not None and draft.revision != revision:
        raise Conflict(_("Somebody else saved this course meanwhile. Look at what it says now, then publish it."))
    if not draft.reopens:
        return 0
    course = db.session.get_one(Course, draft.course_id)
    if course.retired_at is not None:
        raise Conflict(_("This course is retired, so nobody can be given it again. Offer it again first."))
    started = _replace_runs(draft, among, at=at)
    finished = _end_completions(course.id, among, at=at)
    here = _still_here({*started, *finished}, at)
    _end_certificates(course.id, calendars(finished, at.date()), at=at)
    due = {
        person: local_day(at, here[person].zone) + timedelta(days=days or 0)
        for person in sorted(finished & here.keys())
    }
    _assign(course.id, due, here, words=words, by=by, at=at)
    due = _days_had(course.id, due)
    _tell(draft, here, due, at=at)
    record("training.reopened", by=by, about=course, at=at, version=draft.number, people=len(due))
    return len(due)


def concerned(course_id: int, day: date, among: People = None) -> int:
    """How many people, still here, have finished a course in a version that stands."""
    standing = _standing(course_id, day).where(*_of(Completion.person_id, among))
    return db.session.scalar(select(func.count()).select_from(standing.subquery())) or 0


def at_it(course_id: int, among: People = None) -> int:
    """How many people are in the middle of a course."""
    running = select(func.count()).where(CourseRun.course_id == course_id, CourseRun.ended_at.is_(None))
    return db.session.scalar(running.where(*_of(CourseRun.person_id, among))) or 0


def _of(person_id: InstrumentedAttribute[int], among: People) -> list[ColumnElement[bool]]:
    return [] if among is None else [person_id.in_(among)]


def _standing(course_id: int, day: date) -> Select[int]:
    finished = select(Completion.person_id).join(Person, Person.id == Completion.person_id)
    return still_here(finished.where(Completion.course_id == course_id, Completion.ended_at.is_(None)), day).distinct()


def _replace_runs(draft: CourseVersion, among: People, *, at: datetime) -> set[int]:
    """End the runs of earlier versions, those without a go left too; who was at it or is asked to be. A run that is being
    finished at this moment is waited for, and is finished."""
    older = (
        CourseRun.course_id == draft.course_id,
        CourseRun.version_id != draft.id,
        or_(CourseRun.ended_at.is_(None), CourseRun.outcome == "failed"),
    )
    ending = update(CourseRun).where(*older, *_of(CourseRun.person_id, among))
    failed = select(CourseRun.person_id).where(*older, CourseRun.outcome == "failed")
    without_a_go = set(db.session.scalars(failed))
    replaced = ending.values(ended_at=at, outcome="replaced").returning(CourseRun.person_id)
    started = set(db.session.scalars(replaced))
    # Somebody may be proving at this moment that they learned it elsewhere: they hold the assignment.
    held = select(Assignment.person_id).where(Assignment.course_id == draft.course_id, Assignment.ended_at.is_(None))
    asked = set(db.session.scalars(held.order_by(Assignment.id).with_for_update()))
    return started - (without_a_go - asked)


def _end_completions(course_id: int, among: People, *, at: datetime) -> set[int]:
    """End what stands of a course; whose it was."""
    standing = (Completion.course_id == course_id, Completion.ended_at.is_(None), *_of(Completion.person_id, among))
    ending = update(Completion).where(*standing).values(ended_at=at).returning(Completion.person_id)
    return set(db.session.scalars(ending))


def _still_here(people: Collection[int], at: datetime) -> Mapping[int, WorkCalendar]:
    """The calendars of those who have not left, each by their own day."""
    found = calendars(people, at.date())
    left: dict[int, date] = {}
    for ids in _batches(people):
        ended = select(Person.id, Person.ended_on).where(Person.id.in_(ids))
        left |= {person: day for person, day in db.session.execute(ended) if day is not None}
    return {
        person: calendar
        for person, calendar in found.items()
        if person not in left or local_day(at, calendar.zone) < left[person]
    }


def _end_certificates(course_id: int, finished: Mapping[int, WorkCalendar], *, at: datetime) -> None:
    """The papers of a course end, for each person on their own day; those that were over or replaced before stay as they were."""
    people_by_day: dict[date, list[int]] = defaultdict(list)
    for person, calendar in finished.items():
        people_by_day[local_day(at, calendar.zone)].append(person)
    for day, people in people_by_day.items():
        for ids in _batches(people):
            valid = (
                Certificate.course_id == course_id,
                Certificate.person_id.in_(ids),
                Certificate.ended_on.is_(None),
                Certificate.renewed_by_id.is_(None),
                or_(Certificate.expires_on.is_(None), Certificate.expires_on > day),
            )
            db.session.execute(update(Certificate).where(*valid).values(ended_on=day, remind_on=None))


def _assign(
    course_id: int,
    due: Mapping[int, date],
    here: Mapping[int, WorkCalendar],
    *,
    words: str | None,
    by: int,
    at: datetime,
) -> None:
    """One open assignment for each. Whoever has one gets its day, unless theirs is earlier; a day always comes with its reminders."""
    common = {"course_id": course_id, "by_id": by, "why": "version", "words": words, "assigned_at": at, "step": 0}
    rows = [
        {
            **common,
            "person_id": person,
            "due_on": day,
            "remind_at": first_reminder(day, here[person], at),
            "is_paid": True,
        }
        for person, day in due.items()
    ]
    if not rows:
        return
    made = upsert(Assignment)
    is_open = {"index_elements": ["person_id", "course_id"], "index_where": OPEN}
    taken = ("why", "words", "by_id", "due_on", "remind_at", "step", "is_paid")
    later = or_(Assignment.due_on.is_(None), Assignment.due_on > made.excluded.due_on)
    again = made.on_conflict_do_update(**is_open, set_={name: made.excluded[name] for name in taken}, where=later)
    db.session.execute(again, rows)


def _days_had(course_id: int, due: Iterable[int]) -> dict[int, date]:
    """The day that each of these people has now."""
    days: dict[int, date] = {}
    for ids in _batches(due):
        theirs = (Assignment.course_id == course_id, Assignment.person_id.in_(ids), Assignment.ended_at.is_(None))
        rows = db.session.execute(select(Assignment.person_id, Assignment.due_on).where(*theirs))
        days |= {person: day for person, day in rows if day is not None}
    return days


def _tell(draft: CourseVersion, here: Mapping[int, WorkCalendar], due: Mapping[int, date], *, at: datetime) -> None:
    told = [
        Told(
            REOPENED,
            person,
            f"{REOPENED}:{draft.id}:{person}",
            calendar.next_working_moment(at),
            {"version": draft.id, "due": due[person].isoformat() if person in due else None},
            about_id=draft.course_id,
        )
        for person, calendar in here.items()
    ]
    tell_all(told, at=at)


def _batches(people: Iterable[int]) -> Iterable[list[int]]:
    ids = sorted(people)
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
