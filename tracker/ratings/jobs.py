"""Proving every night that the rollup is what the ratings say."""

from datetime import UTC, datetime, time, timedelta

import structlog

from tracker.audit.actions import record
from tracker.core import tasks
from tracker.core.clock import monday_of
from tracker.core.db import transaction
from tracker.ratings import rollup

RULE = "ratings.reconcile"
log = structlog.get_logger()


def reconcile_nightly(at: datetime) -> int:
    """Once a night (after 01:00 UTC): compare and mend; the number of cells that were wrong."""
    slot = datetime.combine((at - timedelta(hours=1)).date(), time(1), UTC)
    since = tasks.done_until(RULE)
    if since is not None and since >= slot:
        return 0
    with transaction():
        return reconcile(at) if tasks.advance(RULE, since=since, to=slot) else 0


def reconcile(at: datetime) -> int:
    """Compare rollup and ratings in the caller's transaction, mend what differs, and say so loudly."""
    wrong = rollup.differences()
    if wrong:
        rollup.add_counts(wrong)
        rollup.thaw(monday_of(min(cell[1] for cell in wrong)))
        record("rollup.mended", by=None, about="score_week", at=at, cells=len(wrong))
        log.error("rollup_differed", cells=len(wrong))
    return len(wrong)
