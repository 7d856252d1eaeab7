"""A card's figures as pictures: tracker.charts draws, here are the words and the widths."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.charts import TrendPoint, range_bar, range_bar_small, scale_ends, sparkline, star_bars, trend
from tracker.core.language import locale, number, short_day
from tracker.ratings.rules import Figures
from tracker.ratings.sentences import expected_range, score_sentence

PHONE = 326  # pixels inside a card of a phone's column
COLUMN = 470  # inside a card of the narrow column on a laptop
WIDE = 586  # inside a card of the left of two columns
whole = partial(number, places=0)
Ends = tuple[float, float]


@dataclass(frozen=True)
class Drawings:
    """The pictures of one card, each for a phone and for a laptop. None: there is nothing to draw yet."""

    range_bar: Markup | None
    range_bar_wide: Markup | None
    trend: Markup | None
    trend_wide: Markup | None
    trend_rows: list[list[str]]
    stars: Markup | None
    stars_wide: Markup | None


def drawings_of(figures: Figures, *, name: str | None = None, wide: int = COLUMN) -> Drawings:
    """`name` when somebody else reads it; `wide`: the width in pixels of the laptop's column."""
    return _drawn(json.dumps(figures.stored), name, wide, str(locale()))


@lru_cache(maxsize=256)  # a card changes once a week and is read many times; what is drawn hangs on nothing else
def _drawn(stored: str, name: str | None, wide: int, _language: str) -> Drawings:
    figures = Figures(json.loads(stored))
    has_score, has_trend = figures.score is not None, any(point[1] is not None for point in figures.stored["trend"])
    return Drawings(
        range_bar=_range(figures, name, PHONE) if has_score else None,
        range_bar_wide=_range(figures, name, wide) if has_score else None,
        trend=_trend(figures, name, PHONE, 126) if has_trend else None,
        trend_wide=_trend(figures, name, wide, 150) if has_trend else None,
        trend_rows=_trend_rows(figures),
        stars=_stars(figures, PHONE) if has_score else None,
        stars_wide=_stars(figures, wide) if has_score else None,
    )


def ends_of(people: Iterable[Figures]) -> Ends:
    """The two ends of one scale for everybody on a page."""
    stored = [figures.stored for figures in people]
    values = [value for card in stored for value in (card["score"], card["low"], card["high"])]
    return scale_ends([*values, *(value for card in stored for point in card["trend"] for value in point[1:4])])


def small_range(figures: Figures, *, name: str, ends: Ends) -> Markup:
    """For a table cell; all rows of a table share `ends`."""
    return range_bar_small(
        sentence=score_sentence(figures, name),
        value=figures.score,
        low=figures.stored["low"],
        high=figures.stored["high"],
        ends=ends,
    )


def spark(figures: Figures, *, name: str, ends: Ends) -> Markup | None:
    """Twelve weeks for a list row; None when no week has ratings enough."""
    points = figures.stored["trend"]
    if all(point[1] is None for point in points):
        return None
    return sparkline(
        sentence=_("%(name)s: %(story)s", name=name, story=_story(figures)),
        values=[point[1] for point in points],
        low=[point[2] for point in points],
        high=[point[3] for point in points],
        ends=ends,
    )


def _range(figures: Figures, name: str | None, width: int) -> Markup:
    score = number(figures.score or 0)
    return range_bar(
        prefix=f"range-{width}",
        title=_("%(name)s’s score %(score)s", name=name, score=score)
        if name
        else _("Your score %(score)s", score=score),
        description=score_sentence(figures, name),
        value=figures.score,
        low=figures.stored["low"],
        high=figures.stored["high"],
        value_label=f"{name} {score}" if name else _("you %(score)s", score=score),
        range_label=expected_range(figures),
        number=whole,
        width=width,
    )


def _trend(figures: Figures, name: str | None, width: int, height: int) -> Markup:
    points = [
        TrendPoint(label=_week(day), value=value, low=low, high=high)
        for day, value, low, high, _n in figures.stored["trend"]
    ]
    return trend(
        prefix=f"trend-{width}",
        title=_("%(name)s’s last 12 weeks", name=name) if name else _("Your last 12 weeks"),
        description=_story(figures),
        points=points,
        range_label=_("expected range"),
        number=number,
        width=width,
        height=height,
    )


def _story(figures: Figures) -> str:
    """Where the line begins and ends, in a sentence."""
    known = [point for point in figures.stored["trend"] if point[1] is not None]
    (since, first, *_rest), (until, last, *_rest) = known[0], known[-1]
    return _(
        "From %(first)s in the week of %(since)s to %(last)s in the week of %(until)s.",
        first=number(first),
        since=_week(since),
        last=number(last),
        until=_week(until),
    )


def _trend_rows(figures: Figures) -> list[list[str]]:
    """Week, score, expected range, ratings: the same as the picture, for who reads a table."""
    return [
        [
            _week(day),
            _("too few") if value is None else number(value),
            "–" if low is None else _("%(low)s to %(high)s", low=number(low), high=number(high)),
            whole(n),
        ]
        for day, value, low, high, n in figures.stored["trend"]
    ]


def _stars(figures: Figures, width: int) -> Markup:
    rows = [
        (ngettext("%(num)d star", "%(num)d stars", stars), count)
        for stars, count in reversed(list(enumerate(figures.stored["stars"], start=1)))
    ]
    return star_bars(
        prefix=f"stars-{width}",
        title=_("Ratings by stars"),
        description=", ".join(_("%(stars)s: %(count)s", stars=words, count=whole(count)) for words, count in rows),
        rows=rows,
        number=whole,
        width=width,
    )


def _week(monday: str) -> str:
    return short_day(date.fromisoformat(monday))
