"""What is written down about results: who took them away as a file."""

from datetime import datetime

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.pulse.models import PulseRound


def note_export(round_id: int, *, kind: str, rows: int, by: int, at: datetime) -> None:
    """The round, the kind of file and its size; no figure."""
    record("pulse.exported", by=by, about=db.session.get_one(PulseRound, round_id), at=at, file=kind, rows=rows)
