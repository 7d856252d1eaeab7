"""How far customers were listened to, against the year before: what was on record by the end of either year. Pure.

What was done later is left out of both: a year ago there has been a year more for it.
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from tracker.reports import ranges, year_ago
from tracker.reports.answers import sums_kept
from tracker.reports.listening_words import STEPS
from tracker.reports.sections import Figures, Since
from tracker.reports.year_ago import Change


def since(now: Figures, then: Figures) -> Since:
    found = changes(now, then)
    if not found:
        return [], []
    said = [" ".join([_("On record by the end of either year."), *(year_ago.sentence(change) for change in found)])]
    return said, [year_ago.table(_("Listening at the end of the year, against a year ago"), found)]


def changes(now: Figures, then: Figures) -> list[Change]:
    """Of each step with ratings and people enough in both years; nothing of what was kept before ends of years were."""
    if now["hidden"] or then["hidden"] or "by_end" not in now or "by_end" not in then:
        return []
    looks = [(name, one, other) for (name, one), (_name, other) in zip(_kept(now), _kept(then), strict=True)]
    return year_ago.changes(
        [
            (name, year_ago.counted(sums_kept(one)), year_ago.counted(sums_kept(other)))
            for name, one, other in looks
            if ranges.share_by_people(one) is not None and ranges.share_by_people(other) is not None
        ]
    )


def _kept(figures: Figures) -> list[tuple[str, Sequence[int]]]:
    by_end = figures["by_end"]
    return [(_("Ratings with words, read"), by_end["words"]), *((_name(step), by_end["low"][step]) for step in STEPS)]


def _name(step: str) -> str:
    names = {
        "read": _("Low ratings, read"),
        "answered": _("Low ratings, answered"),
        "acted": _("Low ratings, acted on"),
        "told": _("Low ratings, told"),
    }
    return names[step]
