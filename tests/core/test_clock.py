"""Local time and UTC: hours that come twice, hours that never come, and days on which nobody works."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tracker.core import clock
from tracker.core.clock import WorkCalendar, moment_at

ZONES = [
    "Africa/Nairobi",
    "Europe/Berlin",
    "America/Santiago",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Asia/Beirut",
    "Pacific/Apia",  # skipped a whole day in 2011
    "America/Nuuk",
    "UTC",
]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # mypy cannot count the parts


FIRST, LAST = utc(2020, 1, 1).replace(tzinfo=None), utc(2030, 1, 1).replace(tzinfo=None)
DAYS = st.dates(date(2005, 1, 1), date(2040, 12, 31))
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 0)),  # skipped: 03:00 summer time
        ("Europe/Berlin", date(2026, 3, 29), time(2, 0), utc(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", date(2026, 3, 29), time(3, 0), utc(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", date(2026, 3, 29), time(1, 59), utc(2026, 3, 29, 0, 59)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),  # twice: the first
        ("Europe/Berlin", date(2026, 10, 25), time(3, 0), utc(2026, 10, 25, 2, 0)),
        ("America/Santiago", date(2026, 9, 6), time(0, 0), utc(2026, 9, 6, 4, 0)),  # midnight itself is skipped
        ("America/Santiago", date(2026, 9, 6), time(0, 59), utc(2026, 9, 6, 4, 0)),
        ("America/Santiago", date(2026, 4, 4), time(23, 30), utc(2026, 4, 5, 2, 30)),  # the last hour comes twice
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(2026, 10, 3, 15, 30)),
        ("Africa/Nairobi", date(2026, 11, 18), time(8, 0), utc(2026, 11, 18, 5, 0)),
    ],
)
def test_local_times_at_the_change_of_the_clocks(zone: str, day: date, at: time, expected: datetime) -> None:
    assert moment_at(day, at, zone) == expected


@settings(deadline=None, max_examples=400)
@given(day=DAYS, at=TIMES, zone=st.sampled_from(ZONES))
def test_a_moment_reads_back_as_the_local_time_or_as_the_end_of_its_gap(day: date, at: time, zone: str) -> None:
    moment = moment_at(day, at, zone)
    local, wished = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None), datetime.combine(day, at)
    if local != wished:
        before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert before.replace(tzinfo=None) < wished < local, "not the first moment after a gap"
        assert before.utcoffset() != moment.astimezone(ZoneInfo(zone)).utcoffset()


@settings(deadline=None, max_examples=200)
@given(day=DAYS, zone=st.sampled_from(ZONES), at=TIMES)
def test_of_two_equal_local_times_it_is_the_first(day: date, zone: str, at: time) -> None:
    moment = moment_at(day, at, zone)
    for minutes in (30, 60, 120):
        earlier = (moment - timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
        assert earlier.replace(tzinfo=None) < datetime.combine(day, at)


@settings(deadline=None, max_examples=60)
@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_later_local_times_are_never_earlier_moments(day: date, zone: str) -> None:
    """Also over a change of the clocks: a timetable in local time runs in its order."""
    moments = [moment_at(day, time(hour, minute), zone) for hour in range(24) for minute in (0, 30)]
    assert all(first <= second for first, second in pairwise(moments))


def test_a_day_that_a_country_skipped_becomes_its_next_moment() -> None:
    """Samoa had no 30 December 2011. Asking for it must answer with some moment near, not fail."""
    moment = moment_at(date(2011, 12, 30), time(8), "Pacific/Apia")
    assert abs(moment - datetime(2011, 12, 30, 18, tzinfo=UTC)) <= timedelta(days=1)


def test_a_name_that_is_no_zone_is_refused_with_a_sentence() -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd", "x" * 300, "Europe"):
        with pytest.raises(ValueError, match="is not a time zone"):
            clock.zone(name)


@given(day=DAYS)
def test_weeks_begin_on_monday_and_follow_each_other(day: date) -> None:
    week = clock.week_of(day)
    assert clock.monday_of(week).isoweekday() == 1
    assert clock.monday_of(week) <= day < clock.monday_of(week + 1)
    assert clock.last_complete_week(day) == week - 1


def test_the_clock_can_be_set_and_goes_on_afterwards() -> None:
    moment = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    with clock.set_to(moment):
        assert clock.now() == moment
        assert clock.now().utcoffset() == timedelta(0)
    assert clock.now() == NOW


@pytest.mark.usefixtures("real_clock")
def test_where_nobody_has_set_it_it_is_the_real_one() -> None:
    assert datetime.now(UTC) <= clock.now() <= datetime.now(UTC)


FRIDAY = date(2026, 11, 20)
NAIROBI = WorkCalendar(zone="Africa/Nairobi")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (utc(2026, 11, 20, 5, 0), utc(2026, 11, 20, 5, 0)),  # 08:00 sharp is inside
        (utc(2026, 11, 20, 13, 59), utc(2026, 11, 20, 13, 59)),
        (utc(2026, 11, 20, 14, 0), utc(2026, 11, 23, 5, 0)),  # 17:00 sharp is over; Monday
        (utc(2026, 11, 20, 4, 59), utc(2026, 11, 20, 5, 0)),
        (utc(2026, 11, 21, 9, 0), utc(2026, 11, 23, 5, 0)),
        (utc(2026, 11, 22, 23, 0), utc(2026, 11, 23, 5, 0)),  # Sunday in UTC, Monday 02:00 in Nairobi
    ],
)
def test_the_next_working_moment(moment: datetime, expected: datetime) -> None:
    assert NAIROBI.next_working_moment(moment) == expected


def test_days_off_and_weekends_are_passed_over_and_work_on_sundays_is_work() -> None:
    off = WorkCalendar(zone="Africa/Nairobi", days_off=frozenset({FRIDAY, date(2026, 11, 23)}))
    assert off.next_working_day(FRIDAY) == date(2026, 11, 24)
    assert off.working_days_after(date(2026, 11, 19), 1) == date(2026, 11, 24)
    sundays = WorkCalendar(working_days=frozenset({7}))
    assert sundays.next_working_day(FRIDAY) == date(2026, 11, 22)
    assert sundays.working_days_after(date(2026, 11, 22), 3) == date(2026, 12, 13)


def test_nought_working_days_after_a_day_off_is_the_next_working_day() -> None:
    assert NAIROBI.working_days_after(date(2026, 11, 21), 0) == date(2026, 11, 23)


def test_somebody_who_never_works_is_answered_at_all() -> None:
    """A team whose weekdays somebody emptied must not hang a job."""
    never = WorkCalendar(working_days=frozenset())
    assert never.next_working_day(FRIDAY) == FRIDAY
    assert never.next_morning(datetime(2026, 11, 20, 12, tzinfo=UTC)) == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_a_night_shift_that_begins_in_the_skipped_hour_begins_when_the_clocks_have_moved() -> None:
    calendar = WorkCalendar(
        zone="Europe/Berlin", working_days=frozenset(range(1, 8)), starts=time(2, 30), ends=time(10)
    )
    assert calendar.morning_of(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@settings(deadline=None, max_examples=200)
@given(
    moment=st.datetimes(FIRST, LAST),
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(1, 7), min_size=1),
)
def test_the_next_working_moment_is_never_past_and_always_inside(
    moment: datetime, zone: str, days: frozenset[int]
) -> None:
    calendar, at = WorkCalendar(zone=zone, working_days=days), moment.replace(tzinfo=UTC)
    found = calendar.next_working_moment(at)
    assert found >= at
    assert calendar.next_working_moment(found) == found
    assert clock.local_day(found, zone).isoweekday() in days


@settings(deadline=None, max_examples=60)
@given(
    day=st.dates(date(2026, 3, 20), date(2026, 4, 8)) | st.dates(date(2026, 10, 16), date(2026, 11, 3)),
    begun=st.integers(0, 24 * 12 - 1),
    zone=st.sampled_from(["Africa/Nairobi", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
    days=st.frozensets(st.integers(1, 7), min_size=1),
    starts=st.integers(0, 12),
    hours=st.integers(3, 11),
    off=st.frozensets(st.dates(date(2026, 10, 16), date(2026, 11, 10)), max_size=4),
    fives=st.integers(1, 16 * 12),
)
def test_working_time_is_what_counting_its_minutes_gives(
    day: date, begun: int, zone: str, days: frozenset[int], starts: int, hours: int, off: frozenset[date], fives: int
) -> None:
    """Around both changes of the clocks: five minutes after five, whatever the clock on the wall shows."""
    calendar = WorkCalendar(zone, days, time(starts), time(starts + hours), off)
    start = datetime.combine(day, time(), UTC) + timedelta(minutes=5 * begun)
    counted, now = 0, start
    while counted < fives:
        local = now.astimezone(ZoneInfo(zone))
        counted += calendar.is_working_day(local.date()) and calendar.starts <= local.time() < calendar.ends
        now += timedelta(minutes=5)
    assert calendar.after_working_time(start, timedelta(minutes=5 * fives)) == now
    assert calendar.working_time_between(start, now) == timedelta(minutes=5 * fives)
