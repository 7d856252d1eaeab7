"""What became of the demo’s talks, by the jobs that do it every week. Nothing is made up: the talks of the demo change nothing, and
no report says they do."""

from datetime import datetime

from tracker.coaching.effect_jobs import share_effects, work_out_effects

# Today’s run and the one before: on a Monday only that one is told to HR, and shared with who leads somebody.
RUNS = 2


def work_out_talks(at: datetime) -> None:
    """After the weekly check of `at`; what the run before found is told by then."""
    share_effects(at)
    work_out_effects(at)
