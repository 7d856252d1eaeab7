"""When a customer is asked, and how an address is written: pure rules."""

from datetime import datetime, time, timedelta

from email_validator import EmailNotValidError, validate_email

from tracker.access.rules import keyed_hash
from tracker.core import clock

OPENS, CLOSES = time(8), time(20)  # local hours of the team; nobody is written to at night
CAP = timedelta(days=30)
REMINDER_AFTER = timedelta(days=3)
TOO_LATE = timedelta(days=14)  # after service ended nobody is asked any more
HASH_KEPT = timedelta(days=60)  # the cap needs 30 days after the last moment of asking
SOURCES = ("api", "file", "page")
REASONS = (
    "declined",
    "works_here",
    "asked_before",
    "asked_elsewhere",
    "answered",
    "too_late",
    "handler_unknown",
)


def next_asking_moment(moment: datetime, zone: str) -> datetime:
    """`moment` itself between 08:00 and 20:00 local time, else the next 08:00."""
    if is_asking_time(moment, zone):
        return moment
    day = clock.local_day(moment, zone)
    opens = clock.moment_at(day, OPENS, zone)
    return opens if moment < opens else clock.moment_at(day + timedelta(days=1), OPENS, zone)


def is_asking_time(moment: datetime, zone: str) -> bool:
    return OPENS <= moment.astimezone(clock.zone(zone)).time() < CLOSES


def address_of(text: str) -> str | None:
    """An address in the one form that is kept and compared; None for what cannot be one."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def hash_of(address: str, key: str) -> str:
    """A name for an address that tells nothing without the key."""
    return keyed_hash(key, f"customer address|{address}")
