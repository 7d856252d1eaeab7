"""Languages, and how numbers, days and moments are written in them."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import Babel, get_locale
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import viewer_or_none

# Languages whose texts are complete. The choice is shown as soon as there are two.
LANGUAGES = {"en": "English"}


def start(app: Flask) -> None:
    Babel(app, locale_selector=_chosen)
    app.jinja_env.filters.update(number=number, day=day, long_day=long_day, moment=moment, hour=hour)


def _chosen() -> str:
    """The language of the person's profile; nobody signed in: the default."""
    person = viewer_or_none()
    return person.language if person and person.language in LANGUAGES else "en"


def locale() -> Locale:
    return get_locale() or Locale("en")


def number(value: float, places: int = 1) -> str:
    """4.5, in French 4,5."""
    return _number(value, places, str(locale()))


@lru_cache(maxsize=4096)  # a page writes hundreds of numbers, and scores are few
def _number(value: float, places: int, language: str) -> str:
    return str(format_decimal(value, format=f"0.{'0' * places}" if places else "#,##0", locale=language))


def day(value: date) -> str:
    """Thu 26 Nov; with the year when it is not this one."""
    return _date(value, "EEE d MMM" + _year(value), str(locale()))


def short_day(value: date) -> str:
    """5 Oct: short enough for an axis, and for the first column of a narrow table."""
    return _date(value, "d MMM", str(locale()))


def long_day(value: date) -> str:
    """Friday 4 December 2026."""
    return _date(value, "EEEE d MMMM y", str(locale()))


def plain_day(value: date) -> str:
    """12 March, inside a sentence; with the year when it is not this one."""
    return _date(value, "d MMMM" + _year(value), str(locale()))


def _year(value: date) -> str:
    return "" if value.year == clock.now().year else " y"


@lru_cache(maxsize=4096)
def _date(value: date, pattern: str, language: str) -> str:
    return str(format_date(value, pattern, locale=language))


def moment(value: datetime, zone: str | None = None) -> str:
    """Thu 26 Nov, 10:30 in the reader's zone."""
    local = value.astimezone(clock.zone(zone or _zone()))
    return _("%(day)s, %(hour)s", day=day(local.date()), hour=format_time(local, "HH:mm", locale=locale()))


def hour(value: datetime, zone: str | None = None) -> str:
    return str(format_datetime(value.astimezone(clock.zone(zone or _zone())), "HH:mm", tzinfo=None, locale=locale()))


def _zone() -> str:
    person = viewer_or_none()
    return person.time_zone if person else "UTC"
