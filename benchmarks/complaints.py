"""Row 15: a round of the clocks of open complaints of which none is due, against asking for the first of them by the driver."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from benchmarks.instances import on_postgres, on_sqlite, settle
from benchmarks.measuring import Result, Sizes, compare, stopwatch
from tracker.core.db import db, reading, transaction
from tracker.recovery import jobs
from tracker.recovery.models import RecoveryCase

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def measure(sizes: Sizes) -> Iterator[Result]:
    """No goal as a ratio: a round must stay under a second."""
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            _open(sizes.open_complaints)
            yield compare(15, f"clocks of open complaints, {database}", _ours, _bare, goal=None, repeats=sizes.repeats)


def _open(count: int) -> None:
    case = {"opened_at": AT, "opened_on": AT.date(), "clock_since": AT, "clock_at": AT + timedelta(days=1), "step": 0}
    with transaction():
        db.session.execute(insert(RecoveryCase), [{**case, "is_loyal": False}] * count)
    settle()


def _ours() -> float:
    with stopwatch() as lap:
        assert jobs.follow_clocks(AT) == 0
    return lap.seconds


def _bare() -> float:
    statement = (
        "SELECT id FROM recovery_case WHERE closed_at IS NULL AND clock_at IS NOT NULL ORDER BY clock_at LIMIT 1"
    )
    with reading():
        cursor = db.session.connection().connection.cursor()
        with stopwatch() as lap:
            cursor.execute(statement)
            cursor.fetchall()
    return lap.seconds
