"""Taking back what a killed import left behind."""

from datetime import datetime

from tracker.intake.actions import undo_imports_cut_off


def undo_killed_imports(at: datetime) -> int:
    """Undo imports that never finished and whose lease has run out; how many."""
    return undo_imports_cut_off(at)
