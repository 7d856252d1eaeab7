"""Bringing in public reviews from a file: choose it, look at what would happen, save."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import Blueprint, admins, checked_elsewhere, viewer
from tracker.core.db import reading
from tracker.core.errors import Invalid, Refused
from tracker.core.pages import notice
from tracker.intake.review_file import checked_source, import_reviews, preview_reviews
from tracker.intake.tables import UnreadableFile
from tracker.intake.uploads import Upload
from tracker.reviews.policy import may_bring_in

bp = Blueprint("review_import", __name__, url_prefix="/reviews/import")
REJECTED_SHOWN = 200


@bp.get("")
@admins
def choose() -> ResponseReturnValue:
    _refuse_others()
    return render_template("intake/reviews_choose.html", problem=None, source="")


@bp.post("")
@admins
def upload() -> ResponseReturnValue:
    """Keep the file and go to the preview, which can be loaded again as often as somebody likes."""
    _refuse_others()
    file, source = request.files.get("file"), request.form.get("source", "")
    if file is None or not file.filename:
        return _again(_("Choose a file"), source)
    owner = viewer().person_id
    token = Upload.keep(file, owner)
    try:
        name = checked_source(source)
        with reading():  # nothing is written yet, so nobody waits for the lock meanwhile
            preview_reviews(Upload.path(token, owner), source=name, at=clock.now())
    except (UnreadableFile, Invalid) as error:
        Upload.forget(token, owner)
        return _again(error.sentence, source)
    return redirect(url_for(".check", token=token, source=name), 303)


@bp.get("/<token>")
@admins
def check(token: str) -> ResponseReturnValue:
    """What saving would do, worked out afresh: nothing is written."""
    _refuse_others()
    checked_elsewhere()  # the token together with the uploader's id is the permission
    path = Upload.path(token, viewer().person_id)
    source = checked_source(request.args.get("source"))
    result = preview_reviews(path, source=source, at=clock.now())
    shown = {"result": result, "token": token, "source": source, "most": REJECTED_SHOWN}
    return render_template("intake/reviews_check.html", **shown)


@bp.post("/<token>")
@admins
def save(token: str) -> ResponseReturnValue:
    _refuse_others()
    checked_elsewhere()
    path = Upload.path(token, viewer().person_id)
    source = checked_source(request.form.get("source"))
    result = import_reviews(path, source=source, by=viewer().person_id, at=clock.now())
    Upload.forget(token, viewer().person_id)
    sentence = ngettext(
        "Saved: %(added)s new, %(changed)s worded anew. %(num)d row was left out.",
        "Saved: %(added)s new, %(changed)s worded anew. %(num)d rows were left out.",
        len(result.rejected),
        added=result.added,
        changed=result.changed,
    )
    notice(sentence)
    return redirect(url_for("reviews.tray"), 303)


@bp.post("/<token>/removal")
@admins
def forget(token: str) -> ResponseReturnValue:
    _refuse_others()
    checked_elsewhere()
    Upload.forget(token, viewer().person_id)
    return redirect(url_for(".choose"), 303)


def _refuse_others() -> None:
    if not may_bring_in(viewer()):
        raise Refused(_("Reviews from a file are brought in by admins."))


def _again(problem: str, source: str) -> ResponseReturnValue:
    return render_template("intake/reviews_choose.html", problem=problem, source=source), 422
