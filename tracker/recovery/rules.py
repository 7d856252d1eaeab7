"""When a case opens, and its clock. Pure.

The clock counts working hours of the team. Until the first human contact:
  step 0  after 4 hours: the promise of a first contact is broken; whoever takes care of it is told
  step 1  after 8 hours: who leads above helps
  step 2  after 16 hours: who leads above them helps too
  then    every 8 hours: everybody who has it is told again
A case whose customer nobody can call has no clock; it ends by itself after 14 days when nobody has written what was done.
After the contact, a case that stands still for 16 hours is called back to mind, again and again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.core.clock import WorkCalendar

LOW_STARS = 2
LOW_NPS = 6
LATE_AFTER = timedelta(days=14)
CONTACT_WITHIN = timedelta(hours=4)
ESCALATES_AFTER = (timedelta(hours=8), timedelta(hours=16))
TOLD_AGAIN_EVERY = timedelta(hours=8)
STANDS_STILL_AFTER = timedelta(hours=16)
SURVEY_AFTER = timedelta(days=2)
SURVEY_OPEN_FOR = timedelta(days=14)
UNREACHABLE_ENDS_AFTER = timedelta(days=14)
CONTACT_KEPT = timedelta(days=30)  # after closing, when no survey waits for it
LOYAL_RATINGS = 3  # earlier ones, none of them low
DUE = (CONTACT_WITHIN, *ESCALATES_AFTER)


@dataclass(frozen=True)
class Complaint:
    """What of a rating decides whether a case opens."""

    stars: int
    original_scale: str
    original_value: str
    rated_at: datetime


def is_complaint(given: Complaint, *, at: datetime) -> bool:
    """Whether somebody was let down, recently enough that a call can still help."""
    if at - given.rated_at > LATE_AFTER:
        return False
    if given.original_scale == "nps":
        return float(given.original_value) <= LOW_NPS
    return given.stars <= LOW_STARS


def is_loyal(earlier_stars: Sequence[int]) -> bool:
    """Whether a customer has been happy with the company several times before."""
    return len(earlier_stars) >= LOYAL_RATINGS and min(earlier_stars) > LOW_STARS + 1


def next_clock(step: int, *, since: datetime, last: datetime, calendar: WorkCalendar) -> datetime:
    """When step `step` is due: the first ones from `since`, when the clock began; the others from `last`, when the one before was."""
    if step < len(DUE):
        return calendar.after_working_time(since, DUE[step])
    return calendar.after_working_time(last, TOLD_AGAIN_EVERY)
