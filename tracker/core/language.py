"""Languages, and how numbers, days and moments are written in them."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, get_locale
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import View, Viewer, is_for_customers, viewer_or_none

# Languages whose texts are complete for staff. The choice is shown as soon as there are two.
LANGUAGES = {"en": "English"}
# Those of the pages that customers see; a test holds their catalogues complete.
PUBLIC_LANGUAGES = {"en": "English", "sw": "Kiswahili", "fr": "Français"}


def start(app: Flask) -> None:
    Babel(app, locale_selector=_chosen)
    app.extensions["language_of_place"] = lambda: None
    app.jinja_env.filters.update(
        number=number,
        day=day,
        long_day=long_day,
        month=month,
        long_month=long_month,
        moment=moment,
        hour=hour,
        tied=tied,
        full_moment=full_moment,
    )


def decided_by_place(app: Flask, language_of_place: Callable[[], str | None]) -> None:
    """`language_of_place` comes from the intake package: what a kiosk's page is in; None where no kiosk stands."""
    app.extensions["language_of_place"] = language_of_place


def in_public_languages(view: View) -> View:
    """Mark a page of staff whose texts are complete in the customers' languages too; it goes under the audience."""
    cast(Any, view).is_in_public_languages = True
    return view


def _chosen() -> str:
    """For staff the language of their profile; on customers' pages the one chosen there, before that the browser's."""
    if speaks_to_customers():
        of_place: str | None = current_app.extensions["language_of_place"]()
        return of_place or asked_language() or request.accept_languages.best_match(PUBLIC_LANGUAGES) or "en"
    person = viewer_or_none()
    if speaks_public_languages():
        return asked_language() or _of_profile(person) or request.accept_languages.best_match(PUBLIC_LANGUAGES) or "en"
    return person.language if person and person.language in LANGUAGES else "en"


def _of_profile(person: Viewer | None) -> str | None:
    """English is what every profile begins with, so that alone it says nothing."""
    return person.language if person and person.language in PUBLIC_LANGUAGES and person.language != "en" else None


def speaks_public_languages() -> bool:
    """Whether this page speaks the customers' languages, whoever reads it."""
    if not has_request_context():
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return speaks_to_customers() or bool(getattr(view, "is_in_public_languages", False))


def speaks_to_customers() -> bool:
    """Whether a customer reads this page: one of theirs, or an address that leads nowhere, read by nobody who is signed in."""
    if not has_request_context():
        return False
    return viewer_or_none() is None if request.endpoint is None else is_for_customers()


def asked_language() -> str | None:
    """The language chosen by link on such a page, to be kept on the way to the next."""
    code = request.args.get("language", "")
    return code if code in PUBLIC_LANGUAGES else None


def locale() -> Locale:
    return get_locale() or Locale("en")


def number(value: float, places: int = 1) -> str:
    """4.5, in French 4,5."""
    return _number(value, places, str(locale()))


def signed(value: float, places: int) -> str:
    """+0.2, −0.1 or 0.0, with a real minus sign; what is written as nothing has none."""
    words = number(abs(value), places)
    if words == number(0, places):
        return words
    return f"+{words}" if value > 0 else f"−{words}"


def tied(sentence: str) -> str:
    """For a page: no line ends between a number and its “%”, nor between “n =” and its number."""
    return sentence.replace(" %", "\u00a0%").replace("n = ", "n\u00a0=\u00a0")


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


def month(value: date) -> str:
    """Nov 2026, for the head of a column."""
    return _date(value, "MMM y", str(locale()))


def plain_day(value: date) -> str:
    """12 March, inside a sentence; with the year when it is not this one."""
    return _date(value, "d MMMM" + _year(value), str(locale()))


def _year(value: date) -> str:
    return "" if value.year == clock.now().year else " y"


@lru_cache(maxsize=4096)
def _date(value: date, pattern: str, language: str) -> str:
    return str(format_date(value, pattern, locale=language))


def long_month(value: date) -> str:
    """November 2026, standing alone."""
    return _date(value, "LLLL y", str(locale()))


def moment(value: datetime, zone: str | None = None) -> str:
    """Thu 26 Nov, 10:30 in the reader's zone."""
    local = value.astimezone(clock.zone(zone or _zone()))
    return _("%(day)s, %(hour)s", day=day(local.date()), hour=format_time(local, "HH:mm", locale=locale()))


def full_moment(value: datetime) -> str:
    """Thursday 26 November 2026, 10:30 in the reader's zone: for what is kept for years, such as a file."""
    local = value.astimezone(clock.zone(_zone()))
    return _("%(day)s, %(hour)s", day=long_day(local.date()), hour=format_time(local, "HH:mm", locale=locale()))


def hour(value: datetime, zone: str | None = None) -> str:
    return str(format_datetime(value.astimezone(clock.zone(zone or _zone())), "HH:mm", tzinfo=None, locale=locale()))


def _zone() -> str:
    person = viewer_or_none()
    return person.time_zone if person else "UTC"
