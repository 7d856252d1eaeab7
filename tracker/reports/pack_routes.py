"""The works-council pack: a page for HR and admins to hand on, on paper and as a file."""

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock, sheets
from tracker.core.audience import Blueprint, office, viewer
from tracker.core.errors import Invalid, Refused
from tracker.organisation.policy import by_role
from tracker.reports import actions, pack_exports, pack_rights
from tracker.reports.pack import pack_of, today_here
from tracker.reports.pack_forms import PeriodForm
from tracker.reports.pack_log import kinds_known
from tracker.reports.pack_sentences import in_short
from tracker.statistics.disclosure import SMALLEST_GROUP

bp = Blueprint("works_council", __name__, url_prefix="/reports/works-council")


@bp.get("")
@office
def pack() -> ResponseReturnValue:
    """`?until=` the last month of the log as 2026-10, `?months=` how many."""
    at, form = clock.now(), _period(request.args)
    shown = pack_of(form.chosen(), at=at)
    words = {"relations": pack_rights.RELATIONS, "meanings": pack_rights.MEANINGS, "right": pack_rights.right}
    words["in_short"] = in_short(shown)
    page = render_template(
        "reports/pack.html", pack=shown, form=form, at=at, fewest=SMALLEST_GROUP, kinds_known=kinds_known(), **words
    )
    return page, 422 if form.errors else 200


@bp.post("/exports")
@office
def export() -> ResponseReturnValue:
    """The same as a file. A POST, since the audit remembers it."""
    at, form, kind = clock.now(), _period(request.form), request.form.get("file", "")
    months = form.chosen()
    if kind not in sheets.MEDIA_TYPES or form.errors:
        raise Invalid(_("Choose an Excel file or a CSV file, and months from the list."))
    file, count = pack_exports.as_file(kind, pack_of(months, at=at))
    actions.note_pack(kind=kind, rows=count, by=viewer().person_id, at=at)
    name = f"works-council-pack-{viewer().today}.{kind}"
    return send_file(file, mimetype=sheets.MEDIA_TYPES[kind], as_attachment=True, download_name=name)


def _period(asked: object) -> PeriodForm:
    if not by_role("works_council_pack.read", viewer()):
        raise Refused(_("The pack is for HR and administrators, who hand it on."))
    return PeriodForm(today_here(clock.now()), formdata=asked)
