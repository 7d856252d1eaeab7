"""What coaching changes in the company, in words that say no more than the range; and the page’s figures. Groups only.

Ends of ranges are rounded outwards, so that a range that reaches zero is never told as one that does not."""

import math
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.charts import difference
from tracker.coaching.effect_models import CoachingEffect
from tracker.coaching.effect_policy import company_effects_read_by
from tracker.coaching.effect_rules import CompanyFigures
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import number, plain_day, signed
from tracker.ratings.fall_queries import TOLD_LATER
from tracker.statistics.disclosure import SMALLEST_GROUP

SMALLEST_END, LARGEST_END = 0.3, 1.0
PHONE, COLUMN = 326, 470


@dataclass(frozen=True)
class CompanyShown:
    """headline: the finding. compared: with whom. naive: what a plain comparison would print, and why it misleads. counts: what
    went into it and what did not, (what, how many)."""

    verdict: str
    headline: str
    compared: str
    lot: str
    naive: str
    drawing: Markup
    drawing_wide: Markup
    rows: list[list[str]]
    counts: list[list[str]]


def company_shown(viewer: Viewer) -> CompanyShown | None:
    """The newest; None before the first weekly run. One query."""
    # Two days later than the check, like all that changes with it: no page is to tell of it during somebody's head start.
    week = clock.last_complete_week((viewer.at - TOLD_LATER).date())
    newest = company_effects_read_by(viewer).where(CoachingEffect.week <= week).order_by(CoachingEffect.week.desc())
    found: CoachingEffect | None = db.session.scalar(newest.limit(1))
    if found is None:
        return None
    figures = CompanyFigures.stored(found.figures)
    return CompanyShown(
        verdict(figures),
        headline(figures),
        compared(figures),
        lot(figures),
        naive(figures),
        _drawn(figures, PHONE),
        _drawn(figures, COLUMN),
        _rows(figures),
        _counts(figures),
    )


def verdict(figures: CompanyFigures) -> str:
    """“higher”, “lower”, “unclear” or “too few”: all that sentence and drawing may claim."""
    if not figures.enough or figures.low is None or figures.high is None:
        return "too few"
    low, high = _outwards(figures.low, figures.high)
    return "higher" if low > 0 else "lower" if high < 0 else "unclear"


def headline(figures: CompanyFigures) -> str:
    claim, by = verdict(figures), number(abs(figures.estimate or 0.0), 2)
    low, high = _outwards(figures.low or 0.0, figures.high or 0.0)
    smallest, largest = sorted((abs(low), abs(high)))
    values = {"by": by, "low": number(smallest, 2), "high": number(largest, 2)}
    match claim:
        case "higher":
            return _(
                "After a talk, customers rated people %(by)s stars higher than they would have without; "
                "likely between %(low)s and %(high)s.",
                **values,
            )
        case "lower":
            return _(
                "After a talk, customers rated people %(by)s stars lower than they would have without; "
                "likely between %(low)s and %(high)s.",
                **values,
            )
        case "unclear":
            return _(
                "No clear effect: likely between %(low)s and %(high)s stars.", low=signed(low, 2), high=signed(high, 2)
            )
    return _too_few(figures)


def _too_few(figures: CompanyFigures) -> str:
    ends = _ends(figures)
    if ends is None:
        return _("Too few to tell whether talks help. There is no range yet.")
    low, high = ends
    return _(
        "Too few to tell whether talks help: the range goes from %(low)s to %(high)s stars, and with so few it cannot be relied on.",
        low=signed(low, 2),
        high=signed(high, 2),
    )


def compared(figures: CompanyFigures) -> str:
    """Whom with whom, with their numbers."""
    if figures.coached < SMALLEST_GROUP:
        return _(
            "Fewer than five people were talked with within four weeks of the check and have ratings enough after it. "
            "What became of so few is not said."
        )
    people = ngettext("%(num)d person who was talked with", "%(num)d people who were talked with", figures.coached)
    if figures.design == "a":
        return _(
            "Compared are %(people)s within four weeks of the check, and %(waited)s who fell as well and had no talk "
            "in twelve weeks; at the same depth of the fall.",
            people=people,
            waited=number(figures.waited, 0),
        )
    return _(
        "Compared are %(people)s within four weeks of the check, and how dips of the same depth come back by themselves: "
        "%(pool)s months in which somebody’s ratings dipped without an alert.",
        people=people,
        pool=number(figures.pool, 0),
    )


