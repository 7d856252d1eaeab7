"""How far customers were listened to, in words and rows that say no more than their ranges. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.pictures import Drawn
from tracker.reports.ranges import FEWEST_RATINGS, Share
from tracker.reports.sections import Figures, Table, Value
from tracker.reports.share_drawings import Bar, bars

STEPS = ("read", "answered", "acted", "told")
DAY = 24
One = Mapping[str, Any]


def heading() -> str:
    return _("Listening")


def method() -> str:
    return _(
        "Read: whom the rating is about marked it as read, or wrote their side. Answered: somebody spoke with the customer about it, "
        "or answered in public. Acted on: the complaint was closed as solved or partly solved, or a change to what stood in the way is "
        "planned or done. Told: the customer was asked whether it helped, or said so, or whoever named what stood in the way got an "
        "answer. Only what is on record counts: a word at the counter does not, nor does a talk, which belongs to no single rating. "
        "Low: 3 stars and fewer. The likely range, 95 %%, counts people apart, from %(fewest)s ratings and 5 people; groups of fewer "
        "are hidden.",
        fewest=FEWEST_RATINGS,
    )


def headline(figures: Figures) -> list[str]:
    if figures["hidden"]:
        return [_("Customers rated fewer than 5 people, so nothing is shown.")]
    return [_of_words(figures), *_of_low(figures), *_middle(figures), _of_reviews(figures["reviews"])]


def _of_words(figures: Figures) -> str:
    n, share = figures["words"][1], ranges.share_by_people(figures["words"])
    if share is None:
        return _(
            "Ratings with words: too few to tell how many were read: %(n)s, it takes %(fewest)s.",
            n=n,
            fewest=FEWEST_RATINGS,
        )
    between = ranges.between(share.low, share.high)
    return _(
        "Of ratings with words, %(between)s %% were read by whom they are about (n = %(n)s).",
        between=between,
        n=number(n, 0),
    )


def _of_low(figures: Figures) -> list[str]:
    shares = [ranges.share_by_people(figures["low"][step]) for step in STEPS]
    n = figures["low"]["read"][1]
    if any(share is None for share in shares):
        return [
            _(
                "Low ratings: too few to tell how many were answered: %(n)s, it takes %(fewest)s.",
                n=n,
                fewest=FEWEST_RATINGS,
            )
        ]
    _read, answered, acted, told = (ranges.between(share.low, share.high) for share in shares if share)
    return [
        _(
            "Of low ratings, %(answered)s %% were answered, %(acted)s %% acted on, and of %(told)s %% somebody was told (n = %(n)s).",
            answered=answered,
            acted=acted,
            told=told,
            n=number(n, 0),
        )
    ]


def _middle(figures: Figures) -> list[str]:
    found = figures["times"]["answered"]
    if found is None:
        return []
    return [
        _(
            "Half of those answered heard from us within %(time)s (n = %(n)s).",
            time=time_between(found),
            n=number(found[0], 0),
        )
    ]


def _of_reviews(reviews: One) -> str:
    share = ranges.share_from_thirty(reviews["answered"], reviews["n"])
    given = {"answered": number(reviews["answered"], 0), "n": number(reviews["n"], 0)}
    if share is None:
        return _("Public reviews: %(answered)s of %(n)s were answered, too few for a share.", **given)
    return _(
        "Of public reviews, %(between)s %% were answered (n = %(n)s).",
        between=ranges.between(share.low, share.high),
        **given,
    )


def time_between(found: Sequence[float]) -> str:
    """The range of a middle: in days from two days on."""
    _n, _middle, low, high = found
    if high >= 2 * DAY:
        return _("%(low)s to %(high)s days", low=number(low / DAY, 1), high=number(high / DAY, 1))
    return _("%(low)s to %(high)s hours", low=number(low, 1), high=number(high, 1))


def tables(figures: Figures) -> list[Table]:
    if figures["hidden"]:
        return []
    return [_by_step(figures), _by_group(figures)]


def _by_step(figures: Figures) -> Table:
    likely = ranges.range_headings()
    headings = [_("Step"), _("Of"), _("Done"), "%", *likely, _("Hours to half of these"), *likely]
    rows = [_row(_("Ratings with words: read"), figures["words"], figures["times"]["read"])]
    rows += [
        _row(step_name(step), figures["low"][step], figures["times"][step] if step != "read" else None)
        for step in STEPS
    ]
    reviews = figures["reviews"]
    share = ranges.share_from_thirty(reviews["answered"], reviews["n"])
    times: list[Value] = list(reviews["time"][1:]) if reviews["time"] else [None] * 3
    rows.append([_("Public reviews: answered"), reviews["n"], reviews["answered"], *ranges.values(share), *times])
    return Table(_("From reading to telling"), headings, rows)


def _row(name: str, kept: Sequence[int], time: Sequence[float] | None) -> list[Value]:
    times: list[Value] = list(time[1:]) if time else [None] * 3
    return [name, kept[1], kept[2], *ranges.values(ranges.share_by_people(kept)), *times]


def step_name(step: str) -> str:
    names = {
        "read": _("Low ratings: read"),
        "answered": _("Low ratings: answered"),
        "acted": _("Low ratings: acted on"),
        "told": _("Low ratings: told"),
    }
    return names[step]


def _by_group(figures: Figures) -> Table:
    likely = ranges.range_headings()
    headings = [
        _("Group"),
        _("Ratings with words"),
        _("Read, %"),
        *likely,
        _("Low ratings"),
        _("Answered, %"),
        *likely,
        _("Acted on, %"),
        *likely,
    ]
    return Table(_("By group"), headings, [_group_row(one) for one in figures["groups"]])


def _group_row(one: One) -> list[Value]:
    name = one["name"] or _("No team")
    if one["words"] is None:
        return [name, _("hidden to protect people"), *[None] * 10]
    low = one["low"]
    return [
        name,
        one["words"][1],
        *ranges.values(ranges.share_by_people(one["words"])),
        low["answered"][1],
        *ranges.values(ranges.share_by_people(low["answered"])),
        *ranges.values(ranges.share_by_people(low["acted"])),
    ]


def drawn(figures: Figures) -> Drawn | None:
    if figures["hidden"]:
        return None
    kept = [(_("With words: read"), figures["words"])] + [(step_name(step), figures["low"][step]) for step in STEPS]
    found: list[tuple[str, Share | None, int]] = [(name, ranges.share_by_people(one), one[1]) for name, one in kept]
    rows = [Bar(name, share, n) for name, share, n in found if share is not None]
    if not rows:
        return None
    return bars("listening", title=_("From reading to telling"), description=headline(figures)[0], rows=rows)
