"""The fairness audit as a report: of the years that end with a quarter."""

from datetime import datetime

from tracker.reports.fairness import SECTION, ends_quarter
from tracker.reports.periods import Year
from tracker.reports.report_page import Report, report_of


def fairness_report(wanted: str | None, *, at: datetime) -> Report:
    """wanted: the last month of a quarter as 2026-09; None for the latest. NotFound where there is no such quarter to read."""
    return report_of((SECTION,), wanted, at=at, is_of=lambda month: ends_quarter(Year(month)))
