"""How long a certificate lasts and when somebody hears of its end, over every day of years with and without a leap day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tracker.training.certificate_rules import (
    RENEWED_DAYS,
    TOLD_DAYS,
    State,
    due_step,
    expiry_of,
    first_reminder,
    renewable_from,
    renewal_due_on,
    renewed_expiry,
    state_on,
    steps_of,
)

ONE_DAY = timedelta(days=1)
DAYS = [date(2027, 1, 1) + timedelta(days=n) for n in range(731)]  # 2028 is a leap year
MONTHS = (1, 2, 3, 6, 11, 12, 13, 24, 36)


@pytest.mark.parametrize(
    ("issued_on", "months", "ends"),
    [
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 8, 31), 1, date(2027, 9, 30)),
    ],
)
def test_the_same_day_of_the_month_else_its_last(issued_on: date, months: int, ends: date) -> None:
    assert expiry_of(issued_on, months) == ends


@pytest.mark.parametrize("months", MONTHS)
def test_over_every_day_of_two_years(months: int) -> None:
    """In the right month, never on a later day of it, and never earlier for who did it later."""
    for day in DAYS:
        ends = expiry_of(day, months)
        assert ends is not None
        assert (ends.year * 12 + ends.month) - (day.year * 12 + day.month) == months
        assert ends.day == day.day or (ends.day < day.day and (ends + ONE_DAY).day == 1)
    ends_in_order = [expiry_of(day, months) or day for day in DAYS]
    assert ends_in_order == sorted(ends_in_order)


@pytest.mark.parametrize("months", MONTHS)
def test_steps_lie_behind_the_issue_and_not_behind_the_end(months: int) -> None:
    for issued_on in DAYS:
        ends = expiry_of(issued_on, months)
        assert ends is not None
        steps = steps_of(issued_on, ends)
        assert all(issued_on < step.day <= ends for step in steps)
        assert all(one.day < two.day for one, two in pairwise(steps))
        assert [(ends - step.day).days for step in steps] == [step.before for step in steps]
        assert {step.before for step in steps} == {before for before in TOLD_DAYS if before < (ends - issued_on).days}
        assert first_reminder(issued_on, ends) == steps[0].day


def test_a_short_one_is_not_reminded_of_before_it_was_there() -> None:
    assert [step.before for step in steps_of(date(2027, 2, 1), date(2027, 3, 1))] == [14, 7, 0]
    assert [step.before for step in steps_of(date(2027, 1, 1), date(2027, 2, 1))] == [30, 14, 7, 0]
    assert first_reminder(date(2027, 1, 1), None) is None


@pytest.mark.parametrize("months", [1, 3, 12])
def test_day_by_day_each_step_is_due_once(months: int) -> None:
    issued_on = date(2027, 11, 30)
    ends = expiry_of(issued_on, months)
    assert ends is not None
    told, taken = [], 0
    for number in range((ends - issued_on).days + 10):
        today = issued_on + timedelta(days=number)
        step, taken, next_on = due_step(issued_on, ends, taken=taken, today=today)
        told += [(today, step.before)] if step else []
        assert next_on is None or next_on > today
    assert told == [(step.day, step.before) for step in steps_of(issued_on, ends)]


@pytest.mark.parametrize(
    ("asleep_until", "told"), [(-45, 60), (-30, 30), (-8, 14), (-7, 7), (-1, 7), (0, 0), (200, 0), (-100, None)]
)
def test_after_a_long_silence_only_the_newest_is_due(asleep_until: int, told: int | None) -> None:
    issued_on, ends = date(2027, 1, 1), date(2028, 1, 1)
    step, behind, next_on = due_step(issued_on, ends, taken=0, today=ends + timedelta(days=asleep_until))
    assert (step.before if step else None) == told
    assert behind == (TOLD_DAYS.index(told) + 1 if told is not None else 0)
    assert (next_on is None) == (told == 0)


def test_a_renewal_in_the_window_keeps_the_rhythm_and_any_other_counts_from_its_day() -> None:
    ends = date(2027, 11, 22)
    for number in range(-60, 60):
        day = ends + timedelta(days=number)
        in_window = -RENEWED_DAYS <= number < 0
        assert renewed_expiry(day, 12, before=ends) == expiry_of(ends if in_window else day, 12), number
    assert renewed_expiry(ends, 12, before=None) == date(2028, 11, 22)
    assert renewed_expiry(ends - ONE_DAY, 0, before=ends) is None


STANDS = {91: State.VALID, 90: State.ENDING, 15: State.ENDING, 14: State.RENEWABLE, 1: State.RENEWABLE, 0: State.LAPSED}


@pytest.mark.parametrize(("left", "state"), [*STANDS.items(), (-900, State.LAPSED)])
def test_how_it_stands(left: int, state: State) -> None:
    today = date(2026, 11, 18)
    ends = today + timedelta(days=left)
    assert state_on(today, expires_on=ends) is state
    assert state_on(today, expires_on=ends, renewed=True) is State.REPLACED
    assert state_on(today, expires_on=ends, ended_on=today) is State.ENDED
    assert state_on(today, expires_on=ends, ended_on=today + ONE_DAY) is state


def test_one_without_an_end_is_valid_for_ever() -> None:
    assert state_on(date(2999, 1, 1), expires_on=None) is State.VALID


def test_what_is_renewed_late_gets_as_long_as_the_window() -> None:
    ends = date(2027, 11, 22)
    assert renewal_due_on(ends, renewable_from(ends)) == date(2027, 11, 21)
    assert renewal_due_on(ends, ends - ONE_DAY) == date(2027, 11, 21)
    assert renewal_due_on(ends, ends) == ends + timedelta(days=14)
