"""A course or its draft for whoever may write it; what every page of the editor begins with."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, viewer, viewer_or_none
from tracker.core.db import reading
from tracker.core.errors import Conflict, DomainError, Refused
from tracker.courses import actions
from tracker.courses.content import Content, Lesson
from tracker.courses.file_kinds import MEGABYTE, MOST_BYTES, MOST_COURSE_BYTES
from tracker.courses.forms import RevisionForm
from tracker.courses.models import Course, CourseVersion
from tracker.courses.page_queries import described, with_team
from tracker.courses.policy import begins_courses, courses_read_by, may_write
from tracker.courses.queries import draft_of


def course_to_write(id: int) -> Course:
    """404 for whoever does not see it, 403 for whoever only reads it."""
    course: Course = find_or_404(with_team(courses_read_by(viewer())), id)
    if not may_write(viewer(), id):
        raise Refused(_("This course is written by somebody else. You can read it, and you can’t change it."))
    return course


def draft_to_write(id: int) -> CourseVersion:
    draft = described(course_to_write(id)).draft
    if draft is None:
        raise Conflict(_("Nobody is changing this course just now. Begin on its page."))
    return draft


def lesson_to_write(id: int, key: str) -> tuple[CourseVersion, Lesson]:
    draft = draft_to_write(id)
    return draft, Content(draft.content).lesson(key) or abort(404)


def stored_lesson(version: CourseVersion, key: str) -> Mapping[str, Any]:
    """A lesson as the version keeps it."""
    found: Mapping[str, Any] = next(lesson for lesson in version.content["lessons"] if lesson["key"] == key)
    return found


def save(draft: CourseVersion, values: Mapping[str, Any], form: RevisionForm) -> None:
    actions.save_draft(draft, values, revision=form.known_revision, by=viewer().person_id, at=clock.now())


def told(form: RevisionForm, error: DomainError, id: int) -> None:
    """Show the form again with what was typed and what is in its way; saved once more, it replaces what somebody else wrote."""
    form.form_errors = [error.sentence]
    draft = draft_of(id)
    form.revision.data = str(draft.revision) if draft else ""


def let_authors_send_large_files(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """Before anything reads the body: films are larger than forms. Everybody else keeps the small limit."""
    if endpoint not in {"courses.save_lesson", "courses.add_file", "courses.import_course"} or request.method != "POST":
        return
    with reading():
        person = viewer_or_none()
        if person is None:
            return
        if endpoint == "courses.import_course" and begins_courses(person):
            request.max_content_length = MOST_COURSE_BYTES + MEGABYTE
        elif endpoint != "courses.import_course" and may_write(person, (values or {})["id"]):
            request.max_content_length = MOST_BYTES + MEGABYTE
