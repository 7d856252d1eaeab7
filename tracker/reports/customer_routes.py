"""The report about customers, for HR: what those who came again and again found, and who was never asked."""

from flask import request
from flask.typing import ResponseReturnValue

from tracker.core.audience import Blueprint, members, viewer
from tracker.reports.customer_sections import SECTIONS
from tracker.reports.known import known
from tracker.reports.report_page import report_of
from tracker.reports.ways import page_of_sections

bp = Blueprint("customer_report", __name__, url_prefix="/reports/customers")


@bp.get("")
@members
def customers() -> ResponseReturnValue:
    found = known("customers")
    found.check(viewer())
    report = report_of(SECTIONS, request.args.get("month"), at=viewer().at, five=request.args.get("happy") == "5")
    return page_of_sections(found, report, viewer(), request.args, template="reports/customers.html")
