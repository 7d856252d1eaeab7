"""First and later ratings against those of the year before. Pure."""

from flask_babel import gettext as _

from tracker.reports import year_ago
from tracker.reports.repeat_words import compared, looks_new
from tracker.reports.sections import Figures, Since, way_of
from tracker.reports.year_ago import Change, Counted
from tracker.statistics.proportions import Sums


def since(now: Figures, then: Figures) -> Since:
    """Nothing where many who looked new a year ago had been here before, as our ratings began shortly before."""
    if looks_new(then):
        return [], []
    told = [year_ago.sentence(change) for change in _changes(now, then, way_of(now))]
    rows = [change for name in ("four", "five") for change in _changes(now, then, name)]
    return told, [year_ago.table(_("First and later ratings, against a year ago"), rows)] if rows else []


def _changes(now: Figures, then: Figures, name: str) -> list[Change]:
    if compared(now, name).apart is None or compared(then, name).apart is None:
        return []
    labels = _labels(name)
    return year_ago.changes(
        [(labels[0], _first(now, name), _first(then, name)), (labels[1], _later(now, name), _later(then, name))]
    )


def _labels(name: str) -> tuple[str, str]:
    if name == "five":
        return _("First ratings with 5 stars"), _("Later ratings with 5 stars")
    return _("First ratings with 4 or 5 stars"), _("Later ratings with 4 or 5 stars")


def _first(figures: Figures, name: str) -> Counted:
    ratings = figures["new"]["ratings"]
    return Counted(figures["new"][name], ratings, ratings)


def _later(figures: Figures, name: str) -> Counted:
    return year_ago.counted(Sums(*figures["again"][name]))
