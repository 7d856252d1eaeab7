"""Dates as people write them, turned into one instant and one local day; nothing is guessed where two can be meant."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

DateOrder = Literal["day", "month", "ambiguous", "iso"]
NOON = time(12)
EARLIEST_YEAR = 1990
LOPSIDED = 10  # so many times more dates of one order than of the other settle it: the rest are slips of the pen
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTH_BEGINNINGS = {  # English, French, Swahili; the longest beginning that fits is taken
    "jan": 1,
    "feb": 2,
    "fév": 2,
    "fev": 2,
    "mar": 3,
    "mac": 3,
    "apr": 4,
    "avr": 4,
    "may": 5,
    "mai": 5,
    "mei": 5,
    "jun": 6,
    "juin": 6,
    "jul": 7,
    "juil": 7,
    "aug": 8,
    "aoû": 8,
    "aou": 8,
    "ago": 8,
    "sep": 9,
    "oct": 10,
    "okt": 10,
    "nov": 11,
    "dec": 12,
    "déc": 12,
    "des": 12,
}
TIME = (
    r"(?:[\s,T]+(?:at\s+)?(?P<hour>\d{1,2})[:h.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
)
NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})" + TIME, re.IGNORECASE)
NAMED = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)??(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s./-]*(?P<month>[^\W\d_]{3,10})|"
    r"(?P<month2>[^\W\d_]{3,10})\.?[\s-]+(?P<day2>\d{1,2})(?:st|nd|rd|th)?)[\s./,-]*(?P<year>\d{4}|\d{2})" + TIME,
    re.IGNORECASE,
)


class Moment(NamedTuple):
    """When something was: the instant in UTC and the day it was in the zone asked for."""

    at: datetime
    on: date


class DateReader:
    """Reads the dates of one file. Called with a text it returns a Moment, or the reason why not as a sentence.

    `day_first` True or False says how 03/04/2026 is meant; None reads only what can mean one day. A date without a time
    counts at noon in `zone`; a local time the clocks skip is the first one after the gap, one they repeat is the first.
    `now` is aware; more than a day after it is refused.
    """

    def __init__(self, *, day_first: bool | None, zone: ZoneInfo, now: datetime) -> None:
        self._day_first = day_first
        self._zone = zone
        self._latest = now.astimezone(UTC) + timedelta(days=1)
        self._known: dict[str, Moment | str] = {}
        self._offsets: dict[int, timedelta | None] = {}

    def __call__(self, text: str) -> Moment | str:
        moment = self._known.get(text)
        if moment is None:
            if len(self._known) > 50_000:  # most files repeat few days or never repeat a second: no need to keep all
                self._known.clear()
            moment = self._known[text] = self._read(text.strip())
        return moment

    def _read(self, text: str) -> Moment | str:
        if not text:
            return "There is no date in this row"
        try:
            if text.isdecimal():
                return self._checked(_from_digits(text), has_time=len(text) > 8)
            return self._checked(datetime.fromisoformat(text), has_time=len(text) > 10)
        except (ValueError, OverflowError):
            return self._read_written(text)

    def _read_written(self, text: str) -> Moment | str:
        found = NUMERIC.fullmatch(text) or NAMED.fullmatch(text)
        if found is None:
            return f"“{text[:40]}” is not a date that can be read"
        day = _numeric_day(found, self._day_first) if "mark" in found.re.groupindex else _named_day(found)
        if isinstance(day, str):
            return day
        if found["hour"] is None:
            return self._checked(datetime.combine(day, NOON), has_time=True)
        clock = _clock_time(found)
        if clock is None:
            return f"There is no such time of day: {text[found.start('hour') :]}"
        return self._checked(datetime.combine(day, clock), has_time=True)

    def _checked(self, at: datetime, *, has_time: bool) -> Moment | str:
        at = at if has_time else datetime.combine(at, NOON)
        if at.year < EARLIEST_YEAR:
            return f"The year {at.year} is too long ago"
        if at.tzinfo is None:
            offset = self._offset_all_day(at)
            utc = in_utc(at, self._zone) if offset is None else (at - offset).replace(tzinfo=UTC)
        else:
            offset, utc = None, at.astimezone(UTC)
        if utc > self._latest:
            return "This is in the future"
        return Moment(utc, utc.astimezone(self._zone).date() if offset is None else at.date())

    def _offset_all_day(self, at: datetime) -> timedelta | None:
        """Return the zone's offset from UTC on that day; None when the clocks change. Asking the zone once a day, not
        once a row, makes reading a file of seconds several times faster."""
        day = at.toordinal()
        if day not in self._offsets:
            midnight = datetime.combine(at, time(), self._zone)
            ends = (midnight - timedelta(hours=1), midnight, midnight + timedelta(days=1, hours=1))
            offsets = {end.replace(fold=fold).utcoffset() for end in ends for fold in (0, 1)}
            self._offsets[day] = offsets.pop() if len(offsets) == 1 else None
        return self._offsets[day]


def tells_the_hour(text: str) -> bool:
    """Whether a date that could be read says a time of day, and is not only put at noon."""
    text = text.strip()
    if text.isdecimal():
        return len(text) > 8
    found = NUMERIC.fullmatch(text) or NAMED.fullmatch(text)
    return found["hour"] is not None if found else len(text) > 10


def in_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Turn a naive local time into UTC: the first of two when clocks go back, the end of the gap when they go on."""
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or after <= before:
        return first.astimezone(UTC)
    # In a gap. Halve the interval that holds the change of the clocks, down to a second.
    low, high = (wall - after).replace(tzinfo=UTC), (wall - before).replace(tzinfo=UTC)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high.replace(microsecond=0)


