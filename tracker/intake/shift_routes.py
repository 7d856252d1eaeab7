"""Bringing in shifts from a file: choose it, look at what would happen, save."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import Blueprint, checked_elsewhere, office, viewer
from tracker.core.db import reading
from tracker.core.errors import Invalid
from tracker.core.pages import notice
from tracker.intake.shifts import import_shifts, preview_shifts
from tracker.intake.tables import UnreadableFile
from tracker.intake.uploads import Upload

bp = Blueprint("shift_import", __name__, url_prefix="/posts/import")
REJECTED_SHOWN = 200


@bp.get("")
@office
def choose() -> ResponseReturnValue:
    return render_template("intake/shifts_choose.html", problem=None)


@bp.post("")
@office
def upload() -> ResponseReturnValue:
    """Keep the file and go to the preview, which can be loaded again as often as somebody likes."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return render_template("intake/shifts_choose.html", problem=_("Choose a file")), 422
    token = Upload.keep(file, viewer().person_id)
    try:
        with reading():  # nothing is written yet, so nobody waits for the lock meanwhile
            preview_shifts(Upload.path(token, viewer().person_id), by=viewer().person_id, at=clock.now())
    except (UnreadableFile, Invalid) as error:
        Upload.forget(token, viewer().person_id)
        return render_template("intake/shifts_choose.html", problem=error.sentence), 422
    return redirect(url_for(".check", token=token), 303)


@bp.get("/<token>")
@office
def check(token: str) -> ResponseReturnValue:
    """What saving would do, worked out afresh: nothing is written."""
    checked_elsewhere()  # the token together with the uploader's id is the permission
    path = Upload.path(token, viewer().person_id)
    result = preview_shifts(path, by=viewer().person_id, at=clock.now())
    return render_template("intake/shifts_check.html", result=result, token=token, most=REJECTED_SHOWN)


@bp.post("/<token>")
@office
def save(token: str) -> ResponseReturnValue:
    checked_elsewhere()
    path = Upload.path(token, viewer().person_id)
    result = import_shifts(path, by=viewer().person_id, at=clock.now())
    Upload.forget(token, viewer().person_id)
    if not result.rejected:
        notice(_("Saved: %(added)s new, %(corrected)s corrected.", added=result.added, corrected=result.corrected))
        return redirect(url_for("posts.posts"), 303)
    sentence = ngettext(
        "Saved: %(added)s new, %(corrected)s corrected. %(num)d row was left out; it stands below.",
        "Saved: %(added)s new, %(corrected)s corrected. %(num)d rows were left out; they stand below.",
        len(result.rejected),
        added=result.added,
        corrected=result.corrected,
    )
    return render_template("intake/shifts_saved.html", result=result, sentence=sentence, most=REJECTED_SHOWN)


@bp.post("/<token>/removal")
@office
def forget(token: str) -> ResponseReturnValue:
    checked_elsewhere()
    Upload.forget(token, viewer().person_id)
    return redirect(url_for(".choose"), 303)
