"""Happy every time in words and rows that say no more than their ranges. Everything comes from the kept figures.

`only_five` among them: 4 stars do not count as happy; `year_ago`: what was kept of the year before, if anything was.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports.periods import MONTHS
from tracker.reports.ranges import Share, Verdict, apart_by, between, ends, share_of, verdict
from tracker.reports.sections import Figures, Table, Value, way_of
from tracker.statistics.consistency import FEWEST_CUSTOMERS, Consistency, change, consistency_of


def heading() -> str:
    return _("Happy every time")


def of_way(figures: Figures, name: str, *, journey: bool = False) -> Consistency:
    """journey: those customers alone whose last three times were at two touchpoints or more."""
    return consistency_of(figures[name]["journey" if journey else "by_happy"])


def share(found: Consistency) -> Share | None:
    """None below 30 customers."""
    return share_of(found.always, found.n) if found.enough else None


def whole_year_ago(figures: Figures) -> Figures | None:
    """None where there was no rating in some of its months: half a year’s customers are others than a year’s."""
    before: Figures | None = figures.get("year_ago")
    return before if before is not None and before["months"] == MONTHS else None


def headline(figures: Figures) -> list[str]:
    found = of_way(figures, way_of(figures))
    if not found.enough:
        return [too_few(found)]
    return [_main(found, five=bool(figures.get("only_five"))), _since_a_year(figures, found), _planned(figures, found)]


def too_few(found: Consistency) -> str:
    return _(
        "Too few to tell who is happy every time: %(n)s customers rated three times or more in the twelve months, it takes %(fewest)s.",
        n=number(found.n, 0),
        fewest=FEWEST_CUSTOMERS,
    )


def _main(found: Consistency, *, five: bool) -> str:
    values = _written(found.always, found.n)
    if five:
        return _(
            "%(percent)s %% of %(n)s customers who came again gave 5 stars all of their last three times (likely %(low)s to %(high)s %%).",
            **values,
        )
    return _(
        "%(percent)s %% of %(n)s customers who came again gave 4 or 5 stars all of their last three times (likely %(low)s to %(high)s %%).",
        **values,
    )


def _since_a_year(figures: Figures, found: Consistency) -> str:
    year_ago = whole_year_ago(figures)
    if year_ago is None:
        return _("The year before was not rated in all of its months, so there is nothing to compare with yet.")
    before = of_way(year_ago, way_of(figures))
    values = {"n": number(before.n, 0), "fewest": FEWEST_CUSTOMERS}
    if not before.enough:
        return _("A year ago %(n)s customers were too few to compare with, it takes %(fewest)s.", **values)
    apart = apart_by(found.share - before.share, change(found, before))
    then = share_of(before.always, before.n)
    values |= {"percent": number(then.percent, 0), "between": between(then.low, then.high), **ends(apart)}
    match verdict(apart):
        case Verdict.MORE:
            return _(
                "A year ago it was %(percent)s %% of %(n)s (likely %(between)s %%): clearly more now, by %(low)s to %(high)s points.",
                **values,
            )
        case Verdict.LESS:
            return _(
                "A year ago it was %(percent)s %% of %(n)s (likely %(between)s %%): clearly less now, by %(low)s to %(high)s points.",
                **values,
            )
    return _(
        "A year ago it was %(percent)s %% of %(n)s (likely %(between)s %%). We cannot tell whether it has changed: likely by %(low)s to "
        "%(high)s points.",
        **values,
    )


def _planned(figures: Figures, found: Consistency) -> str:
    """What the last ratings would have been without the low ones at some touchpoints."""
    plan = figures[way_of(figures)]["plan"]
    chosen = [row["name"] for row in plan["touchpoints"] if row["chosen"]]
    stars = {"stars": 5 if figures.get("only_five") else 4}
    if not chosen:
        return _(
            "No touchpoints make 5 points: with none below %(stars)s it would be %(percent)s %% of %(n)s (likely %(low)s to %(high)s %%).",
            **_written(found.always + plan["reachable"], found.n) | stars,
        )
    would = _(
        "With no rating below %(stars)s at %(places)s it would be %(percent)s %% of %(n)s (likely %(low)s to %(high)s %%).",
        **_written(found.always + plan["gained"], found.n) | stars | {"places": _and(chosen)},
    )
    return " ".join([would, _("That makes 5 points or more."), *_how_far(plan)])


def _how_far(plan: Mapping[str, Any]) -> list[str]:
    no_promise = _("It is arithmetic about the past, no promise.")
    return [no_promise] if plan["is_smallest"] else [_("Perhaps fewer touchpoints do it."), no_promise]


def _and(names: list[str]) -> str:
    *others, last = names
    return _("%(others)s and %(last)s", others=", ".join(others), last=last) if others else last


def _written(happy: int, n: int) -> dict[str, Any]:
    found = share_of(happy, n)
    return {name: number(getattr(found, name), 0) for name in ("percent", "low", "high")} | {"n": number(n, 0)}


def facts(figures: Figures) -> list[tuple[str, str]]:
    """What always stands beside the share: of whom it tells, and what chance alone would give."""
    found, across = of_way(figures, way_of(figures)), of_way(figures, way_of(figures), journey=True)
    told = [(_("Of whom this tells"), who(figures))]
    if found.enough:
        by_chance = _("%(percent)s %%, if every customer were equally often happy", percent=_percent(found.chance))
        told.append((_("By chance alone"), by_chance))
    if across.enough:
        words = _("%(percent)s %% (likely %(low)s to %(high)s %%) of %(n)s", **_written(across.always, across.n))
    else:
        words = _("too few: %(n)s customers, it takes %(fewest)s", n=number(across.n, 0), fewest=FEWEST_CUSTOMERS)
    return [*told, (_("Where the three were at two touchpoints or more"), words)]


def who(figures: Figures) -> str:
    n = of_way(figures, way_of(figures)).n
    if not figures["customers"]:
        return _("Nobody whom we could tell apart has rated.")
    return _(
        "%(n)s of %(all)s customers who rated did so three times or more (%(percent)s %%)",
        n=number(n, 0),
        all=number(figures["customers"], 0),
        percent=_percent(n / figures["customers"]),
    )


def tables(figures: Figures) -> list[Table]:
    return [_shares(figures), _followed(figures), _low_ratings(figures)]


def _shares(figures: Figures) -> Table:
    headings = [_("What counts"), _("Customers"), _("Happy every time"), _("Share in %"), _("Likely from, in %")]
    rows = [row for name in ("four", "five") for row in _rows_of(figures, name)]
    return Table(heading(), [*headings, _("Likely to, in %"), _("By chance alone, in %")], rows)


def _rows_of(figures: Figures, name: str) -> list[list[Value]]:
    labels = names(name)
    rows = [_row(labels[0], of_way(figures, name)), _row(labels[1], of_way(figures, name, journey=True))]
    year_ago = whole_year_ago(figures)
    return rows if year_ago is None else [*rows, _row(labels[2], of_way(year_ago, name))]


def names(name: str) -> tuple[str, str, str]:
    if name == "five":
        return _("5 stars"), _("5 stars, at two touchpoints or more"), _("5 stars, a year ago")
    return _("4 or 5 stars"), _("4 or 5 stars, at two touchpoints or more"), _("4 or 5 stars, a year ago")


def _row(label: str, found: Consistency) -> list[Value]:
    shown = share(found)
    if shown is None:
        return [label, found.n, None, None, None, None, None]
    return [label, found.n, found.always, shown.percent, shown.low, shown.high, round(100 * found.chance)]


def _followed(figures: Figures) -> Table:
    plan: Mapping[str, Any] = figures[way_of(figures)]["plan"]
    rows: list[list[Value]] = [
        [_("Customers who rated"), figures["customers"]],
        [_("Of them three times or more"), of_way(figures, "four").n],
        [_("Ratings"), figures["ratings"]],
        [_("Ratings with the customer’s number"), figures["followed"]],
        [_("Customers with a low rating at no touchpoint on record"), plan["unknown"]],
    ]
    return Table(_("Of whom this tells"), [_("What"), _("Number")], rows)


def _low_ratings(figures: Figures) -> Table:
    found = of_way(figures, way_of(figures))
    low = _("Below 5 among the last three") if figures.get("only_five") else _("Below 4 among the last three")
    headings = [_("Touchpoint"), low, _("Customers"), _("Of them low nowhere else"), _("Part of the 5 points")]
    rows: list[list[Value]] = [
        [
            row["name"],
            row["ratings"],
            row["customers"],
            row["alone"],
            None if not found.enough else _("yes") if row["chosen"] else _("no"),
        ]
        for row in figures[way_of(figures)]["plan"]["touchpoints"]
    ]
    return Table(_("Where their low ratings were"), headings, rows)


def _percent(value: float) -> str:
    return number(round(100 * value), 0)
