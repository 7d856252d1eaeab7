"""Engagement beside what customers say: for HR, and for whoever leads a team as far as it is theirs."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.core.audience import Blueprint, members, viewer
from tracker.core.unchanged import unless_unchanged
from tracker.reports import engagement_drawings as drawings
from tracker.reports import engagement_sentences, engagement_tables, given_words
from tracker.reports.engagement_page import Wanted, engagement_report
from tracker.reports.known import known
from tracker.reports.ways import ways_of

bp = Blueprint("engagement_report", __name__, url_prefix="/reports/engagement")


@bp.get("")
@members
def engagement() -> ResponseReturnValue:
    found = known("engagement")
    found.check(viewer())
    report = engagement_report(viewer(), Wanted(**{name: request.args.get(name) for name in found.arguments}))

    def page() -> str:
        ways = ways_of(found, viewer(), request.args, month=report.month, months=report.months)
        words = {"draw": drawings, "words": engagement_sentences, "tables": engagement_tables, "given": given_words}
        return render_template("reports/engagement.html", report=report, ways=ways, **words)

    return unless_unchanged(report.mark, page)
