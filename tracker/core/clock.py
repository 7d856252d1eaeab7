"""Time: UTC inside, local days at the edge. The only file that turns one into the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MAX_DAYS_SEARCHED = 400
_replaced: ContextVar[datetime | None] = ContextVar("replaced_clock", default=None)


def now() -> datetime:
    """This moment in UTC. Read in routes and jobs, nowhere deeper."""
    return _replaced.get() or datetime.now(UTC)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment`: for `jobs run --at` on a demo, and for the demo's own past."""
    token = _replaced.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _replaced.reset(token)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The time zone of that name; ValueError with a sentence when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not a time zone; use a name such as Africa/Nairobi") from None


def local_day(moment: datetime, zone_name: str) -> date:
    return moment.astimezone(zone(zone_name)).date()


def week_of(day: date) -> int:
    """The number of the week (Monday to Sunday) that holds `day`; consecutive weeks have consecutive numbers."""
    return (day.toordinal() - 1) // 7


def monday_of(week: int) -> date:
    """The first day of a numbered week."""
    return date.fromordinal(week * 7 + 1)


def last_complete_week(day: date) -> int:
    """The last week that was over before `day` began."""
    return week_of(day) - 1


def moment_at(day: date, at: time, zone_name: str) -> datetime:
    """That local time in UTC. An hour that comes twice: the first. An hour that is skipped: the next valid moment."""
    local = datetime.combine(day, at, zone(zone_name))  # fold=0 is the first of two
    moment = local.astimezone(UTC)
    exists = moment.astimezone(zone(zone_name)).replace(tzinfo=None) == local.replace(tzinfo=None)
    return moment if exists else _end_of_gap(local, zone(zone_name))


def _end_of_gap(local: datetime, where: ZoneInfo) -> datetime:
    """The moment the clocks went forward over `local`: read with the later offset it lies before, never over 3 hours."""
    moment = local.replace(fold=1).astimezone(UTC)
    before = moment.astimezone(where).utcoffset()
    minutes = (moment + timedelta(minutes=n) for n in range(1, 181))
    return next((m for m in minutes if m.astimezone(where).utcoffset() != before), moment)


@dataclass(frozen=True)
class WorkCalendar:
    """When somebody works: ISO weekdays 1-7, local hours, and days off (holidays and own absences)."""

    zone: str = "UTC"
    working_days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    starts: time = time(8)
    ends: time = time(17)
    days_off: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        return day.isoweekday() in self.working_days and day not in self.days_off

    def next_working_day(self, day: date) -> date:
        """The first working day on or after `day`. Somebody away for over a year counts as back on `day`."""
        ahead = (day + timedelta(days=n) for n in range(MAX_DAYS_SEARCHED))
        return next((d for d in ahead if self.is_working_day(d)), day)

    def working_days_after(self, day: date, count: int) -> date:
        """The day `count` working days after the working day `day`."""
        for _day in range(count):
            day = self.next_working_day(day + timedelta(days=1))
        return self.next_working_day(day)

    def morning_of(self, day: date) -> datetime:
        return moment_at(day, self.starts, self.zone)

    def next_morning(self, moment: datetime) -> datetime:
        """The next start of a working day at or after `moment`."""
        day = local_day(moment, self.zone)
        if self.morning_of(day) < moment:
            day += timedelta(days=1)
        return self.morning_of(self.next_working_day(day))

    def next_working_moment(self, moment: datetime) -> datetime:
        """`moment` itself inside working hours, else the next working morning."""
        day = local_day(moment, self.zone)
        inside = self.morning_of(day) <= moment < moment_at(day, self.ends, self.zone)
        return moment if inside and self.is_working_day(day) else self.next_morning(moment)

    @property
    def day_length(self) -> timedelta:
        """How long a working day is by the clock on the wall."""
        return datetime.combine(date.min, self.ends) - datetime.combine(date.min, self.starts)

    def after_working_time(self, moment: datetime, length: timedelta) -> datetime:
        """The moment when `length` of working time has gone by since `moment`: at a day's end rather than the next morning.

        A length that no year's work adds up to is taken by the clock on the wall.
        """
        day = local_day(moment, self.zone)
        for _day in range(MAX_DAYS_SEARCHED):
            day = self.next_working_day(day)
            begins, ends = self._hours_of(day)
            begins = max(begins, moment)
            if ends - begins >= length:
                return begins + length
            length -= max(ends - begins, timedelta())
            day += timedelta(days=1)
        return moment + length

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from `start` to `end` is worked; nothing when `end` is not later."""
        worked, day, last = timedelta(), local_day(start, self.zone), local_day(end, self.zone)
        while day <= last:
            if self.is_working_day(day):
                begins, ends = self._hours_of(day)
                worked += max(min(ends, end) - max(begins, start), timedelta())
            day += timedelta(days=1)
        return worked

    def _hours_of(self, day: date) -> tuple[datetime, datetime]:
        return self.morning_of(day), moment_at(day, self.ends, self.zone)
