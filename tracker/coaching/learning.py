"""Training beside a talk: what the person has open or was given since, and courses that teach what low ratings name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from tracker.coaching.models import CoachingCase
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import Course, CourseVersion
from tracker.courses.policy import courses_read_by
from tracker.courses.queries import CURRENT
from tracker.training.certificate_models import Completion
from tracker.training.models import Assignment
from tracker.training.policy import assignments_read_by

DONE_LATELY = timedelta(days=365)
FITTING_SHOWN = 3


@dataclass(frozen=True)
class Given:
    """A course that the person has. `since`: it was given after the case was opened, and so belongs to what was agreed."""

    assignment: Assignment
    title: str
    minutes: int
    since: bool


@dataclass(frozen=True)
class Fitting:
    """A course that teaches `driver`."""

    course_id: int
    title: str
    minutes: int
    driver: str


def courses_given(case: CoachingCase, viewer: Viewer) -> list[Given]:
    """Open ones, and those given since the case was opened; what is due first on top."""
    rows = db.session.execute(
        assignments_read_by(viewer)
        .add_columns(CourseVersion.title, CourseVersion.minutes)
        .join(CourseVersion, and_(CourseVersion.course_id == Assignment.course_id, *CURRENT))
        .where(
            Assignment.person_id == case.person_id,
            or_(Assignment.ended_at.is_(None), Assignment.assigned_at >= case.opened_at),
        )
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    )
    return [
        Given(assignment, title, minutes, assignment.assigned_at >= case.opened_at)
        for assignment, title, minutes in rows
    ]


def courses_that_fit(
    drivers: Sequence[str], viewer: Viewer, *, person_id: int, given: Iterable[Given]
) -> list[Fitting]:
    """For each driver the course that is most about it: without what the person has open or finished within a year."""
    lately = (Completion.completed_on >= viewer.today - DONE_LATELY, Completion.ended_at.is_(None))
    done = db.session.scalars(select(Completion.course_id).where(Completion.person_id == person_id, *lately))
    passed_over = {one.assignment.course_id for one in given} | set(done)
    versions = [version for version in _taught(viewer) if version.course_id not in passed_over]
    found: dict[int, Fitting] = {}
    for driver in drivers:
        about = [version for version in versions if driver in version.drivers]
        best = min(about, key=lambda version: (len(version.drivers), version.minutes, version.title), default=None)
        if best is not None and best.course_id not in found:
            found[best.course_id] = Fitting(best.course_id, best.title, best.minutes, driver)
    return list(found.values())[:FITTING_SHOWN]


def due_after(today: date) -> date:
    """What is offered as the day: long enough for two shifts with some quiet time."""
    return today + timedelta(days=12)


def _taught(viewer: Viewer) -> Sequence[Any]:
    """(course_id, title, minutes, drivers) of every course that is taught; not their content, which is long."""
    readable = courses_read_by(viewer).where(Course.retired_at.is_(None)).with_only_columns(Course.id)
    told = (CourseVersion.course_id, CourseVersion.title, CourseVersion.minutes, CourseVersion.drivers)
    return db.session.execute(select(*told).where(CourseVersion.course_id.in_(readable), *CURRENT)).all()
