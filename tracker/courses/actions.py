"""What may be done to a course: begun, written, published, retired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.courses.content import Content
from tracker.courses.faults import faults
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import current_version, draft_of

# What a draft takes over from the version before it.
KEPT = (
    "title", "summary", "language", "drivers", "pass_mark", "attempts", "certificate_months", "minutes", "content",
)  # fmt: skip


def begin_course(values: Mapping[str, Any], *, team_id: int | None, by: int, at: datetime) -> CourseVersion:
    """A new course with its first draft. `values` are columns of CourseVersion by name."""
    course = Course(team_id=team_id, made_by_id=by, made_at=at)
    db.session.add(course)
    db.session.flush()
    record("course.begun", by=by, about=course, at=at)
    return _add_draft(course, number=1, values=values, by=by, at=at)


def begin_draft(course: Course, *, by: int, at: datetime) -> CourseVersion:
    """The draft of a course: the one there is, else a copy of what it says today."""
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    if draft := draft_of(course.id):
        return draft
    current = current_version(course.id)
    if current is None:
        raise Conflict(_("There is nothing to change yet."))
    last = db.session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course.id)) or 0
    draft = _add_draft(course, number=last + 1, values={name: getattr(current, name) for name in KEPT}, by=by, at=at)
    record("course.changed", by=by, about=course, at=at, version=draft.number)
    return draft


def save_draft(draft: CourseVersion, values: Mapping[str, Any], *, revision: int, by: int, at: datetime) -> None:
    """Write something into a draft. Conflict when somebody else saved it since `revision`, or published it."""
    _lock(draft)
    if draft.published_at is not None:
        raise Conflict(_("This version was published meanwhile. Begin a new one."))
    if draft.revision != revision:
        raise Conflict(_("Somebody else saved this course meanwhile. Look at what it says now, and change it again."))
    for name, value in values.items():
        setattr(draft, name, value)
    draft.minutes = Content(draft.content).minutes
    draft.revision += 1
    draft.changed_at, draft.changed_by_id = at, by


def publish(draft: CourseVersion, *, reopens: bool, by: int, at: datetime) -> None:
    """Make a draft what the course says from now on. `reopens`: who finished an earlier version is to do this one too.

    Invalid with what is missing. The training package does what follows for people (training.publishing)."""
    db.session.execute(select(Course.id).where(Course.id == draft.course_id).with_for_update())
    _lock(draft)
    if draft.published_at is not None:
        raise Conflict(_("This version was published already."))
    if missing := faults(draft):
        raise Invalid(missing[0].sentence)
    if (current := current_version(draft.course_id)) is not None:
        current.superseded_at = at
        db.session.flush()  # before the new one is the current one: there is one at a time
    draft.published_at, draft.published_by_id, draft.reopens = at, by, reopens and draft.number > 1
    course = db.session.get_one(Course, draft.course_id)
    record("course.published", by=by, about=course, at=at, version=draft.number, reopens=draft.reopens)


def retire(course: Course, *, by: int, at: datetime) -> None:
    """Assigned to nobody any more; whoever has it open may finish it, and what was finished stays."""
    if course.retired_at is None:
        course.retired_at = at
        record("course.retired", by=by, about=course, at=at)


def resume(course: Course, *, by: int, at: datetime) -> None:
    if course.retired_at is not None:
        course.retired_at = None
        record("course.resumed", by=by, about=course, at=at)


def _lock(draft: CourseVersion) -> None:
    """Apart from the refresh: how the page loaded it may join what cannot be locked."""
    db.session.execute(select(CourseVersion.id).where(CourseVersion.id == draft.id).with_for_update())
    db.session.refresh(draft)


def _add_draft(course: Course, *, number: int, values: Mapping[str, Any], by: int, at: datetime) -> CourseVersion:
    draft = CourseVersion(course_id=course.id, number=number, changed_at=at, changed_by_id=by, **values)
    draft.minutes = Content(draft.content or {}).minutes
    db.session.add(draft)
    db.session.flush()
    return draft
