"""New customers against those who come again, in words and rows. `only_five` among the figures: 4 stars do not count as happy."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from tracker.core.language import long_month, number
from tracker.reports import ranges
from tracker.reports.ranges import FEWEST_CUSTOMERS, FEWEST_RATINGS, Apart, Share, Verdict, ends
from tracker.reports.sections import Figures, Table, Value, way_of
from tracker.statistics.proportions import Sums, effective_n_of, newcombe

LOOKED_BACK = timedelta(days=2 * 365)  # with less than a year before the twelve months, many who look new are not


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Ratings of new customers against later ones of `customers`. Shares and apart (again minus new) are None where either is too few."""

    new_ratings: int
    again_ratings: int
    customers: int
    new: Share | None = None
    again: Share | None = None
    apart: Apart | None = None


def compared(figures: Figures, name: str | None = None) -> Compared:
    """name: four or five; None for what the reader wants to count."""
    name = name or way_of(figures)
    sums, first, happy = Sums(*figures["again"][name]), figures["new"]["ratings"], figures["new"][name]
    again = ranges.share_of_customers(sums)
    counts = {"new_ratings": first, "again_ratings": sums.ratings, "customers": sums.customers}
    if first < FEWEST_RATINGS or again is None:
        return Compared(**counts)
    size, later = effective_n_of(sums), sums.happy / sums.ratings
    likely = newcombe(later * size, size, happy, first)
    apart = ranges.apart_by(later - happy / first, likely)
    return Compared(**counts, new=ranges.share_of(happy, first), again=again, apart=apart)


def heading() -> str:
    return _("New customers and those who come again")


def headline(figures: Figures) -> list[str]:
    found = compared(figures)
    told = [_main(found, five=bool(figures.get("only_five")))]
    if found.apart is not None and looks_new(figures):
        told.append(_caution(figures))
    return told


def _main(found: Compared, *, five: bool) -> str:
    values = {"new": number(found.new_ratings, 0), "again": number(found.again_ratings, 0)}
    values["customers"] = number(found.customers, 0)
    if found.apart is None or found.new is None or found.again is None:
        return _(
            "Too few: %(new)s first ratings, %(again)s later ones of %(customers)s customers. It takes %(fewest)s of each, of %(most)s.",
            **values,
            fewest=FEWEST_RATINGS,
            most=FEWEST_CUSTOMERS,
        )
    values |= {"first": number(found.new.percent, 0), "later": number(found.again.percent, 0)}
    if five:
        said = _("5 stars: %(first)s %% of %(new)s first ratings, %(later)s %% of %(again)s later ones.", **values)
    else:
        said = _("4 or 5 stars: %(first)s %% of %(new)s first ratings, %(later)s %% of %(again)s later ones.", **values)
    return f"{said} {_how_far(found.apart)}"


def _how_far(apart: Apart) -> str:
    match ranges.verdict(apart):
        case Verdict.MORE:
            return _("Those who come again are clearly happier, by %(low)s to %(high)s points.", **ends(apart))
        case Verdict.LESS:
            return _("Those who come again are clearly less happy, by %(low)s to %(high)s points.", **ends(apart))
    return _(
        "We cannot tell whether they differ: who comes again is likely happier by %(low)s to %(high)s points.",
        **ends(apart),
    )


def looks_new(figures: Figures) -> bool:
    since = figures["since"]
    return since is not None and date.fromisoformat(since) > date.fromisoformat(figures["until"]) - LOOKED_BACK


def _caution(figures: Figures) -> str:
    return _(
        "Our ratings begin in %(month)s, so some who look new had been here before.",
        month=long_month(date.fromisoformat(figures["since"])),
    )


def tables(figures: Figures) -> list[Table]:
    headings = [_("Whose ratings"), _("What counts"), _("Ratings"), _("Customers"), _("Share in %")]
    rows = [row for name in ("four", "five") for row in _rows(compared(figures, name), name)]
    return [Table(heading(), [*headings, *ranges.range_headings()], rows)]


def _rows(found: Compared, name: str) -> list[list[Value]]:
    label = _("5 stars") if name == "five" else _("4 or 5 stars")
    return [
        [_("First ratings"), label, found.new_ratings, found.new_ratings, *ranges.values(found.new)],
        [_("Later ratings"), label, found.again_ratings, found.customers, *ranges.values(found.again)],
        [_("Later minus first, in points"), label, None, None, *ranges.values(found.apart)],
    ]
