"""Taking back what a killed import left behind; forgetting from where votes came; asking whether complaints were put right."""

from datetime import datetime

from tracker.core.db import reading, transaction
from tracker.intake.actions import undo_imports_cut_off
from tracker.intake.complaint_asking import decide
from tracker.intake.set_aside import forget_old_origins
from tracker.recovery.surveys import cases_to_ask


def undo_killed_imports(at: datetime) -> int:
    """Undo imports that never finished and whose lease has run out; how many."""
    return undo_imports_cut_off(at)


def forget_origins(at: datetime) -> int:
    """Delete the keyed hashes of senders after a day; how many."""
    with transaction():
        return forget_old_origins(at)


def ask_whether_it_helped(at: datetime) -> int:
    """Two days after closing: queue the one mail of each complaint, or note why there is none; each in its own transaction."""
    with reading():
        due = cases_to_ask(at)
    return sum(_decide(case_id, at) for case_id in due)


def _decide(case_id: int, at: datetime) -> bool:
    with transaction():
        return decide(case_id, at=at)
