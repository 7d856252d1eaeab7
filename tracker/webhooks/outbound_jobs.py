"""What webhooks do by themselves: go out, and forget."""

from datetime import datetime, timedelta

from tracker.core.db import transaction
from tracker.webhooks import outbound_actions as actions
from tracker.webhooks.outbound_rules import LOG_KEPT

REMOVED_KEPT = timedelta(days=1)  # longer than any deed takes that still points at it


def forget_log(at: datetime) -> int:
    """Delete lines of the log after 30 days, and what was removed."""
    with transaction():
        return actions.forget(before=at - LOG_KEPT, removed_before=at - REMOVED_KEPT)
