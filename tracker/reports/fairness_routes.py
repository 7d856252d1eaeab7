"""The fairness audit, for HR: whether the weekly check treats groups of people alike."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.core.audience import Blueprint, members, viewer
from tracker.core.errors import Refused
from tracker.core.unchanged import unless_unchanged
from tracker.reports.contents import about_company
from tracker.reports.fairness_page import fairness_report
from tracker.reports.known import known
from tracker.reports.ways import ways_of

bp = Blueprint("fairness", __name__, url_prefix="/reports/fairness")


@bp.get("")
@members
def fairness() -> ResponseReturnValue:
    found = known("fairness")
    if not found.may_read(viewer()):
        raise Refused(found.readers())
    report = fairness_report(request.args.get("month"), at=viewer().at)

    def page() -> str:
        month = report.year.month if report.year else None
        ways = ways_of(found, viewer(), request.args, month=month, months=report.months)
        about = about_company(report)
        return render_template("reports/fairness.html", report=report, title=found.title(), about=about, ways=ways)

    return unless_unchanged(report.mark, page)
