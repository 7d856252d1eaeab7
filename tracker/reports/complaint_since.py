"""Complaints for each rating, against the same months a year before. Pure."""

from dataclasses import dataclass
from math import ceil, floor, isinf

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.complaint_words import EACH, LATEST, between, per_thousand, so_many, times
from tracker.reports.ranges import FEWEST_RATINGS
from tracker.reports.sections import Figures, Since, Table, Value
from tracker.statistics.rates import Month, times_as_many_by_month


@dataclass(frozen=True)
class Change:
    """So many months of both years; complaints and ratings of either; low, high: how many times as many a rating now, rounded
    outwards to hundredths."""

    months: int
    now: Month
    then: Month
    low: float
    high: float


def since(now: Figures, then: Figures) -> Since:
    change = changed(now, then)
    return ([sentence(change)], [_table(change)]) if change else ([], [])


def changed(now: Figures, then: Figures) -> Change | None:
    """None below three months in which complaints were taken in both years, below 30 ratings in either, or without a complaint."""
    if now["hidden"] or then["hidden"]:
        return None
    this_year, year_before = _by_month(now), _by_month(then)
    both = [month for month in this_year if month in year_before]
    later, earlier = [this_year[month] for month in both], [year_before[month] for month in both]
    of_now, of_then = _added(later), _added(earlier)
    if len(both) < LATEST or min(of_now[1], of_then[1]) < FEWEST_RATINGS or of_now[0] + of_then[0] == 0:
        return None
    low, high = times_as_many_by_month(later, earlier)
    low, high = floor(100 * low) / 100, high if isinf(high) else ceil(100 * high) / 100
    return Change(len(both), now=of_now, then=of_then, low=low, high=high)


def _by_month(figures: Figures) -> dict[str, Month]:
    """Month of the year, as 10 -> complaints, ratings."""
    return {one["month"][5:7]: (one["complaints"], one["ratings"]) for one in figures["months"]}


def _added(months: list[Month]) -> Month:
    return sum(one[0] for one in months), sum(one[1] for one in months)


def sentence(change: Change) -> str:
    ends = per_thousand(change.then[0], int(change.then[1])) or (0.0, 0.0)
    given = {
        "months": change.months,
        "between": between(ends),
        "complaints": so_many(change.then[0]),
        "ratings": number(change.then[1], 0),
        "n": so_many(change.now[0]),
        "of": number(change.now[1], 0),
        "times": times(change.low, change.high),
    }
    if change.low > 1:
        return _(
            "In the same %(months)s months a year before there were %(between)s for each 1,000 ratings (%(complaints)s, "
            "%(ratings)s ratings): clearly more now (%(n)s, %(of)s ratings), for each rating %(times)s times as many.",
            **given,
        )
    if change.high < 1:
        return _(
            "In the same %(months)s months a year before there were %(between)s for each 1,000 ratings (%(complaints)s, "
            "%(ratings)s ratings): clearly fewer now (%(n)s, %(of)s ratings), for each rating %(times)s times as many.",
            **given,
        )
    return _(
        "In the same %(months)s months a year before there were %(between)s for each 1,000 ratings (%(complaints)s, "
        "%(ratings)s ratings). Whether that has changed we cannot tell: now (%(n)s, %(of)s ratings) likely "
        "%(times)s times as many for each rating.",
        **given,
    )


def _table(change: Change) -> Table:
    likely = ranges.range_headings()
    headings = [_("Year"), _("Months"), _("Complaints"), _("Ratings"), _("For each 1,000 ratings"), *likely]
    headings += [_("Times as many for each rating: likely from"), _("Likely to"), _("Finding")]
    highest = None if isinf(change.high) else change.high
    rows = [
        [_("This year"), change.months, *_rate(change.now), change.low, highest, _finding(change)],
        [_("A year ago"), change.months, *_rate(change.then), None, None, None],
    ]
    return Table(_("Complaints against a year ago"), headings, rows)


def _rate(year: Month) -> list[Value]:
    complaints, ratings = year[0], int(year[1])
    low, high = per_thousand(complaints, ratings) or (0.0, 0.0)
    return [complaints, ratings, round(EACH * complaints / ratings, 1), round(low, 1), round(high, 1)]


def _finding(change: Change) -> str:
    if change.low > 1:
        return _("clearly more")
    return _("clearly fewer") if change.high < 1 else _("cannot tell")
