"""What the page about the effect of courses shows: one finding a course, drawn on one scale."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.charts import difference
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import number, plain_day, signed
from tracker.courses.queries import current_versions
from tracker.training import effect_sentences as say
from tracker.training.effect import Figures
from tracker.training.rollout_policy import effects_read_by

SMALLEST_END, LARGEST_END = 0.3, 1.0
PHONE, COLUMN = 326, 470


@dataclass(frozen=True)
class EffectShown:
    """One course: the finding, how its teams came about, the same drawn for phone and laptop and as a table."""

    course_id: int
    title: str
    headline: str
    basis: str
    choice: str
    by_lot: bool
    drawing: Markup
    drawing_wide: Markup
    rows: list[list[str]]


def effects_shown(viewer: Viewer) -> list[EffectShown]:
    """By title. Two queries."""
    found = list(db.session.scalars(effects_read_by(viewer)))
    versions = current_versions(effect.course_id for effect in found)
    shown = {effect.course_id: Figures(**effect.figures) for effect in found if effect.course_id in versions}
    end = end_of(shown.values())
    titles = sorted((versions[course_id].title, course_id) for course_id in shown)
    return [_shown(course_id, title, shown[course_id], end) for title, course_id in titles]


def end_of(shown: Iterable[Figures]) -> float:
    """The end of the one scale, in tenths: the widest range that can be relied on fits; others may run out of it."""
    reliable = [figures for figures in shown if figures.enough]
    widest = max((abs(end) for figures in reliable for end in (figures.low, figures.high) if end), default=0.0)
    return min(max(math.ceil(widest * 10) / 10, SMALLEST_END), LARGEST_END)


def _shown(course_id: int, title: str, figures: Figures, end: float) -> EffectShown:
    return EffectShown(
        course_id,
        title,
        say.headline(figures),
        _basis(figures),
        say.choice(figures),
        figures.by_lot,
        _drawn(course_id, title, figures, end, PHONE),
        _drawn(course_id, title, figures, end, COLUMN),
        _rows(figures),
    )


def _drawn(course_id: int, title: str, figures: Figures, end: float, width: int) -> Markup:
    return difference(
        prefix=f"effect-{course_id}-{width}",
        title=title,
        description=say.headline(figures),
        value=None if say.verdict(figures) == "too few" else figures.estimate,
        low=figures.low,
        high=figures.high,
        end=end,
        zero_label=_("no difference"),
        number=lambda value: signed(value, 2),
        width=width,
    )


def _basis(figures: Figures) -> str:
    """“18,240 ratings, 18 Nov 2024 to 15 Nov 2026”."""
    ratings = ngettext("one rating", "%(count)s ratings", figures.ratings, count=number(figures.ratings, 0))
    return _("%(ratings)s, %(period)s", ratings=ratings, period=_period(figures))


def _period(figures: Figures) -> str:
    first, last = (plain_day(date.fromisoformat(text)) for text in figures.days)
    return _("%(first)s to %(last)s", first=first, last=last)


def _rows(figures: Figures) -> list[list[str]]:
    rows = (
        []
        if say.verdict(figures) == "too few"
        else [[_("Difference"), _("%(stars)s stars", stars=signed(figures.estimate or 0.0, 2))]]
    )
    return [
        *rows,
        [_("Likely range"), say.range_words(figures)],
        [_("Teams trained"), number(figures.trained, 0)],
        [_("of these compared with teams that waited"), number(figures.n, 0)],
        [_("Teams not trained yet"), number(figures.waiting, 0)],
        [_("Ratings"), number(figures.ratings, 0)],
        [_("Period"), _period(figures)],
    ]
