"""Reading courses and their versions."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.courses.models import Course, CourseVersion

CURRENT = (CourseVersion.published_at.is_not(None), CourseVersion.superseded_at.is_(None))


def current_version(course_id: int) -> CourseVersion | None:
    """What a course says today; None before it was published."""
    return db.session.scalar(select(CourseVersion).where(CourseVersion.course_id == course_id, *CURRENT))


def draft_of(course_id: int) -> CourseVersion | None:
    """The version that is being written; None when nobody began one."""
    draft = (CourseVersion.course_id == course_id, CourseVersion.published_at.is_(None))
    return db.session.scalar(select(CourseVersion).where(*draft))


def offered(courses: Select[Course]) -> Select[CourseVersion]:
    """The current versions of those courses of a scope that are taught today, by title."""
    taught = courses.where(Course.retired_at.is_(None)).with_only_columns(Course.id)
    return (
        select(CourseVersion)
        .where(CourseVersion.course_id.in_(taught), *CURRENT)
        .options(joinedload(CourseVersion.course).joinedload(Course.team))
        .order_by(CourseVersion.title, CourseVersion.course_id)
    )


def current_versions(course_ids: Iterable[int]) -> dict[int, CourseVersion]:
    """Course id -> its current version, of those that have one."""
    found = select(CourseVersion).where(CourseVersion.course_id.in_(set(course_ids)), *CURRENT)
    return {version.course_id: version for version in db.session.scalars(found)}
