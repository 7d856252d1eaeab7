"""Kenya's public holidays.

The two Idd days follow the tabular Islamic calendar; the day announced after sighting the moon can be one day off.
"""

from __future__ import annotations

from datetime import date, timedelta

from tracker.demo.records import Holiday

FIXED = (
    (1, 1, "New Year’s Day"),
    (5, 1, "Labour Day"),
    (6, 1, "Madaraka Day"),
    (10, 10, "Mazingira Day"),
    (10, 20, "Mashujaa Day"),
    (12, 12, "Jamhuri Day"),
    (12, 25, "Christmas Day"),
    (12, 26, "Boxing Day"),
)
IDD = ((10, 1, "Idd-ul-Fitr"), (12, 10, "Idd-ul-Azha"))
JULIAN_DAY_OF_ORDINAL_ZERO = 1721425
ISLAMIC_EPOCH = 1948440


def public_holidays(first: date, last: date) -> tuple[Holiday, ...]:
    """Holidays from `first` to `last`, both included, by day; a holiday on a Sunday adds the next free Monday."""
    named: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        named |= _holidays_of(year)
    return tuple(Holiday(day, name) for day, name in sorted(named.items()) if first <= day <= last)


def _holidays_of(year: int) -> dict[date, str]:
    easter = easter_sunday(year)
    named = {date(year, month, day): name for month, day, name in FIXED}
    named |= {easter - timedelta(days=2): "Good Friday", easter + timedelta(days=1): "Easter Monday"}
    named |= _idd_days(year)
    for day in sorted(named):
        if day.weekday() == 6:
            substitute = day + timedelta(days=1)
            while substitute in named:
                substitute += timedelta(days=1)
            named[substitute] = f"{named[day]} (day off)"
    return named


def easter_sunday(year: int) -> date:
    """Western Easter by Gauss's rule with the Gregorian corrections (anonymous algorithm, 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _idd_days(year: int) -> dict[date, str]:
    nearest = round((year - 622) * 33 / 32)
    days = {}
    for islamic_year in range(nearest - 1, nearest + 3):
        for month, day, name in IDD:
            found = _tabular_islamic(islamic_year, month, day)
            if found.year == year:
                days[found] = name
    return days


def _tabular_islamic(year: int, month: int, day: int) -> date:
    days_of_years = (year - 1) * 354 + (3 + 11 * year) // 30
    days_of_months = (59 * (month - 1) + 1) // 2
    julian_day = ISLAMIC_EPOCH - 1 + days_of_years + days_of_months + day
    return date.fromordinal(julian_day - JULIAN_DAY_OF_ORDINAL_ZERO)