def lot(figures: CompanyFigures) -> str:
    """How those without a talk came to have none, and what follows from it."""
    if figures.design == "b":
        return _("Where falls last for months, this way of comparing errs on the low side.")
    drawn = ngettext(
        "%(num)d of them had their turn drawn by lot.", "%(num)d of them had their turns drawn by lot.", figures.drawn
    )
    if figures.drawn:
        return drawn
    return _("Leaders chose whom to talk with: what made them choose may explain a difference.")


def naive(figures: CompanyFigures) -> str:
    if (
        figures.coached < SMALLEST_GROUP
        or figures.naive is None
        or figures.naive_low is None
        or figures.naive_high is None
    ):
        return ""
    return _(
        "A plain comparison of after with before would print %(by)s stars (%(low)s to %(high)s) for the same %(people)s people. "
        "It misleads: people are talked with at a low point, and from there ratings come back by themselves, with a talk or without.",
        people=number(figures.coached, 0),
        by=signed(figures.naive, 2),
        low=signed(figures.naive_low, 2),
        high=signed(figures.naive_high, 2),
    )


def _drawn(figures: CompanyFigures, width: int) -> Markup:
    low, high = _ends(figures) or (None, None)
    widest = max(abs(low or 0.0), abs(high or 0.0))
    return difference(
        prefix=f"company-{width}",
        title=_("What a talk changes in customers’ ratings"),
        description=headline(figures),
        value=None if verdict(figures) == "too few" else figures.estimate,
        low=low,
        high=high,
        end=min(max(math.ceil(widest * 10) / 10, SMALLEST_END), LARGEST_END),
        zero_label=_("no difference"),
        number=lambda value: signed(value, 2),
        width=width,
    )


def _rows(figures: CompanyFigures) -> list[list[str]]:
    estimate = (
        [[_("Difference"), _stars(signed(figures.estimate, 2))]]
        if _is_told(figures) and figures.estimate is not None
        else []
    )
    ends = _ends(figures)
    words = _("%(low)s to %(high)s stars", low=signed(ends[0], 2), high=signed(ends[1], 2)) if ends else _("none yet")
    return [*estimate, [_("Likely range"), words], *_counts(figures)]


def _is_told(figures: CompanyFigures) -> bool:
    return verdict(figures) != "too few"


def _stars(words: str) -> str:
    return _("%(stars)s stars", stars=words)


def _counts(figures: CompanyFigures) -> list[list[str]]:
    first, last = (plain_day(date.fromisoformat(text)) for text in figures.days)
    parts = (figures.coached, figures.waited, figures.late, figures.silent)
    # The sum of parts of which one is hidden would give it away.
    old = [] if any(0 < part < SMALLEST_GROUP for part in parts) else [number(figures.falls, 0)]
    teams = [number(figures.teams, 0)] if figures.coached >= SMALLEST_GROUP else []
    return [
        *([_("Alerts old enough to tell, twelve weeks or more"), words] for words in old),
        [_("Talked with within four weeks, and 5 ratings or more after (it takes 15)"), _of_a_group(figures.coached)],
        [_("No talk in twelve weeks, and 5 ratings or more after (it takes 15)"), _of_a_group(figures.waited)],
        [_("Months of dips without an alert (it takes 200)"), number(figures.pool, 0)],
        *([_("Teams of those talked with"), words] for words in teams),
        [_("First talk in weeks five to twelve: on neither side"), _of_a_group(figures.late)],
        [_("Under 5 ratings after: not counted"), _of_a_group(figures.silent)],
        [_("Alerts of the last twelve weeks: too early"), _of_a_group(figures.young)],
        [_("Period"), _("%(first)s to %(last)s", first=first, last=last)],
    ]


def _of_a_group(people: int) -> str:
    return _("fewer than five") if 0 < people < SMALLEST_GROUP else number(people, 0)


def _ends(figures: CompanyFigures) -> tuple[float, float] | None:
    """The range as it is told; none where it would be of fewer people than a group has."""
    if figures.coached < SMALLEST_GROUP or figures.low is None or figures.high is None:
        return None
    return _outwards(figures.low, figures.high)


def _outwards(low: float, high: float) -> tuple[float, float]:
    """In hundredths of a star, never narrower than it is."""
    return math.floor(low * 100) / 100, math.ceil(high * 100) / 100
