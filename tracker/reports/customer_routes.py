"""The report about customers, for HR: what those who came again and again found, and who was never asked."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.core.audience import Blueprint, members, viewer
from tracker.core.errors import Refused
from tracker.core.unchanged import unless_unchanged
from tracker.reports.contents import about_company
from tracker.reports.customer_sections import SECTIONS
from tracker.reports.known import known
from tracker.reports.report_page import report_of
from tracker.reports.ways import ways_of

bp = Blueprint("customer_report", __name__, url_prefix="/reports/customers")


@bp.get("")
@members
def customers() -> ResponseReturnValue:
    found = known("customers")
    if not found.may_read(viewer()):
        raise Refused(found.readers())
    report = report_of(SECTIONS, request.args.get("month"), at=viewer().at)

    def page() -> str:
        month = report.year.month if report.year else None
        ways = ways_of(found, request.args, month=month, months=report.months)
        about = about_company(report)
        return render_template("reports/customers.html", report=report, title=found.title(), about=about, ways=ways)

    return unless_unchanged(report.mark, page)
