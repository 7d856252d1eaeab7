"""What is remembered of reports."""

from datetime import datetime

from tracker.audit.actions import record


def note_export(*, kind: str, rows: int, by: int, at: datetime) -> None:
    record("perception.exported", by=by, about="perception_gap", at=at, kind=kind, rows=rows)


def note_report_file(*, report: str, month: str, kind: str, rows: int, by: int, at: datetime) -> None:
    record("report.exported", by=by, about="report", at=at, report=report, month=month, kind=kind, rows=rows)
