"""Reports as files."""

from flask import request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, checked_elsewhere, members, viewer
from tracker.core.errors import Invalid
from tracker.reports import actions
from tracker.reports.known import contents_for, known
from tracker.reports.report_files import MEDIA_TYPES, as_file

bp = Blueprint("report_files", __name__, url_prefix="/reports")


@bp.post("/<name>/files")
@members
def take(name: str) -> ResponseReturnValue:
    """The page as a file. A POST, since the audit remembers it."""
    checked_elsewhere()
    found, kind = known(name), request.form.get("file", "")
    contents = contents_for(found, viewer(), request.form)
    if kind not in MEDIA_TYPES:
        raise Invalid(_("Choose an Excel file or CSV files."))
    if contents.month is None:
        raise Invalid(_("There is no month to read yet."))
    file, rows = as_file(kind, contents)
    month = f"{contents.month:%Y-%m}"
    actions.note_report_file(report=name, month=month, kind=kind, rows=rows, by=viewer().person_id, at=clock.now())
    return send_file(file, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=f"{name}-{month}.{kind}")
