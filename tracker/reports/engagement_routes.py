"""Engagement beside what customers say: for HR, and for whoever leads a team as far as it is theirs."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core.audience import Blueprint, members, viewer
from tracker.core.errors import Refused
from tracker.reports import engagement_drawings as drawings
from tracker.reports import engagement_sentences, engagement_tables
from tracker.reports.engagement_page import EngagementReport, Wanted, engagement_report
from tracker.reports.policy import reads_cross_report

bp = Blueprint("engagement_report", __name__, url_prefix="/reports/engagement")

WANTED = ("month", "team", "touchpoint", "driver")


@bp.get("")
@members
def engagement() -> ResponseReturnValue:
    report = _report()
    return render_template(
        "reports/engagement.html", report=report, draw=drawings, words=engagement_sentences, tables=engagement_tables
    )


def _report() -> EngagementReport:
    if not reads_cross_report(viewer()):
        raise Refused(_("This is for who leads a team, and for HR."))
    return engagement_report(viewer(), Wanted(**{key: request.args.get(key) for key in WANTED}))
