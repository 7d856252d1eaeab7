"""What stands behind low ratings, in words and rows that say no more than their ranges. Pure."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.answers import sums_kept
from tracker.reports.clear_rules import Pair, clear_among
from tracker.reports.pictures import Drawn
from tracker.reports.ranges import FEWEST_CUSTOMERS, FEWEST_RATINGS, Apart
from tracker.reports.sections import Figures, Table, Value
from tracker.reports.share_drawings import Bar, bars
from tracker.statistics.proportions import effective_n_of

SHOWN = 8  # drivers drawn; the table has them all
One = Mapping[str, Any]


def heading() -> str:
    return _("What stands behind low ratings")


def method() -> str:
    return _(
        "Ratings that were asked what went well or could be better; 4 and 5 stars are happy, 3 and fewer low. In brackets and columns: "
        "the likely range, 95 %. Of twenty such ranges one misses by chance; clear is only what holds among all drivers together, one "
        "false claim in ten at most. The first of a list is picked as the highest, so that it is rather a little lower. What goes "
        "together is a pattern, not proof."
    )


def headline(figures: Figures) -> list[str]:
    if not figures["drivers"]:
        return [_("No rating of these twelve months says what it is about.")]
    return [_what_leads(figures), *_what_goes_with(figures)]


def _what_leads(figures: Figures) -> str:
    ahead = figures["ahead"]
    leading = ahead["leading"] if ahead else 1
    drivers = figures["drivers"]
    share = ranges.share_kept(drivers[leading - 1]["together"])
    if share is None:
        return _(
            "Too few to tell what stands behind low ratings: there are %(low)s, it takes %(fewest)s from %(customers)s customers.",
            low=figures["low"],
            fewest=FEWEST_RATINGS,
            customers=FEWEST_CUSTOMERS,
        )
    said = _(
        "Of %(low)s low ratings, %(between)s %% name %(names)s as what could be better.",
        low=number(figures["low"], 0),
        between=ranges.between(share.low, share.high),
        names=_either([one["name"] for one in drivers[:leading]]),
    )
    return f"{said} {_whether_ahead(ahead, drivers)}" if ahead else said


def _either(names: list[str]) -> str:
    return _(" or ").join(f"“{name}”" for name in names)


def _whether_ahead(ahead: Mapping[str, Any], drivers: list[One]) -> str:
    last, following = drivers[ahead["leading"] - 1]["name"], drivers[ahead["leading"]]["name"]
    share = ranges.share_kept(ahead["sums"])
    if share is not None and share.low > 50:
        return _("“%(last)s” is clearly named more often than the next, “%(next)s”.", last=last, next=following)
    return _("Whether the next, “%(next)s”, is named less often we cannot tell.", next=following)


def _what_goes_with(figures: Figures) -> list[str]:
    """The clearest driver each way; or that none is clear."""
    clear = _clear(figures["drivers"])
    if not clear:
        return [_("Whether customers who name one of them are happier than others we cannot tell.")]
    more = max(clear, key=lambda pair: pair[0].low)
    fewer = min(clear, key=lambda pair: pair[0].high)
    said = [_goes_with(*more)] if more[0].low > 0 else []
    return [*said, _goes_with(*fewer)] if fewer[0].high < 0 else said


def _clear(drivers: list[One]) -> list[tuple[Apart, One]]:
    """Those in which happy customers lie apart by more than chance makes among so many drivers."""
    held = {place: pair for place, one in enumerate(drivers) if (pair := _pair(one)) is not None}
    return [(ranges.apart_of(*held[place]), drivers[place]) for place in clear_among(held)]


def _goes_with(apart: Apart, one: One) -> str:
    given = {"name": one["name"], "between": ranges.how_far(apart), "n": number(one["named"][1], 0)}
    if apart.low > 0:
        return _("Where “%(name)s” is named (n = %(n)s), clearly more are happy: by %(between)s points.", **given)
    return _("Where “%(name)s” is named (n = %(n)s), clearly fewer are happy: by %(between)s points.", **given)


def apart_in(one: One) -> Apart | None:
    """Happy where it is named minus happy where it is not; None where either is below 30 ratings."""
    pair = _pair(one)
    return None if pair is None else ranges.apart_of(*pair)


def _pair(one: One) -> Pair | None:
    """Happy ratings of so many independent ones: where it is named, and where not."""
    named, others = sums_kept(one["named"]), sums_kept(one["others"])
    if ranges.share_kept(one["named"]) is None or ranges.share_kept(one["others"]) is None:
        return None
    n, of = effective_n_of(named), effective_n_of(others)
    return n * named.happy / named.ratings, n, of * others.happy / others.ratings, of


def tables(figures: Figures) -> list[Table]:
    found = [_behind(figures), _with(figures), _elsewhere(figures)]
    if figures["obstacles"]:
        found.append(_in_the_way(figures))
    return found if figures["drivers"] else found[3:]


def _behind(figures: Figures) -> Table:
    likely = ranges.range_headings()
    headings = [_("Named"), _("Low ratings"), _("% of low"), *likely, _("With those above, %"), *likely]
    rows: list[list[Value]] = [
        [
            one["name"],
            one["low"][2],
            *ranges.values(ranges.share_kept(one["low"])),
            *ranges.values(ranges.share_kept(one["together"])),
        ]
        for one in figures["drivers"]
    ]
    share = ranges.share_from_thirty(figures["silent"], figures["low"])
    rows.append([_("Nothing named"), figures["silent"], *ranges.values(share), None, None, None])
    return Table(_("Behind low ratings"), headings, rows)


def _with(figures: Figures) -> Table:
    headings = [
        _("Named"),
        _("Ratings asked"),
        _("Name it"),
        _("% name it"),
        *ranges.range_headings(),
        _("Happy where named, %"),
        _("Happy where not, %"),
        _("Apart, points"),
        *ranges.range_headings(),
    ]
    return Table(_("With happy ratings"), headings, [_row_with(one) for one in figures["drivers"]])


def _row_with(one: One) -> list[Value]:
    named, others = one["named"], one["others"]
    happy = [ranges.values(ranges.share_kept(sums))[0] for sums in (named, others)]
    asked = named[1] + others[1]
    return [
        one["name"],
        asked,
        named[1],
        *ranges.values(ranges.share_from_thirty(named[1], asked)),
        *happy,
        *ranges.values(apart_in(one)),
    ]


def _elsewhere(figures: Figures) -> Table:
    headings = [_("Named"), _("Complaints closed over it"), _("Seen in observations"), _("Done well")]
    rows: list[list[Value]] = [
        [one["name"], one["complaints"], *(one["seen"] or (None, None))]
        for one in figures["drivers"]
        if one["complaints"] or one["seen"]
    ]
    return Table(_("In complaints and observations"), headings, rows)


def _in_the_way(figures: Figures) -> Table:
    rows = [[one["name"], one["ratings"], one["low"]] for one in figures["obstacles"]]
    return Table(_("What stood in the way"), [_("Obstacle"), _("Ratings"), _("Low ratings")], rows)


def drawn(figures: Figures) -> Drawn | None:
    """The drivers named most; None where there is too little to draw."""
    shares = [(one, ranges.share_kept(one["low"])) for one in figures["drivers"][:SHOWN]]
    rows = [Bar(one["name"], share, one["low"][2]) for one, share in shares if share is not None]
    if not rows:
        return None
    return bars("drivers", title=_("Low ratings that name it"), description=headline(figures)[0], rows=rows)
