"""Complaints for each thousand ratings, in words and rows that say no more than their ranges. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil, floor, isinf
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.charts import RoundPoint, over_rounds
from tracker.core.language import month as month_words
from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.pictures import Drawn, drawn_twice
from tracker.reports.ranges import FEWEST_RATINGS
from tracker.reports.sections import Figures, Table, Value
from tracker.statistics.rates import events_range, times_as_many_after

LATEST = 3  # months, held against those before
EACH = 1000
STEP = 20  # of the axis
Month = Mapping[str, Any]
Ends = tuple[float, float]


def heading() -> str:
    return _("Complaints")


def method() -> str:
    return _(
        "Complaints opened in the month, from ratings, calls asked for and public reviews, without those that were taken back; ratings and "
        "times served of the same month. Months before complaints were taken here are left out, and those in which "
        "customers rated fewer than 5 people. The likely range, 95 %, is that of a "
        "count. Times served are known where a till or helpdesk tells us of them."
    )


def headline(figures: Figures) -> list[str]:
    if figures["hidden"]:
        return [_("Customers rated fewer than 5 people, so nothing is shown.")]
    months = figures["months"]
    if not months:
        return [_("Too early to tell: no whole month since the first complaint was taken here.")]
    complaints, ratings = _sum(months, "complaints"), _sum(months, "ratings")
    given = {"complaints": so_many(complaints), "ratings": number(ratings, 0), "fewest": FEWEST_RATINGS}
    ends = per_thousand(complaints, ratings)
    if ends is None:
        return [_("Too few ratings to tell: %(ratings)s, it takes %(fewest)s (%(complaints)s).", **given)]
    said = _(
        "For each 1,000 ratings there were %(between)s complaints (%(complaints)s, %(ratings)s ratings).",
        between=between(ends),
        **given,
    )
    return [said, _trend(months)]


def so_many(complaints: float) -> str:
    return ngettext("%(count)s complaint", "%(count)s complaints", round(complaints), count=number(complaints, 0))


def _sum(months: Iterable[Month], name: str) -> int:
    return sum(one[name] or 0 for one in months)


def per_thousand(complaints: int, of: int | None) -> Ends | None:
    """In tenths, never narrower than they are; None below 30 of what they are counted for."""
    if of is None or of < FEWEST_RATINGS:
        return None
    low, high = (10 * EACH * end / of for end in events_range(complaints))
    return floor(low) / 10, ceil(high) / 10


def _too_early(months: list[Month]) -> str:
    if len(months) < 2 * LATEST:
        return _(
            "Whether they become more or fewer it is too early to tell: it takes 6 months with ratings, there are %(n)s.",
            n=len(months),
        )
    return _(
        "Whether they become more or fewer it is too early to tell: it takes %(fewest)s ratings in the latest %(latest)s months and as "
        "many before, there are %(later)s and %(earlier)s.",
        fewest=FEWEST_RATINGS,
        latest=LATEST,
        later=number(_sum(months[-LATEST:], "ratings"), 0),
        earlier=number(_sum(months[:-LATEST], "ratings"), 0),
    )


def _trend(months: list[Month]) -> str:
    """The latest three months against those before, as far as there are as many."""
    earlier, later = months[:-LATEST], months[-LATEST:]
    if len(earlier) < LATEST or min(_sum(part, "ratings") for part in (earlier, later)) < FEWEST_RATINGS:
        return _too_early(months)
    low, high = change_in(months)
    given = {
        "times": times(low, high),
        "n": number(_sum(later, "complaints"), 0),
        "of": number(_sum(earlier, "complaints"), 0),
    }
    if low > 1:
        return _(
            "In the latest 3 months clearly more than before: %(times)s times as many (%(n)s, before %(of)s).", **given
        )
    if high < 1:
        return _(
            "In the latest 3 months clearly fewer than before: %(times)s times as many (%(n)s, before %(of)s).", **given
        )
    return _(
        "Whether the latest 3 months differ from those before we cannot tell: likely %(times)s times as many (%(n)s, before %(of)s).",
        **given,
    )


def change_in(months: list[Month]) -> Ends:
    """How many times as many complaints a rating in the latest three months as before: to hundredths, never narrower than it is."""
    earlier, later = months[:-LATEST], months[-LATEST:]
    low, high = times_as_many_after(
        *([(one["complaints"], one["ratings"]) for one in part] for part in (later, earlier))
    )
    return floor(100 * low) / 100, high if isinf(high) else ceil(100 * high) / 100


def times(low: float, high: float) -> str:
    if isinf(high):
        return _("%(low)s or more", low=number(low, 2))
    return _("%(low)s to %(high)s", low=number(low, 2), high=number(high, 2))


def between(ends: Ends) -> str:
    return _("%(low)s to %(high)s", low=number(ends[0], 1), high=number(ends[1], 1))


def tables(figures: Figures) -> list[Table]:
    headings = [
        _("Month"),
        _("Complaints"),
        _("Ratings"),
        _("For each 1,000 ratings"),
        *ranges.range_headings(),
        _("Times served, where known"),
        _("Complaints there"),
        _("For each 1,000 times served"),
        *ranges.range_headings(),
    ]
    rows = [_row(one) for one in figures["months"]]
    return [Table(_("Complaints by month"), headings, rows)] if rows else []


def _row(one: Month) -> list[Value]:
    return [
        month_words(date.fromisoformat(one["month"])),
        one["complaints"],
        one["ratings"],
        *_rate(one["complaints"], one["ratings"]),
        _("not known") if one["served"] is None else one["served"],
        one["of_served"],
        *_rate(one["of_served"] or 0, one["served"]),
    ]


def _rate(complaints: int, of: int | None) -> list[Value]:
    ends = per_thousand(complaints, of)
    if ends is None or not of:
        return [None, None, None]
    return [round(EACH * complaints / of, 1), *ends]


def drawn(figures: Figures) -> Drawn | None:
    """Month by month, with a gap where there were too few ratings."""
    points = [_point(one) for one in figures["months"]]
    highest = max((point.high for point in points if point.high is not None), default=None)
    if highest is None:
        return None
    top = max(STEP, ceil(highest / STEP) * STEP)

    def picture(width: int) -> Markup:
        return over_rounds(
            prefix=f"complaints-{width}",
            title=_("Complaints for each 1,000 ratings, by month"),
            description=" ".join(headline(figures)),
            points=points,
            axis=(0, top / 2, top),
            number=lambda value: number(value, 0),
            width=width,
            height=160,
        )

    return drawn_twice(picture)


def _point(one: Month) -> RoundPoint:
    label, ends = month_words(date.fromisoformat(one["month"])), per_thousand(one["complaints"], one["ratings"])
    if ends is None:
        return RoundPoint(label=label, value=None)
    return RoundPoint(label=label, value=EACH * one["complaints"] / one["ratings"], low=ends[0], high=ends[1])
