"""Who reads and who writes a course: everybody reads what is published; a team's own is written by who leads it, all by HR and admins."""

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import Course, CourseFile, CourseVersion
from tracker.organisation.models import Team
from tracker.organisation.policy import by_role, cell, teams_led_by


def courses_edited_by(viewer: Viewer) -> Select[Course]:
    return select(Course).where(_edited_by(viewer))


def courses_read_by(viewer: Viewer) -> Select[Course]:
    """Those with a published version, retired ones too: whoever did one may look into it. And those that the viewer writes."""
    is_published = Course.id.in_(select(CourseVersion.course_id).where(CourseVersion.published_at.is_not(None)))
    return select(Course).where(
        or_(is_published if cell("course.read", "peer") == "A" else false(), _edited_by(viewer))
    )


def drafts_edited_by(viewer: Viewer) -> Select[CourseVersion]:
    """Versions that are still being written."""
    edited = courses_edited_by(viewer).with_only_columns(Course.id)
    return select(CourseVersion).where(CourseVersion.course_id.in_(edited), CourseVersion.published_at.is_(None))


def files_read_by(viewer: Viewer) -> Select[CourseFile]:
    """The files of the courses that the viewer reads."""
    return select(CourseFile).where(CourseFile.course_id.in_(courses_read_by(viewer).with_only_columns(Course.id)))


def files_edited_by(viewer: Viewer) -> Select[CourseFile]:
    return select(CourseFile).where(CourseFile.course_id.in_(courses_edited_by(viewer).with_only_columns(Course.id)))


def teams_written_for_by(viewer: Viewer) -> Select[Team]:
    """Whose own courses the viewer may begin."""
    teams = select(Team).where(Team.closed_on.is_(None)).order_by(Team.name, Team.id)
    if writes_for_all(viewer):
        return teams
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    return teams.where(Team.id.in_(led) if cell("course.edit", "mgr_now") == "A" else false())


def may_write(viewer: Viewer, course_id: int) -> bool:
    return (
        db.session.scalar(courses_edited_by(viewer).with_only_columns(Course.id).where(Course.id == course_id))
        is not None
    )


def begins_courses(viewer: Viewer) -> bool:
    """Whether there is anybody at all whom the viewer may write a course for."""
    return writes_for_all(viewer) or db.session.scalar(teams_written_for_by(viewer).limit(1)) is not None


def writes_for_all(viewer: Viewer) -> bool:
    """Whether the viewer may begin a course of the whole company."""
    return by_role("course.edit", viewer)


def _edited_by(viewer: Viewer) -> ColumnElement[bool]:
    if writes_for_all(viewer):
        return true()
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    return Course.team_id.in_(led) if cell("course.edit", "mgr_now") == "A" else false()
