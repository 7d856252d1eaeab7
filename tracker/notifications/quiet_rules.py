"""Quiet hours, pure: until when nothing may ring, in the person’s own zone, also when the clocks change."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tracker.core.clock import WorkCalendar, local_day, moment_at

MOST_STEPS = 30  # nights and days off in a row that are looked at; after that somebody is written to


@dataclass(frozen=True)
class Quiet:
    """When a person wants no mail and no push. From `starts` until `ends`, over midnight where `ends` is the earlier."""

    is_on: bool = True
    starts: time = time(20)
    ends: time = time(7)
    days_off: bool = False  # all day, too, when the person does not work
    lets_urgent: bool = False


def quiet_until(moment: datetime, quiet: Quiet, calendar: WorkCalendar, *, urgent: bool = False) -> datetime | None:
    """When quiet ends that holds `moment`; None when it is not quiet then. Days off are holidays and absences, too."""
    if not quiet.is_on or (urgent and quiet.lets_urgent):
        return None
    until = moment
    for _step in range(MOST_STEPS):
        later = _end_of_night(until, quiet, calendar.zone) or _end_of_days_off(until, quiet, calendar)
        if later is None:
            break
        until = later
    return until if until > moment else None


def _end_of_night(moment: datetime, quiet: Quiet, zone: str) -> datetime | None:
    """Hours are those on the wall: a night in which the clocks change is an hour longer or shorter, and ends at the same hour."""
    if quiet.starts == quiet.ends:
        return None
    today = local_day(moment, zone)
    over_midnight = timedelta(days=1 if quiet.ends < quiet.starts else 0)
    for day in (today - timedelta(days=1), today):
        ends = moment_at(day + over_midnight, quiet.ends, zone)
        if moment_at(day, quiet.starts, zone) <= moment < ends:
            return ends
    return None


def _end_of_days_off(moment: datetime, quiet: Quiet, calendar: WorkCalendar) -> datetime | None:
    today = local_day(moment, calendar.zone)
    if not quiet.days_off or calendar.is_working_day(today):
        return None
    back = calendar.next_working_day(today)
    return moment_at(back, time(), calendar.zone) if back > today else None
