"""How long a certificate is valid, and when somebody is reminded of it."""

from datetime import date, timedelta

REMINDED_DAYS = (90, 60, 30, 7)  # before it ends
RENEWED_DAYS = 14  # before it ends, the course can be done anew
AMBER_DAYS = 90


def expiry_of(issued_on: date, months: int) -> date | None:
    """The first day it is valid no more: the same day of the month, else the month's last. None: it never ends."""
    if months == 0:
        return None
    month = issued_on.month - 1 + months
    year, month = issued_on.year + month // 12, month % 12 + 1
    for day in range(issued_on.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, issued_on.day)


def reminder_days(issued_on: date, expires_on: date) -> list[date]:
    """The days on which somebody is reminded; those that were over when it was issued are left out."""
    days = (expires_on - timedelta(days=before) for before in REMINDED_DAYS)
    return [day for day in days if day > issued_on]


def first_reminder(issued_on: date, expires_on: date | None) -> date | None:
    """The next day on which something is due about it: a reminder, or its end. None when it never ends."""
    return next(iter([*reminder_days(issued_on, expires_on), expires_on])) if expires_on else None


def renewable_from(expires_on: date) -> date:
    return expires_on - timedelta(days=RENEWED_DAYS)
