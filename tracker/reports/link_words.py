"""What always stands beside a link, so that nobody reads more into it: the other way round, and teams compared with teams. Pure."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number, signed
from tracker.reports.engagement_rules import Link, half_a_point
from tracker.reports.engagement_sentences import driver_name, slope_words
from tracker.reports.link_rules import REVERSED


def link_words(link: Link, kept: Mapping[str, Any]) -> list[str]:
    """kept: of the same driver. Below the minimum the first says that it is too few, and there is no other."""
    told = half_a_point(kept["lags"][str(REVERSED)])
    words = [slope_words(link)]
    if told is not None:
        words.append(_reversed_words(link.driver, *told))
    if kept["averages"] is not None:
        words.append(_averages_words(*kept["averages"], teams=kept["averaged"]))
    return words


def _reversed_words(driver: str, by: float, low: float, high: float) -> str:
    return _(
        "The other way round: when its ratings were 0.5 stars above its own usual, its score for “%(driver)s” a month later moved by "
        "%(by)s points (%(low)s to %(high)s).",
        driver=driver_name(driver),
        by=signed(by, 2),
        low=signed(low, 2),
        high=signed(high, 2),
    )


def _averages_words(r: float, low: float, high: float, *, teams: int) -> str:
    return _(
        "Teams compared with teams: a correlation of %(r)s (%(low)s to %(high)s, %(teams)s teams). They differ in many ways, so that this "
        "is not evidence of a cause.",
        r=signed(r, 2),
        low=signed(low, 2),
        high=signed(high, 2),
        teams=number(teams, 0),
    )


def lag_label(lag: int) -> str:
    """In a picture."""
    return _("same month") if lag == 0 else _("+%(months)s mo", months=lag)
