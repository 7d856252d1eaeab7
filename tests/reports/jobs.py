"""The jobs behind reports, until none of them finds anything to do."""

from datetime import UTC, datetime

from tracker.ratings.jobs import fold_months
from tracker.reports.jobs import work_out

# October ends in the week whose check runs on Monday, 2 November; two days later everybody has been told.
READ = datetime(2026, 11, 4, 9, tzinfo=UTC)


def folded(at: datetime = READ) -> None:
    """Every month added up."""
    while fold_months(at):
        pass


def all_worked_out(at: datetime = READ) -> None:
    """Every month added up, and every figure kept."""
    folded(at)
    while work_out(at):
        pass
