"""Replays that nobody works on: their process was killed, or has not come to them yet."""

from datetime import datetime

from tracker.core.db import reading, transaction
from tracker.falls import actions
from tracker.falls.queries import waiting
from tracker.falls.running import run_replay


def run_replays(at: datetime) -> int:
    """Take up each that nobody holds; how many came to their end here."""
    with reading():
        found = waiting()
    if not found:
        return 0
    with transaction():
        actions.give_up_failed(at=at)
    return sum(run_replay(replay_id, at=at) for replay_id in found)