def date_order(values: Iterable[str]) -> DateOrder:
    """Say which order the dates of a column are written in, as far as the values settle it.

    "iso" when none of them needs an order; "ambiguous" when some do and nothing settles it. Goes through the values
    once and keeps none.
    """
    day = month = open_to_both = 0
    for value in values:
        found = NUMERIC.fullmatch(value.strip())
        if found is None or len(found["a"]) > 2:
            continue
        first, second = int(found["a"]), int(found["b"])
        day += first > 12 >= second or (found["mark"] == "." and second <= 12)
        month += second > 12 >= first
        open_to_both += 1
    if day > LOPSIDED * month:
        return "day"
    if month > LOPSIDED * day:
        return "month"
    return "ambiguous" if open_to_both else "iso"


def _from_digits(text: str) -> datetime:
    """Read 20261003, or a count of seconds (9 or 10 digits) or of milliseconds (12 or 13) since 1970."""
    if len(text) == 8:
        return datetime.fromisoformat(text)
    if len(text) in {9, 10, 12, 13}:
        return datetime.fromtimestamp(int(text) / (1 if len(text) < 11 else 1000), UTC)
    raise ValueError(text)


def _numeric_day(found: re.Match[str], day_first: bool | None) -> date | str:
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) > 2:
        return _day(a, b, c)
    if found["mark"] == "." and day_first is None:
        day_first = True  # only languages that put the day first write dates with points
    if day_first is None:
        if a <= 12 and b <= 12 and a != b:
            either = f"{a} {MONTHS[b - 1]} or {b} {MONTHS[a - 1]}" if a and b else ""
            return f"{found['a']}/{found['b']}/{found['c']} can be {either}. Say which: day first or month first."
        day_first = b <= 12
    day, month = (a, b) if day_first else (b, a)
    if month > 12 >= day:
        return f"There is no month {month}. Is the {'month' if day_first else 'day'} first?"
    return _day(_full_year(found["c"]), month, day)


def _named_day(found: re.Match[str]) -> date | str:
    name = (found["month"] or found["month2"]).casefold()
    month = MONTH_BEGINNINGS.get(name[:4]) or MONTH_BEGINNINGS.get(name[:3])
    if month is None:
        return f"“{name}” is not the name of a month"
    return _day(_full_year(found["year"]), month, int(found["day"] or found["day2"]))


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= EARLIEST_YEAR - 1900 else 2000)


def _day(year: int, month: int, day: int) -> date | str:
    if not 1 <= month <= 12:
        return f"There is no month {month}"
    try:
        return date(year, month, day)
    except ValueError:
        if not EARLIEST_YEAR <= year <= 9999:
            return f"There is no year {year}"
        return f"{MONTHS[month - 1]} {year} has no day {day}"


def _clock_time(found: re.Match[str]) -> time | None:
    hour, offset = int(found["hour"]), found["offset"]
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    try:
        clock = time(hour, int(found["minute"]), int(found["second"] or 0))
        if offset is None:
            return clock
        return clock.replace(tzinfo=UTC if offset[0] not in "+-" else datetime.strptime(offset, "%z").tzinfo)
    except ValueError:
        return None
