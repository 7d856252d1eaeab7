"""Sealing the audit, and writing the chain's head where a change in the database cannot reach it."""

import json
import os
from datetime import datetime
from pathlib import Path

from flask import current_app

from tracker.audit.actions import BATCH, seal
from tracker.core import tasks
from tracker.core.db import transaction

ANCHOR = "audit-heads.jsonl"


def seal_audit(at: datetime) -> int:
    """Seal everything that waits, batch by batch; the number of entries sealed."""
    total = 0
    while True:
        with transaction():
            since = tasks.done_until("audit.seal")
            if not tasks.advance("audit.seal", since=since, to=at):
                return total  # another process is at it
            sequence, head, count = seal(only_after_head=total > 0)
        total += count
        if count < BATCH:
            break
    if total:
        _anchor(sequence, head, at)
    return total


def anchor_file() -> Path:
    return Path(current_app.config["KEY_DIR"]) / ANCHOR


def _anchor(sequence: int, head: str, at: datetime) -> None:
    anchor_file().parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"sequence": sequence, "hash": head, "at": at.isoformat()}) + "\n"
    with anchor_file().open("a", encoding="utf-8") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())
