"""When who is reminded of a talk that waits. Pure.

Two calendars count. The employee's own says how long a talk has waited, and so when it goes further up: nobody waits on days on
which they are not there. The leader's, without the employee's days off, says when the leader is reminded.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tracker.core import clock
from tracker.core.clock import WorkCalendar

HEAD_START = timedelta(hours=24)
OPEN_AT_MOST = timedelta(weeks=16)
BOOKED_WITHIN = timedelta(days=28)
FOLLOW_UP_AFTER = timedelta(weeks=6)
SNOOZES_AT_MOST = 2
SNOOZE_DAYS_AT_MOST = 5

FOLLOW_UP_STEP = 10  # steps of the talk have numbers below it, those of its follow-up from it on
NEXT_LEADER = 20  # so much higher begin the steps of the clock that the next leader gets


@dataclass(frozen=True)
class Step:
    """So many working days after the clock's day zero, this one is told."""

    after_working_days: int
    told: str  # leader; above, hr: that a leader has a talk waiting; unled: that nobody leads the person


STEPS = (Step(0, "leader"), Step(3, "leader"), Step(7, "leader"), Step(10, "above"), Step(15, "hr"), Step(0, "unled"))
ABOVE, HR, UNLED = 3, 4, 5
ESCALATIONS = frozenset({ABOVE, HR, UNLED})
LEADERS_STEPS = tuple(number for number, step in enumerate(STEPS) if step.told == "leader")
HR_AFTER_UNLED = STEPS[HR].after_working_days - STEPS[ABOVE].after_working_days


def last_follow_up_day(closes_by: datetime, at_time: time, zone_name: str) -> date:
    """The last local day on which a follow-up at that time is still within the case."""
    day = clock.local_day(closes_by, zone_name)
    return day if clock.moment_at(day, at_time, zone_name) <= closes_by else day - timedelta(days=1)


@dataclass(frozen=True)
class Situation:
    """What the next step depends on, as of one moment.

    `starts_on`: day zero, a working day of the employee; `first_on`: when the leader first heard. `done`: positions in STEPS.
    """

    waited: WorkCalendar
    leaders: WorkCalendar
    starts_on: date
    first_on: date | None
    done: frozenset[int]
    snoozed_until: date | None
    is_led: bool
    has_above: bool


def done_steps(numbers: Set[int], clock_from: int) -> frozenset[int]:
    """Positions in STEPS that count as done, from the numbers of what was said.

    A leader hears each step once in a clock; who is above hears once about a talk (or a follow-up), whoever leads by then.
    """
    stage = clock_from % NEXT_LEADER
    own = {number - clock_from for number in numbers if clock_from <= number < clock_from + FOLLOW_UP_STEP}
    stages = {number % FOLLOW_UP_STEP for number in numbers if number % NEXT_LEADER // FOLLOW_UP_STEP * 10 == stage}
    return frozenset(own | (stages & ESCALATIONS))


def due_step(now: Situation, *, at: datetime) -> int | None:
    """The step to be taken at this moment, or None. The earliest first; of one day, the leader before those above."""
    due = [(on, number) for on, number in _steps(now, today=_today(now, at)) if _is_due(now, number, on, at)]
    return min(due)[1] if due else None


def next_look(now: Situation, *, at: datetime) -> datetime | None:
    """When to look again: the next working morning of either, for leave, deputies and holidays change; None when all is said."""
    if not _steps(now, today=_today(now, at)):
        return None
    after = at + timedelta(seconds=1)
    return min(now.waited.next_morning(after), now.leaders.next_morning(after))


def _steps(now: Situation, *, today: date) -> list[tuple[date, int]]:
    """(day, position) of every step that is still to come."""
    return [*(_leaders_step(now, today) if now.is_led else []), *_escalations(now)]


def _leaders_step(now: Situation, today: date) -> list[tuple[date, int]]:
    """The leader's next step. Of several that a snooze or a standstill has brought together only the last is said."""
    open_ones = LEADERS_STEPS[max((number + 1 for number in LEADERS_STEPS if number in now.done), default=0) :]
    days = [(_leaders_day(now, number), number) for number in open_ones if number == 0 or now.first_on]
    if not days:
        return []
    if now.snoozed_until is not None:
        earliest = now.leaders.next_working_day(now.snoozed_until)
        days = [(max(on, earliest), number) for on, number in days]
    first = max(days[0][0], today)
    together = [(on, number) for on, number in days if on <= first]
    return [(days[0][0], together[-1][1])]


def _leaders_day(now: Situation, number: int) -> date:
    after = STEPS[number].after_working_days
    return now.leaders.working_days_after(now.leaders.next_working_day(now.first_on or now.starts_on), after)


def _escalations(now: Situation) -> list[tuple[date, int]]:
    after = _led(now) if now.is_led else _unled(now)
    return [(now.waited.working_days_after(now.starts_on, days), number) for number, days in after.items()]


def _led(now: Situation) -> dict[int, int]:
    """Position -> after how many working days. Where nobody is above the leader, HR hears when they would have."""
    above, hr = STEPS[ABOVE].after_working_days, STEPS[HR].after_working_days
    days = {ABOVE: above, HR: hr} if now.has_above else {HR: above}
    return {number: after for number, after in days.items() if number not in now.done}


def _unled(now: Situation) -> dict[int, int]:
    """Nobody can plan the talk: who is above hears at once, else HR."""
    days = {UNLED: 0, HR: HR_AFTER_UNLED} if now.has_above else {HR: 0}
    return {number: after for number, after in days.items() if number not in now.done}


def _is_due(now: Situation, number: int, on: date, at: datetime) -> bool:
    """Whether its morning has come, on a day on which both the employee and whoever is told are there."""
    calendar = now.leaders if STEPS[number].told == "leader" else now.waited
    today = clock.local_day(at, calendar.zone)
    return on <= today and calendar.is_working_day(today) and calendar.morning_of(today) <= at


def _today(now: Situation, at: datetime) -> date:
    return clock.local_day(at, now.leaders.zone)


def without_days(calendar: WorkCalendar, days: Set[date]) -> WorkCalendar:
    """The calendar with these days off as well."""
    return replace(calendar, days_off=calendar.days_off | days)


def working_days_waited(waited: WorkCalendar, starts_on: date | None, today: date) -> int:
    """How many working days have gone by since day zero; 0 on that day and before."""
    if starts_on is None:
        return 0
    days = (starts_on + timedelta(days=number) for number in range(1, (today - starts_on).days + 1))
    return sum(waited.is_working_day(day) for day in days)


def shared_working_day(one: WorkCalendar, other: WorkCalendar, day: date) -> date:
    """The first day from `day` on, on which both work."""
    return without_days(one, other.days_off).next_working_day(day)
