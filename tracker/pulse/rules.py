"""When rounds come, and how long answering takes. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from tracker.core.clock import moment_at

OPENS, CLOSES = time(8), time(18)  # by the clock of the organisation
PREPARED_AHEAD = timedelta(days=7)
HEAD_START = timedelta(days=2)  # so long HR can look at a round that comes late, such as after a stop, before it opens
FEWEST_DAYS, MOST_DAYS = 3, 21
MOST_ITEMS = 10
SECONDS_PER_ITEM = 20
MONTHS_AHEAD = 24


@dataclass(frozen=True)
class Cadence:
    """week: the first, second ... of its weekday (Monday is 1) in the month. every_months: counted from January."""

    week: int
    weekday: int
    every_months: int
    open_days: int


@dataclass(frozen=True)
class Slot:
    """A round of the cadence: its month (the first day), and the days it opens and closes on."""

    month: date
    opens_on: date
    closes_on: date


def due_slots(cadence: Cadence, today: date) -> list[Slot]:
    """The rounds to be prepared by today, oldest first. After a stop one is caught up with until the day it would have closed on;
    it then opens two days later, so that it can be looked at, and stays open as long."""
    begins = _month_before(today)
    near = islice(_slots(cadence, begins), 4)
    return [_late(slot, today) for slot in near if slot.opens_on - PREPARED_AHEAD <= today < slot.closes_on]


def _late(slot: Slot, today: date) -> Slot:
    opens_on = slot.opens_on if slot.opens_on >= today + HEAD_START else today + HEAD_START
    return Slot(slot.month, opens_on, opens_on + (slot.closes_on - slot.opens_on))


def coming_slots(cadence: Cadence, today: date, count: int) -> list[Slot]:
    """The next rounds that open today or later."""
    ahead = (slot for slot in _slots(cadence, today.replace(day=1)) if slot.opens_on >= today)
    return list(islice(ahead, count))


def opening_day(month: date, *, week: int, weekday: int) -> date:
    """The first, second ... weekday (Monday is 1) of a month given by its first day."""
    return month + timedelta(days=(weekday - month.isoweekday()) % 7 + 7 * (week - 1))


def span(opens_on: date, closes_on: date, zone: str) -> tuple[datetime, datetime]:
    """From the morning of the one day to the evening of the other, in UTC."""
    return moment_at(opens_on, OPENS, zone), moment_at(closes_on, CLOSES, zone)


def is_long_enough(opens_at: datetime, closes_at: datetime) -> bool:
    """Whether everybody can be expected to have a working day between."""
    return closes_at - opens_at >= timedelta(days=FEWEST_DAYS)


def about_minutes(items: int) -> int:
    """How long answering takes, rounded up."""
    return max(1, -(-items * SECONDS_PER_ITEM // 60))


def _slots(cadence: Cadence, month: date) -> Iterator[Slot]:
    """From a month on; months are counted from January, so that every third is January, April, July and October."""
    for _step in range(MONTHS_AHEAD):
        if (month.month - 1) % cadence.every_months == 0:
            opens_on = opening_day(month, week=cadence.week, weekday=cadence.weekday)
            yield Slot(month, opens_on, opens_on + timedelta(days=cadence.open_days))
        month += timedelta(days=monthrange(month.year, month.month)[1])


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
