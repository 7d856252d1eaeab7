"""Bringing in people from a file: choose it, look at what would happen, save."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import Blueprint, admins, checked_elsewhere, viewer
from tracker.core.db import reading
from tracker.core.errors import Invalid
from tracker.core.pages import notice
from tracker.intake.people import import_people, preview_people
from tracker.intake.tables import UnreadableFile
from tracker.intake.uploads import Upload, let_admins_send_large_files

bp = Blueprint("people_import", __name__, url_prefix="/people/import")
REJECTED_SHOWN = 200


@bp.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, _values: object) -> None:
    if endpoint == "people_import.upload":
        let_admins_send_large_files()


@bp.get("")
@admins
def choose() -> ResponseReturnValue:
    return render_template("intake/people_choose.html", problem=None)


@bp.post("")
@admins
def upload() -> ResponseReturnValue:
    """Keep the file and go to the preview, which can be loaded again as often as somebody likes."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return render_template("intake/people_choose.html", problem=_("Choose a file")), 422
    token = Upload.keep(file, viewer().person_id)
    try:
        with reading():  # nothing is written yet, so nobody waits for the lock meanwhile
            preview_people(Upload.path(token, viewer().person_id), by=viewer().person_id, at=clock.now())
    except (UnreadableFile, Invalid) as error:
        Upload.forget(token, viewer().person_id)
        return render_template("intake/people_choose.html", problem=error.sentence), 422
    return redirect(url_for(".check", token=token), 303)


@bp.get("/<token>")
@admins
def check(token: str) -> ResponseReturnValue:
    """What saving would do, worked out afresh: nothing is written."""
    checked_elsewhere()  # the token together with the uploader's id is the permission
    path = Upload.path(token, viewer().person_id)
    result = preview_people(path, by=viewer().person_id, at=clock.now())
    return render_template("intake/people_check.html", result=result, token=token, most=REJECTED_SHOWN)


@bp.post("/<token>")
@admins
def save(token: str) -> ResponseReturnValue:
    checked_elsewhere()
    path = Upload.path(token, viewer().person_id)
    result = import_people(path, by=viewer().person_id, at=clock.now())
    Upload.forget(token, viewer().person_id)
    if not result.rejected:
        notice(_("Saved: %(added)s new, %(updated)s changed.", added=result.added, updated=result.updated))
        return redirect(url_for("organisation.people"), 303)
    sentence = ngettext(
        "Saved: %(added)s new, %(updated)s changed. %(num)d row was left out; it stands below.",
        "Saved: %(added)s new, %(updated)s changed. %(num)d rows were left out; they stand below.",
        len(result.rejected),
        added=result.added,
        updated=result.updated,
    )
    return render_template("intake/people_saved.html", result=result, sentence=sentence, most=REJECTED_SHOWN)


@bp.post("/<token>/removal")
@admins
def forget(token: str) -> ResponseReturnValue:
    checked_elsewhere()
    Upload.forget(token, viewer().person_id)
    return redirect(url_for(".choose"), 303)
