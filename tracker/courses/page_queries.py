"""Lists of courses, ready to show."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import CURRENT
from tracker.organisation.models import Person, Team

WITH_COURSE = joinedload(CourseVersion.course).joinedload(Course.team)


@dataclass(frozen=True)
class Described:
    """A course with what it says today (None: not published yet) and its draft (None: nobody is writing)."""

    course: Course
    current: CourseVersion | None
    draft: CourseVersion | None

    @property
    def shown(self) -> CourseVersion:
        """What stands for it on a page."""
        found = self.current or self.draft
        if found is None:  # a course is begun with its draft
            raise LookupError(f"course {self.course.id} says nothing")
        return found


def described(course: Course) -> Described:
    open_ones = select(CourseVersion).where(CourseVersion.course_id == course.id, CourseVersion.superseded_at.is_(None))
    found = list(db.session.scalars(open_ones.options(WITH_COURSE, joinedload(CourseVersion.changed_by))))
    current = next((version for version in found if version.published_at), None)
    return Described(course, current, next((version for version in found if not version.published_at), None))


def with_team(courses: Select[Course]) -> Select[Course]:
    return courses.options(joinedload(Course.team))


def owners_listed(teams: Select[Team]) -> list[tuple[int, str]]:
    """(id, name) of the teams of a scope."""
    return [(team.id, team.name) for team in db.session.scalars(teams)]


def drafts_listed(drafts: Select[CourseVersion]) -> list[CourseVersion]:
    """Drafts of a scope, those changed last first."""
    listed = drafts.options(WITH_COURSE, joinedload(CourseVersion.changed_by))
    return list(db.session.scalars(listed.order_by(CourseVersion.changed_at.desc(), CourseVersion.id)))


def retired_listed(courses: Select[Course]) -> list[CourseVersion]:
    """The current versions of the retired courses of a scope, by title."""
    ids = courses.where(Course.retired_at.is_not(None)).with_only_columns(Course.id)
    found = select(CourseVersion).where(CourseVersion.course_id.in_(ids), *CURRENT).options(WITH_COURSE)
    return list(db.session.scalars(found.order_by(CourseVersion.title, CourseVersion.course_id)))


def versions_listed(course_id: int) -> list[Any]:
    """(version, who published it or None) of all that were published, newest first."""
    found = (
        select(CourseVersion, Person.name)
        .outerjoin(Person, Person.id == CourseVersion.published_by_id)
        .where(CourseVersion.course_id == course_id, CourseVersion.published_at.is_not(None))
        .order_by(CourseVersion.number.desc())
    )
    return list(db.session.execute(found))


def with_questions(courses: Select[Course]) -> list[CourseVersion]:
    """The current versions of a scope's courses, by title, to take questions from."""
    ids = courses.with_only_columns(Course.id)
    found = select(CourseVersion).where(CourseVersion.course_id.in_(ids), *CURRENT)
    return [
        version
        for version in db.session.scalars(found.order_by(CourseVersion.title, CourseVersion.course_id))
        if any(lesson.get("questions") for lesson in version.content.get("lessons", ()))
    ]
