"""What became of the demo’s talks, by the job that does it every week. Nothing is made up: the talks of the demo change nothing, and
no report says they do."""

from datetime import datetime, time, timedelta

from tracker.coaching.effect_jobs import share_effects, work_out_effects
from tracker.core import clock
from tracker.demo.records import Company

AFTER_THE_CHECK = time(4, 20)


def work_out_talks(company: Company, at: datetime) -> None:
    """As of the last Monday, and shared as far as it is due."""
    monday = company.today - timedelta(days=company.today.weekday())
    checked = clock.moment_at(monday, AFTER_THE_CHECK, company.zone)
    work_out_effects(min(checked, at))
    share_effects(at)
