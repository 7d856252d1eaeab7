"""Complaints after engagement, in words and rows that say no more than their ranges. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number, signed
from tracker.reports import ranges
from tracker.reports.complaint_words import so_many
from tracker.reports.engagement_rules import HALF_A_POINT
from tracker.reports.engagement_sentences import basis_of, driver_name
from tracker.reports.link_rules import LAGS, LATER, REVERSED
from tracker.reports.sections import Figures, Table, Value

TIMES = 10  # “about 3 times in 10”
EACH = 1000
# From complaints for each 100 ratings and point to those for each 1,000 and half a point.
SCALE = HALF_A_POINT * EACH / 100
FEWEST = 30  # complaints
TEN = 10  # complaints more in 100 ratings: what the other way round is told for


@dataclass(frozen=True)
class Moved:
    """Complaints more for each 1,000 ratings where engagement was half a point above usual; the ends rounded outwards to tenths.
    `verdict`: 1 more, -1 fewer, 0 cannot tell."""

    driver: str
    estimate: float
    low: float
    high: float
    found: bool

    @property
    def verdict(self) -> int:
        return 0 if not self.found else 1 if self.low > 0 else -1 if self.high < 0 else 0


def heading() -> str:
    return _("Complaints after engagement")


def method() -> str:
    return _(
        "Each team against its own usual and everybody’s month, so that lasting differences between teams count for nothing: complaints "
        "for each 1,000 of its ratings a month later, for half a point of its published answers. The likely range, 95 %%, leaves out each "
        "team once. It takes 10 teams and 12 months, or 20 and 6, and %(fewest)s complaints; below that no figure is shown here or "
        "anywhere. Where several questions are looked at, of ten that are called clear one at most is chance. Complaints open by "
        "themselves with low ratings, so this is no second proof of what ratings show.",
        fewest=FEWEST,
    )


def headline(figures: Figures) -> list[str]:
    """The finding with its range, then how often one would be found."""
    if not figures["links"]:
        return [
            _("We cannot tell yet whether engagement and complaints go together: no round of the pulse has closed.")
        ]
    if not figures["months"]:
        return [_("Too early to tell: no whole month since the first complaint was taken here.")]
    found = findings(figures)
    if not found:
        return [
            _("We cannot tell whether customers of engaged teams complain less: too few teams, months or complaints."),
            needed(figures),
        ]
    return [sentence(found[0]), needed(figures)]


def findings(figures: Figures) -> list[Moved]:
    """What may be said of a month later: those found first, then as kept, all three inputs first. Nothing below the minimum."""
    shown = [(driver, link, link["lags"][str(LATER)]) for driver, link in figures["links"].items()]
    found = [moved(driver, kept, found=link["found"]) for driver, link, kept in shown if kept is not None]
    return sorted(found, key=lambda one: one.verdict == 0)


def moved(driver: str, kept: Sequence[float], *, found: bool) -> Moved:
    estimate, low, high = (round(SCALE * value, 6) for value in kept)
    return Moved(driver, estimate, floor(round(10 * low, 6)) / 10, ceil(round(10 * high, 6)) / 10, found)


def sentence(one: Moved) -> str:
    given = {"driver": driver_name(one.driver), "between": between(one.low, one.high)}
    if one.verdict < 0:
        return _(
            "When a team’s score for “%(driver)s” was 0.5 above its own usual, its customers complained clearly less a month later: "
            "%(between)s for each 1,000 ratings. A pattern over months, no proof of a cause.",
            **given,
        )
    if one.verdict > 0:
        return _(
            "When a team’s score for “%(driver)s” was 0.5 above its own usual, its customers complained clearly more a month later: "
            "%(between)s for each 1,000 ratings. A pattern over months, no proof of a cause.",
            **given,
        )
    return _(
        "When a team’s score for “%(driver)s” was 0.5 above its own usual, there were a month later %(between)s complaints for each "
        "1,000 ratings: we cannot tell.",
        **given,
    )


def between(low: float, high: float) -> str:
    """4 fewer to 1 more, 3 to 12 fewer, 3 to 12 more."""
    first, last = number(abs(low), 1), number(abs(high), 1)
    if low < 0 < high:
        return _("%(low)s fewer to %(high)s more", low=first, high=last)
    if low < 0:
        return _("%(low)s to %(high)s fewer", low=last, high=first)
    return _("%(low)s to %(high)s more", low=first, high=last)


def needed(figures: Figures) -> str:
    """What it rests on, and how often a real link would be seen with so much; of the same question as the finding."""
    links: Mapping[str, Any] = figures["links"]
    link = links[next((one.driver for one in findings(figures)), next(iter(links)))]
    return _(
        "%(basis)s, %(complaints)s on %(ratings)s ratings. It takes 10 teams and 12 months, or 20 and 6, and %(fewest)s "
        "complaints. With so many it would be seen about %(times)s times in 10 if complaints really halved with every point.",
        basis=basis_of(link["teams"], link["months"]),
        complaints=so_many(figures["complaints"]),
        ratings=number(figures["ratings"], 0),
        fewest=FEWEST,
        times=number(round(TIMES * link["power"]), 0),
    )


def facts(figures: Figures) -> list[tuple[str, str]]:
    """What stands beside the finding, of the same question: the other way round, and teams compared with teams."""
    found = findings(figures)
    if not found:
        return []
    link = figures["links"][found[0].driver]
    back, averages = link["lags"][str(REVERSED)], link["averages"]
    told = []
    if back is not None:
        told.append((_("The other way round: complaints first"), _points(back)))
    if averages is not None:
        told.append((_("Teams compared with teams"), _correlation(averages)))
    return told


def _points(kept: Sequence[float]) -> str:
    _estimate, low, high = (TEN * value for value in kept)
    given = {"low": signed(low, 2), "high": signed(high, 2)}
    if low > 0 or high < 0:
        return _(
            "a month after 10 complaints more in 100 ratings the score moved by %(low)s to %(high)s points", **given
        )
    return _(
        "a month after 10 complaints more in 100 ratings the score moved by %(low)s to %(high)s points: cannot tell",
        **given,
    )


def _correlation(kept: Sequence[float]) -> str:
    estimate, low, high = (signed(value, 2) for value in kept)
    return _(
        "correlation %(estimate)s (%(low)s to %(high)s): teams differ in many ways, so this is not evidence of a cause",
        estimate=estimate,
        low=low,
        high=high,
    )


def tables(figures: Figures) -> list[Table]:
    return [_lags(figures), _back(figures), _averages(figures)] if figures["links"] and figures["months"] else []


def _lags(figures: Figures) -> Table:
    headings = [_("Asked about"), _("Months later"), _("Teams"), _("Months")]
    headings += [_("Complaints more for each 1,000 ratings and half a point"), *ranges.range_headings()]
    rows: list[list[Value]] = []
    for driver, link in figures["links"].items():
        for lag in (lag for lag in LAGS if lag >= 0):
            kept = link["lags"][str(lag)]
            values: list[Value] = [None] * 3 if kept is None else [round(SCALE * value, 2) for value in kept]
            rows.append([driver_name(driver), lag, link["teams"], link["months"], *values])
    return Table(heading(), headings, rows)


def _back(figures: Figures) -> Table:
    headings = [_("Asked about"), _("Points a month after 10 complaints more in 100 ratings"), *ranges.range_headings()]
    rows: list[list[Value]] = [
        [driver_name(driver), *([round(TEN * value, 2) for value in kept] if kept else [None] * 3)]
        for driver, link in figures["links"].items()
        for kept in [link["lags"][str(REVERSED)]]
    ]
    return Table(_("The other way round: complaints first"), headings, rows)


def _averages(figures: Figures) -> Table:
    headings = [_("Asked about"), _("Teams"), _("Correlation with complaints"), *ranges.range_headings()]
    rows: list[list[Value]] = [
        [driver_name(driver), link["averaged"], *(link["averages"] or [None] * 3)]
        for driver, link in figures["links"].items()
    ]
    return Table(_("Complaints, teams compared with teams: no evidence of a cause"), headings, rows)
