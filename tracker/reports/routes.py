"""Reports over several packages: what staff think of customers’ experience, against what customers say."""

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock, sheets
from tracker.core.audience import Blueprint, members, viewer
from tracker.core.errors import Invalid, Refused
from tracker.reports import actions, perception_drawings, perception_exports, perception_sentences
from tracker.reports.perception import Stage
from tracker.reports.perception import perception as perceived
from tracker.reports.policy import reads_perception

bp = Blueprint("reports", __name__, url_prefix="/reports")

FIVE = "5"


@bp.get("/perception")
@members
def perception() -> ResponseReturnValue:
    five = request.args.get("happy") == FIVE
    stages = _stages(five=five)
    drawn = perception_drawings.drawn(stages, five=five)
    return render_template("reports/perception.html", stages=stages, drawn=drawn, five=five, words=perception_sentences)


@bp.post("/perception/exports")
@members
def export() -> ResponseReturnValue:
    """The page as a file. A POST, since the audit remembers it."""
    five, kind = request.form.get("happy") == FIVE, request.form.get("file", "")
    stages = _stages(five=five)
    if kind not in sheets.MEDIA_TYPES:
        raise Invalid(_("Choose an Excel file or a CSV file."))
    headings = perception_exports.headings(five=five)
    file, count = sheets.as_file(kind, _("Perception gap"), headings, perception_exports.lines(stages))
    actions.note_export(kind=kind, rows=count, by=viewer().person_id, at=clock.now())
    name = f"perception-gap-{viewer().today}.{kind}"
    return send_file(file, mimetype=sheets.MEDIA_TYPES[kind], as_attachment=True, download_name=name)


def _stages(*, five: bool) -> list[Stage]:
    if not reads_perception(viewer()):
        raise Refused(_("This is for who leads a team, and for HR."))
    return perceived(viewer(), five=five)
