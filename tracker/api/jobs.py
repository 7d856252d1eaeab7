"""Writing down when tokens were last used, and forgetting old answers."""

from datetime import datetime

from tracker.api.actions import note_use
from tracker.api.clients import uses
from tracker.api.keeping import forget_before
from tracker.api.rules import ANSWERS_KEPT
from tracker.core.db import transaction


def note_uses(_at: datetime) -> int:
    """Write the days that this process has noted since the last time. What a crash loses is a day on a page."""
    days = uses().taken()
    if not days:
        return 0
    with transaction():
        return sum(note_use(token_id, day) for token_id, day in sorted(days.items()))


def forget_answers(at: datetime) -> int:
    """Delete answers kept for Idempotency-Key after 24 hours."""
    with transaction():
        return forget_before(at - ANSWERS_KEPT)
