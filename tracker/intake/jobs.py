"""Taking back what a killed import left behind; forgetting from where votes came."""

from datetime import datetime

from tracker.core.db import transaction
from tracker.intake.actions import undo_imports_cut_off
from tracker.intake.set_aside import forget_old_origins


def undo_killed_imports(at: datetime) -> int:
    """Undo imports that never finished and whose lease has run out; how many."""
    return undo_imports_cut_off(at)


def forget_origins(at: datetime) -> int:
    """Delete the keyed hashes of senders after a day; how many."""
    with transaction():
        return forget_old_origins(at)
