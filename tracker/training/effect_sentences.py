"""What a course changed, in words: never more than its interval says. Ends of ranges are rounded outwards, so that a range that
reaches zero is never told as one that does not."""

import math

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number, signed
from tracker.training.effect import Figures


def verdict(figures: Figures) -> str:
    """“higher”, “lower”, “unclear” or “too few”: all that sentence and drawing may claim."""
    if not figures.enough or figures.estimate is None or figures.low is None or figures.high is None:
        return "too few"
    low, high = _outwards(figures)
    return "higher" if low > 0 else "lower" if high < 0 else "unclear"


def headline(figures: Figures) -> str:
    """The finding in one or two sentences, the number of teams among them."""
    return f"{_finding(figures)} {teams(figures)}"


def teams(figures: Figures) -> str:
    """“7 teams trained, 5 not yet.”"""
    trained = ngettext("%(num)d team trained", "%(num)d teams trained", figures.trained)
    return _("%(trained)s, %(waiting)d not yet.", trained=trained, waiting=figures.waiting)


def range_words(figures: Figures) -> str:
    if figures.low is None or figures.high is None:
        return _("none yet")
    low, high = _outwards(figures)
    return _("%(low)s to %(high)s stars", low=signed(low, 2), high=signed(high, 2))


def choice(figures: Figures) -> str:
    """How the teams came to be trained first, and what follows from it."""
    if figures.by_lot:
        return _("The order of the teams was drawn by lot, and only they are compared.")
    return _("The teams were chosen, not drawn: what chose them may explain a difference.")


def _finding(figures: Figures) -> str:
    claim = verdict(figures)
    if claim == "too few":
        return _too_few(figures)
    low, high = _outwards(figures)
    by, smallest, largest = number(abs(figures.estimate or 0.0), 2), number(abs(low), 2), number(abs(high), 2)
    if claim == "higher":
        words = _(
            "Customers rated trained teams %(by)s stars higher than they would have without; likely between %(low)s and %(high)s."
        )
        return words % {"by": by, "low": smallest, "high": largest}
    if claim == "lower":
        words = _(
            "Customers rated trained teams %(by)s stars lower than they would have without; likely between %(low)s and %(high)s."
        )
        return words % {"by": by, "low": largest, "high": smallest}
    return _(
        "No clear difference: likely between %(low)s and %(high)s stars.", low=signed(low, 2), high=signed(high, 2)
    )


def _too_few(figures: Figures) -> str:
    if figures.low is None or figures.high is None:
        return _(
            "Too few to tell: there are not enough teams to compare before and after, some trained while others waited."
        )
    low, high = _outwards(figures)
    words = _(
        "Too few to tell: the range goes from %(low)s to %(high)s stars, and with so few teams it cannot be relied on."
    )
    return words % {"low": signed(low, 2), "high": signed(high, 2)}


def _outwards(figures: Figures) -> tuple[float, float]:
    """The range in hundredths of a star, never narrower than it is."""
    low, high = figures.low or 0.0, figures.high or 0.0
    return math.floor(low * 100) / 100, math.ceil(high * 100) / 100
