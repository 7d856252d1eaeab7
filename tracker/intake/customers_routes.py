"""Customers to ask, from a file: chosen and planned in one step, for nothing goes out within the hour."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import admins, viewer
from tracker.core.errors import Invalid, Refused
from tracker.intake.blueprint import bp
from tracker.intake.customers_file import MOST_ROWS, import_customers
from tracker.intake.tables import UnreadableFile
from tracker.intake.uploads import Upload
from tracker.invitations.policy import may_create_invitations
from tracker.invitations.sentences import reason_words


@bp.get("/invitations/import")
@admins
def choose_customers() -> ResponseReturnValue:
    return _page()


@bp.post("/invitations/import")
@admins
def take_customers() -> ResponseReturnValue:
    """The file is deleted with the answer, for it holds addresses."""
    file = request.files.get("file")
    if not may_create_invitations(viewer()):
        raise Refused(_("Files of customers are brought in by admins."))
    if file is None or not file.filename:
        return _page(_("Choose a file")), 422
    token, owner = Upload.keep(file, viewer().person_id), viewer().person_id
    try:
        result = import_customers(Upload.path(token, owner), by=owner, at=clock.now())
    except (UnreadableFile, Invalid) as error:
        return _page(error.sentence), 422
    finally:
        Upload.forget(token, owner)
    return render_template("intake/customers_saved.html", result=result, reason_words=reason_words)


def _page(problem: str | None = None) -> str:
    return render_template("intake/customers_choose.html", problem=problem, most=MOST_ROWS)
