"""Files of a course: brought in, listed, taken out, and served to whoever reads the course."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.pages import notice
from tracker.courses import files, policy, sentences
from tracker.courses.blueprint import bp
from tracker.courses.forms import FileForm
from tracker.courses.models import Course, CourseFile
from tracker.courses.opening import course_to_write
from tracker.courses.page_queries import described
from tracker.courses.serving import file_response

GROUPS = ("picture", "film", "pdf", "package")


@bp.get("/courses/<int:id>/files")
@members
def list_files(id: int) -> ResponseReturnValue:
    return _files_page(course_to_write(id), FileForm(formdata=None))


@bp.post("/courses/<int:id>/files")
@members
def add_file(id: int) -> ResponseReturnValue:
    course, form = course_to_write(id), FileForm()
    sent = form.file.data
    if not sent or not sent.filename:
        form.file.errors = [_("Choose a file")]
        return _files_page(course, form), 422
    try:
        file = files.add_file(
            id, files.Sent(sent.stream, sent.filename), groups=GROUPS, by=viewer().person_id, at=clock.now()
        )
    except DomainError as error:
        db.session.rollback()
        form.file.errors = [error.sentence]
        return _files_page(course_to_write(id), form), int(error.status)
    notice(_("“%(name)s” is brought in.", name=file.name))
    return redirect(url_for(".list_files", id=id), 303)


@bp.post("/courses/files/<token>/removal")
@members
def remove_file(token: str) -> ResponseReturnValue:
    file: CourseFile = find_or_404(policy.files_edited_by(viewer()).filter_by(token=token))
    id, name = file.course_id, file.name
    files.remove_file(file, by=viewer().person_id, at=clock.now())
    notice(_("“%(name)s” is taken out.", name=name))
    return redirect(url_for(".list_files", id=id), 303)


@bp.get("/courses/files/<token>")
@members
def file(token: str) -> ResponseReturnValue:
    found: CourseFile = find_or_404(policy.files_read_by(viewer()).filter_by(token=token))
    return file_response(found)


def _files_page(course: Course, form: FileForm) -> str:
    return render_template(
        "courses/files.html",
        course=course,
        version=described(course).shown,
        whole=described(course),
        files=files.files_of(course.id),
        used=files.used_names(course.id),
        total=files.bytes_of(course.id),
        form=form,
        words=sentences,
    )
