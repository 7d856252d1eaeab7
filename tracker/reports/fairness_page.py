"""The fairness audit as a report: of the years that end with a quarter."""

from datetime import datetime

from tracker.reports.fairness import SECTION, ends_quarter
from tracker.reports.fairness_counts import last_told, weeks_of
from tracker.reports.periods import Year
from tracker.reports.report_page import Report, report_of


def fairness_report(wanted: str | None, *, at: datetime) -> Report:
    """wanted: the last month of a quarter as 2026-09; None for the latest. NotFound where there is no such quarter to read.

    A check that ran late is told late: until two days after it ran, its quarter is not there.
    """
    told = last_told(at)
    return report_of((SECTION,), wanted, at=at, is_of=lambda month: _is_told(Year(month), told))


def _is_told(year: Year, told: int | None) -> bool:
    return ends_quarter(year) and told is not None and weeks_of(year)[-1] <= told
