"""Adding up months, and proving every night that rollup and months are what the ratings say."""

from datetime import UTC, datetime, time, timedelta

import structlog

from tracker.audit.actions import record
from tracker.core import tasks
from tracker.core.clock import monday_of
from tracker.core.db import db, transaction
from tracker.ratings import months, rollup

RULE = "ratings.reconcile"
MONTHS_A_ROUND = 3  # so that after a large import no other job waits for all of them
log = structlog.get_logger()


def reconcile_nightly(at: datetime) -> int:
    """Once a night (after 01:00 UTC): compare and mend; the number of cells that were wrong."""
    slot = datetime.combine((at - timedelta(hours=1)).date(), time(1), UTC)
    since = tasks.done_until(RULE)
    if since is not None and since >= slot:
        return 0
    with transaction():
        if not tasks.advance(RULE, since=since, to=slot):
            return 0
        wrong = reconcile(at)
    return wrong + check_a_month(at)


def reconcile(at: datetime) -> int:
    """Compare rollup and ratings in the caller's transaction, mend what differs, and say so loudly."""
    wrong = rollup.differences()
    if wrong:
        rollup.add_counts(wrong)
        rollup.thaw(monday_of(min(cell[1] for cell in wrong)))
        record("rollup.mended", by=None, about="score_week", at=at, cells=len(wrong))
        log.error("rollup_differed", cells=len(wrong))
    return len(wrong)


def fold_months(at: datetime) -> int:
    """Add up the months that are due, each in a transaction of its own; how many are different now."""
    changed = 0
    for month in months.months_due()[:MONTHS_A_ROUND]:
        db.session.rollback()
        with transaction():
            changed += months.fold(month, at=at)
    return changed


def check_a_month(at: datetime) -> int:
    """Add the month up again that was looked at longest ago, and say so loudly if it differs; 1 if it did."""
    with transaction():
        month = months.month_looked_at_longest_ago()
        if month is None or not months.fold(month, at=at):
            return 0
        record("months.mended", by=None, about="team_month", at=at, month=month.isoformat())
        log.error("month_differed", month=month.isoformat())
    return 1
