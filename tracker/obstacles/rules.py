"""Where something that stands in the way has got to, what its clock demands, and which months are counted. Pure.

Without a team: who leads the first author is asked at once (step 1), HR after 5 working days (step 2).
With a team, from the day on which its next word is due: before it (step 1), on it (step 2), above after it (step 3).
"""

from datetime import date, timedelta
from enum import StrEnum

from tracker.core.clock import WorkCalendar

MONTHS = 6
ANSWER_WITHIN = 10  # working days, offered where a team is chosen
LONGEST_DUE = timedelta(days=366)
ASKED_ABOVE_AFTER = 5  # working days without a team
REMINDED_BEFORE = 3  # working days
ESCALATED_AFTER = 3  # working days
ASK_LEADER, ASK_OFFICE = 1, 2
BEFORE, ON_THE_DAY, ABOVE = 1, 2, 3


class State(StrEnum):
    """Where one has got to."""

    UNOWNED = "unowned"  # no team answers for it yet
    WAITING = "waiting"  # for the team’s answer
    PLANNED = "planned"  # it will change by a day
    DECLINED = "declined"  # it stays as it is, with a reason
    DONE = "done"

    @property
    def is_open(self) -> bool:
        return self in {State.UNOWNED, State.WAITING, State.PLANNED}


def state_of(*, is_owned: bool, answer: str | None, is_asked_again: bool) -> State:
    """`answer`: the kind of the last one; `is_asked_again`: a team was asked for another after it."""
    if answer is not None and not is_asked_again:
        return State(answer)
    return State.WAITING if is_owned else State.UNOWNED


def step_without_team(opened_on: date, today: date, calendar: WorkCalendar) -> int:
    """How far the search for a team should have got."""
    over = calendar.working_days_after(calendar.next_working_day(opened_on), ASKED_ABOVE_AFTER)
    return ASK_OFFICE if today >= over else ASK_LEADER


def steps_with_team(due_on: date, today: date, calendar: WorkCalendar) -> list[int]:
    """The steps that are due today, in order. A reminder that comes before the day is of no use after it."""
    due = []
    if today < due_on <= calendar.working_days_after(calendar.next_working_day(today), REMINDED_BEFORE):
        due.append(BEFORE)
    if today >= due_on:
        due.append(ON_THE_DAY)
    if today >= calendar.working_days_after(calendar.next_working_day(due_on), ESCALATED_AFTER):
        due.append(ABOVE)
    return due


def first_month(today: date) -> date:
    """The first day that is counted: of the month five months before this one."""
    return months_back(today, MONTHS - 1)


def months_back(day: date, count: int) -> date:
    """The first day of the month `count` months before that of `day`."""
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
