"""The fairness audit, for HR: whether the weekly check treats groups of people alike."""

from flask import request
from flask.typing import ResponseReturnValue

from tracker.core.audience import Blueprint, members, viewer
from tracker.reports.fairness_page import fairness_report
from tracker.reports.known import known
from tracker.reports.ways import page_of_sections

bp = Blueprint("fairness", __name__, url_prefix="/reports/fairness")


@bp.get("")
@members
def fairness() -> ResponseReturnValue:
    found = known("fairness")
    found.check(viewer())
    report = fairness_report(request.args.get("month"), at=viewer().at)
    return page_of_sections(found, report, viewer(), request.args, template="reports/fairness.html")
