"""Names, units and verdicts of the fairness audit. Ends of ranges are rounded outwards, and a verdict goes by the ends as they are told."""

import math
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number, signed
from tracker.reports.fairness_rules import NOT_RECORDED, OTHERS
from tracker.reviews.sentences import language_name

Measured = Mapping[str, Any]
A_YEAR = 52 * 100  # checks of 100 people who can be checked in every week
SCALE = {"score": 1, "alerts": A_YEAR, "answers": 100, "left_out": 100, "changed": 100}
PLACES = {"score": 2, "alerts": 1, "answers": 1, "left_out": 2, "changed": 0}
OFTEN = 10.0  # “more than 10 times”: what lies beyond is told no closer


def looked_at(key: str) -> str:
    names = {
        "contract": _("Contract"),
        "language": _("Language in which they use this"),
        "tenure": _("Time here"),
        "shift": _("Shift"),
    }
    return names[key]


def group_name(key: str, group: str) -> str:
    """`key`: what is looked at."""
    names = {
        OTHERS: _("All smaller groups together"),
        NOT_RECORDED: _("Not recorded"),
        "1_under_6": _("Under 6 months"),
        "2_6_to_24": _("6 to 24 months"),
        "3_over_24": _("Over 24 months"),
        "1_early": _("Early"),
        "2_day": _("Day"),
        "3_late": _("Late"),
        "4_night": _("Night"),
        "5_changing": _("Changing shifts"),
    }
    if group in names:
        return names[group]
    written = group.removeprefix("=")
    return language_name(written) if key == "language" else written[:1].upper() + written[1:]


def measure_name(measure: str) -> str:
    names = {
        "score": _("Stars above what the same work usually gets"),
        "alerts": _("Alerts a year, of 100 people checked every week"),
        "answers": _("Customers who answer, of 100 asked"),
        "left_out": _("Ratings left out, of 100"),
        "changed": _("Alerts whose ratings a second look changed, of 100"),
    }
    return names[measure]


def people(group: Measured) -> str:
    return ngettext("%(num)d person", "%(num)d people", group["people"])


def checked_name() -> str:
    return _("Weeks with ratings enough for the check, of 100")


def checked(group: Measured) -> str:
    """Of the weeks that the group's people worked here."""
    if group["checked"] is None:
        return "–"
    share, weeks = number(group["checked"] * 100, 0), number(group["weeks"], 0)
    return _("%(share)s of %(weeks)s weeks of a person", share=_("%(share)s %%", share=share), weeks=weeks)


def basis(measure: str, n: int) -> str:
    names = {
        "score": _("%(n)s ratings", n=number(n, 0)),
        "alerts": _("%(n)s checks", n=number(n, 0)),
        "answers": _("%(n)s customers asked", n=number(n, 0)),
        "left_out": _("%(n)s ratings", n=number(n, 0)),
        "changed": _("%(n)s alerts", n=number(n, 0)),
    }
    return names[measure]


def verdict(measure: str, found: Measured | None) -> str:
    """“higher”, “lower”, “unclear”, “few teams” or “hidden”: all that sentence and table may claim."""
    if found is None:
        return "hidden"
    if not found["enough"] or found["apart"][1] is None:
        return "few teams"
    low, high = ends(measure, found)
    usual = 0 if measure == "score" else 1
    return "higher" if found["found"] and low > usual else "lower" if found["found"] and high < usual else "unclear"


def verdict_words(measure: str, found: Measured | None) -> str:
    words = {
        "higher": _("clearly higher") if measure == "score" else _("clearly more often"),
        "lower": _("clearly lower") if measure == "score" else _("clearly less often"),
        "unclear": _("cannot tell"),
        "few teams": _("too few teams"),
        "hidden": _("too few to show"),
    }
    return words[verdict(measure, found)]


def ends(measure: str, found: Measured) -> tuple[float, float]:
    """The range against everybody else, never told narrower than it is: hundredths of a star; of times as often, hundredths below 1."""
    _value, low, high = found["apart"]
    if measure == "score":
        return _floor(low, 100), _ceil(high, 100)
    high = math.inf if high is None else high
    return _floor(low, 100 if low < 1 else 10), high if high == math.inf else _ceil(high, 100 if high <= 1 else 10)


def apart_words(measure: str, found: Measured) -> str:
    """−0.05 (−0.12 to +0.02), or 1.6 times (0.8 to 3.1)."""
    low, high = ends(measure, found)
    value = found["apart"][0]
    if measure == "score":
        return _("%(value)s (%(low)s to %(high)s)", value=signed(value, 2), low=signed(low, 2), high=signed(high, 2))
    return _("%(value)s times (%(range)s)", value=_times(value), range=range_words(low, high))


def beside(measure: str, found: Measured) -> str:
    """What the cell of a table says under its figure."""
    words = verdict_words(measure, found)
    if found["apart"][1] is None:
        return words
    return _("%(words)s: %(apart)s", words=words, apart=apart_words(measure, found))


def range_words(low: float, high: float) -> str:
    """0.8 to 3.1, of times as often."""
    if high > OFTEN:
        return _("%(low)s to more than %(often)s", low=_times(min(low, OFTEN)), often=number(OFTEN, 0))
    return _("%(low)s to %(high)s", low=_times(low), high=_times(high))


def own_words(measure: str, found: Measured) -> str:
    """7.9 (4.1 to 14.8), in the unit of measure_name."""
    value, low, high = (_own(measure, one) for one in found["own"])
    return _("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high)


def _own(measure: str, value: float | None) -> str:
    if value is None:
        return "–"
    return signed(value, 2) if measure == "score" else number(value * SCALE[measure], PLACES[measure])


def _times(value: float | None) -> str:
    if value is None:
        return "–"
    return number(value, 2 if value < 1 else 1)


def _floor(value: float, parts: int) -> float:
    return math.floor(round(value * parts, 6)) / parts


def _ceil(value: float, parts: int) -> float:
    return math.ceil(round(value * parts, 6)) / parts
