"""A whole course as one file: taken out, and brought in as a new course’s draft."""

from collections.abc import Iterator
from typing import BinaryIO

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import members, viewer
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.core.pages import notice
from tracker.courses.blueprint import bp
from tracker.courses.catalogue_routes import offer_owners
from tracker.courses.file_kinds import PART_BYTES
from tracker.courses.forms import ImportForm
from tracker.courses.keys import key_from
from tracker.courses.opening import course_to_write
from tracker.courses.page_queries import described
from tracker.courses.transfer import exported, read_zip, write


@bp.get("/courses/<int:id>/export")
@members
def export_course(id: int) -> ResponseReturnValue:
    """What the course says today, or its draft: `?draft=1`, and before it was published for the first time."""
    whole = described(course_to_write(id))
    version = whole.draft if whole.draft and request.args.get("draft") else whole.shown
    course = exported(version)
    name = key_from(str(course.course["title"]), taken=(), otherwise="course")
    response = Response(_parts(write(course)), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


@bp.get("/courses/import")
@members
def choose_import() -> ResponseReturnValue:
    return _import_page(offer_owners(ImportForm(formdata=None)))


@bp.post("/courses/import")
@members
def import_course() -> ResponseReturnValue:
    form = offer_owners(ImportForm())
    sent = form.file.data
    if not sent or not sent.filename:
        form.validate()
        form.file.errors = [_("Choose a file")]
        return _import_page(form), 422
    if not form.validate():
        return _import_page(form), 422
    try:
        draft = read_zip(sent.stream, team_id=form.team.data, by=viewer().person_id, at=clock.now())
    except Invalid as error:
        db.session.rollback()
        form.file.errors = [error.sentence]
        return _import_page(form), int(error.status)
    notice(_("The course is brought in as a draft. Look through it, then publish it."))
    return redirect(url_for(".draft", id=draft.course_id), 303)


def _parts(archive: BinaryIO) -> Iterator[bytes]:
    with archive:
        while part := archive.read(PART_BYTES):
            yield part


def _import_page(form: ImportForm) -> str:
    return render_template("courses/import.html", form=form)
