"""Ways of asking beside each other, in words and rows that say no more than their ranges. Pure."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.pictures import Drawn
from tracker.reports.ranges import FEWEST_CUSTOMERS, FEWEST_RATINGS, Apart, Share
from tracker.reports.sections import Figures, Table, Value
from tracker.reports.share_drawings import Bar, bars

MODES = ("interview", "review")
One = Mapping[str, Any]


def heading() -> str:
    return _("By way of asking")


def method() -> str:
    return _(
        "Happy: 4 or 5 stars, with the likely range, 95 %. The ways are held beside each other and never added up, since each asks "
        "other people: a mailed link whoever was asked and cared to answer, a kiosk whoever passes it, an interview whom staff chose to "
        "ask, face to face, where people are kinder; and who writes in public chose to. “Alike”: answers from touchpoints and months in "
        "which customers rated too; those ratings weigh as if they had been spread over these in the same way. Observations give no "
        "stars and stand with what they are about."
    )


def headline(figures: Figures) -> list[str]:
    return [_whole(figures), *(_mode(mode, figures[mode]) for mode in MODES)]


def _whole(figures: Figures) -> str:
    share = ranges.share_kept(figures["survey"])
    given = {"n": number(figures["survey"][1], 0), "fewest": FEWEST_RATINGS, "customers": FEWEST_CUSTOMERS}
    if share is None:
        return _(
            "Customers’ own ratings are too few to tell: %(n)s, it takes %(fewest)s from %(customers)s customers.",
            **given,
        )
    return _(
        "Of customers’ own ratings, %(between)s %% are 4 or 5 (n = %(n)s).",
        between=ranges.between(share.low, share.high),
        **given,
    )


def _mode(mode: str, one: One) -> str:
    """How far it lies from ratings of the same touchpoints and months; or that this cannot be told."""
    if one["hidden"]:
        return _("Interviews are about fewer than 5 people, so nothing of them is shown.")
    apart, n = apart_in(one), one["alike"][0]
    if apart is None:
        return _too_few(mode, n)
    if not ranges.is_clear(apart):
        return _unclear(mode, apart, n)
    return _happier(mode, apart, n) if apart.low > 0 else _less_happy(mode, apart, n)


def _too_few(mode: str, n: int) -> str:
    given = {"n": number(n, 0), "fewest": FEWEST_RATINGS}
    if mode == "interview":
        return _(
            "Interviews: too few to hold against ratings of the same touchpoints and months: %(n)s, it takes %(fewest)s of each.",
            **given,
        )
    return _(
        "Public reviews: too few to hold against ratings of the same touchpoints and months: %(n)s, it takes %(fewest)s of each.",
        **given,
    )


def _unclear(mode: str, apart: Apart, n: int) -> str:
    given = {"between": ranges.signed_between(apart), "n": number(n, 0)}
    if mode == "interview":
        return _(
            "Whether interviews differ from ratings of the same touchpoints and months we cannot tell: likely by %(between)s points "
            "(n = %(n)s).",
            **given,
        )
    return _(
        "Whether public reviews differ from ratings of the same touchpoints and months we cannot tell: likely by %(between)s points "
        "(n = %(n)s).",
        **given,
    )


def _happier(mode: str, apart: Apart, n: int) -> str:
    given = {"between": ranges.how_far(apart), "n": number(n, 0)}
    if mode == "interview":
        return _(
            "Interviews are clearly happier than ratings of the same touchpoints and months, by %(between)s points (n = %(n)s).",
            **given,
        )
    return _(
        "Public reviews are clearly happier than ratings of the same touchpoints and months, by %(between)s points (n = %(n)s).",
        **given,
    )


def _less_happy(mode: str, apart: Apart, n: int) -> str:
    given = {"between": ranges.how_far(apart), "n": number(n, 0)}
    if mode == "interview":
        return _(
            "Interviews are clearly less happy than ratings of the same touchpoints and months, by %(between)s points (n = %(n)s).",
            **given,
        )
    return _(
        "Public reviews are clearly less happy than ratings of the same touchpoints and months, by %(between)s points (n = %(n)s).",
        **given,
    )


def apart_in(one: One) -> Apart | None:
    """The mode minus ratings alike, in points; None below 30 of either."""
    if one["hidden"] or one["survey"] is None:
        return None
    (n, happy), (share, size) = one["alike"], one["survey"]
    if min(n, size) < FEWEST_RATINGS:
        return None
    return ranges.apart_of(happy, n, min(share, 1.0) * size, size)


def tables(figures: Figures) -> list[Table]:
    return [_beside(figures), _by_channel(figures)]


def _beside(figures: Figures) -> Table:
    likely = ranges.range_headings()
    headings = [
        _("Way of asking"),
        _("Answers"),
        _("Happy, %"),
        *likely,
        _("Answers alike"),
        _("Happy of these, %"),
        _("Ratings alike, happy, %"),
        _("Apart, points"),
        *likely,
    ]
    survey = figures["survey"]
    own: list[Value] = [_("Customers’ own ratings"), survey[1], *ranges.values(ranges.share_kept(survey)), *[None] * 6]
    return Table(_("Ways of asking"), headings, [own, *(_row(mode, figures[mode]) for mode in MODES)])


def _row(mode: str, one: One) -> list[Value]:
    if one["hidden"]:
        return [mode_name(mode), _("hidden to protect people"), *[None] * 9]
    n, happy = one["all"]
    apart = apart_in(one)
    alike: list[Value] = [None, None]
    if apart is not None:
        alike = [round(100 * one["alike"][1] / one["alike"][0]), round(100 * one["survey"][0])]
    return [
        mode_name(mode),
        n,
        *ranges.values(ranges.share_from_thirty(happy, n)),
        one["alike"][0],
        *alike,
        *ranges.values(apart),
    ]


def mode_name(mode: str) -> str:
    return _("Interviews") if mode == "interview" else _("Public reviews")


def _by_channel(figures: Figures) -> Table:
    headings = [_("Channel"), _("Ratings"), _("Happy, %"), *ranges.range_headings()]
    rows: list[list[Value]] = []
    for one in figures["channels"]:
        n = one["happy"][1] if one["happy"] else _("hidden to protect people")
        rows.append([channel_name(one), n, *ranges.values(_share(one))])
    return Table(_("Customers’ own ratings by channel"), headings, rows)


def channel_name(one: One) -> str:
    return one["name"] or _("Not recorded")


def _share(one: One) -> Share | None:
    return ranges.share_kept(one["happy"]) if one["happy"] else None


def drawn(figures: Figures) -> Drawn | None:
    """Each way by itself: never one bar for all."""
    found = [(channel_name(one), _share(one), one["happy"][1] if one["happy"] else 0) for one in figures["channels"]]
    for mode in MODES:
        if not figures[mode]["hidden"]:
            n, happy = figures[mode]["all"]
            found.append((mode_name(mode), ranges.share_from_thirty(happy, n), n))
    rows = [Bar(name, share, n) for name, share, n in found if share is not None]
    if not rows:
        return None
    return bars("modes", title=_("Happy by way of asking"), description=headline(figures)[0], rows=rows)
