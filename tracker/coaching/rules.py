"""When who is reminded of a talk that waits. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.core.clock import WorkCalendar, local_day, moment_at

HEAD_START = timedelta(hours=24)
OPEN_AT_MOST = timedelta(weeks=16)
BOOKED_WITHIN = timedelta(days=28)
FOLLOW_UP_AFTER = timedelta(weeks=6)
FOLLOW_UP_STEP = 10


@dataclass(frozen=True)
class Step:
    """So many working days after the first reminder, this one is told."""

    after_working_days: int
    told: str  # leader, above or hr


STEPS = (Step(0, "leader"), Step(3, "leader"), Step(7, "leader"), Step(10, "above"), Step(15, "hr"))


def last_follow_up_day(closes_by: datetime, at_time: time, zone_name: str) -> date:
    """The last local day on which a follow-up at that time is still within the case."""
    day = local_day(closes_by, zone_name)
    return day if moment_at(day, at_time, zone_name) <= closes_by else day - timedelta(days=1)


def step_of(sent: int) -> Step | None:
    """The next step when `sent` are done; None when all are. Those of a follow-up count from FOLLOW_UP_STEP."""
    position = sent % FOLLOW_UP_STEP
    return STEPS[position] if position < len(STEPS) else None


def next_reminder(sent: int, *, first_on: date, calendar: WorkCalendar, after: datetime) -> datetime | None:
    """The working morning of the next step, counted from the day of the first; never `after` or before."""
    step = step_of(sent)
    if step is None:
        return None
    planned = calendar.morning_of(calendar.working_days_after(first_on, step.after_working_days))
    return planned if planned > after else calendar.next_morning(after + timedelta(seconds=1))
