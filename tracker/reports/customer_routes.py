"""The report about customers, for HR: what those who came again and again found, and who was never asked."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core.audience import Blueprint, members, viewer
from tracker.core.errors import Refused
from tracker.reports.customer_page import Report, customer_report
from tracker.reports.policy import reads_company

bp = Blueprint("customer_report", __name__, url_prefix="/reports/customers")


@bp.get("")
@members
def customers() -> ResponseReturnValue:
    return render_template("reports/customers.html", report=_report(request.args.get("month")))


def _report(month: str | None) -> Report:
    if not reads_company(viewer()):
        raise Refused(_("This is for HR."))
    return customer_report(month, at=viewer().at)
