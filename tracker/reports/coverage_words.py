"""Where customers are met and asked, in words and rows. Pure."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.pictures import Drawn
from tracker.reports.ranges import FEWEST_CUSTOMERS, FEWEST_RATINGS, Share
from tracker.reports.sections import Figures, Table, Value
from tracker.reports.share_drawings import Bar, bars

MONTHS_NAMED = 3  # touchpoints with silent months that the sentence names
One = Mapping[str, Any]


def heading() -> str:
    return _("Where nobody asks")


def method() -> str:
    return _(
        "Happy: 4 or 5 stars, with the likely range, 95 %%, from %(fewest)s ratings of %(customers)s customers. Where fewer "
        "than 5 people work it is hidden, and one more where the rest would tell of it. Times served: as tills and helpdesks tell us of "
        "them; where none does, that is not known. Months: those in which customers rated anything at all.",
        fewest=FEWEST_RATINGS,
        customers=FEWEST_CUSTOMERS,
    )


def headline(figures: Figures) -> list[str]:
    touchpoints = figures["touchpoints"]
    if not touchpoints:
        return [_("No touchpoint is set up yet.")]
    never = [row["name"] for row in touchpoints if not row["rated"]]
    return [_never(never, len(touchpoints)), *_silent(figures)]


def _never(names: list[str], of: int) -> str:
    if not names:
        return _("Every touchpoint was rated at least once in these twelve months.")
    return ngettext(
        "One touchpoint of %(all)s was never rated in these twelve months: %(names)s.",
        "%(num)d touchpoints of %(all)s were never rated in these twelve months: %(names)s.",
        len(names),
        all=of,
        names=", ".join(names),
    )


def _silent(figures: Figures) -> list[str]:
    """Those that were rated, but not in every month."""
    rows = [row for row in figures["touchpoints"] if row["rated"] and row["silent"]]
    if not rows:
        return []
    longest = sorted(rows, key=lambda row: (-row["silent"], row["name"]))[:MONTHS_NAMED]
    names = ", ".join(_("%(name)s (%(months)s)", name=row["name"], months=row["silent"]) for row in longest)
    return [
        ngettext(
            "One was rated, but not in each of the %(of)s months: %(names)s.",
            "%(num)d were rated, but not in each of the %(of)s months. Most months without: %(names)s.",
            len(rows),
            of=figures["months"],
            names=names,
        )
    ]


def tables(figures: Figures) -> list[Table]:
    headings = [
        _("Touchpoint"),
        _("Stage"),
        _("Times served"),
        _("Ratings"),
        _("Happy, %"),
        *ranges.range_headings(),
        _("Months without a rating"),
        _("Asked by"),
    ]
    return [Table(heading(), headings, [_row(row) for row in figures["touchpoints"]])]


def _row(row: One) -> list[Value]:
    return [
        row["name"],
        stage_name(row["stage"]),
        _served(row),
        _ratings(row),
        *ranges.values(share_in(row)),
        row["silent"],
        ", ".join(row["channels"]) or None,
    ]


def _served(row: One) -> Value:
    if row["served"] is None:
        return _("not known")
    return _("at least %(n)s", n=number(row["served"], 0)) if row["partly"] else row["served"]


def _ratings(row: One) -> Value:
    if row["hidden"]:
        return _("hidden to protect people")
    return row["happy"][1] if row["happy"] else 0


def share_in(row: One) -> Share | None:
    return ranges.share_kept(row["happy"]) if row["happy"] else None


def stage_name(stage: str) -> str:
    names = {"pre_purchase": _("Before buying"), "purchase": _("Buying"), "post_purchase": _("After buying")}
    return names[stage]


def drawn(figures: Figures) -> Drawn | None:
    """Where there is a range to draw, in the order of the customers’ way."""
    shares = [(row, share_in(row)) for row in figures["touchpoints"]]
    rows = [Bar(row["name"], share, row["happy"][1]) for row, share in shares if share is not None]
    if not rows:
        return None
    return bars("coverage", title=_("Happy customers by touchpoint"), description=headline(figures)[0], rows=rows)
