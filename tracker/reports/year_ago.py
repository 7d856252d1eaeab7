"""This year’s shares against those of the year before: what may be said of each change, in words and rows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.ranges import Apart, Share
from tracker.reports.sections import Table, Value
from tracker.statistics.many import passes
from tracker.statistics.proportions import Sums, chance_of_difference, effective_n_of


@dataclass(frozen=True)
class Counted:
    """`part` of `size` is the share; size: how many independent ratings the `n` are worth."""

    part: float
    size: float
    n: int

    @property
    def share(self) -> Share:
        return ranges.share_of(self.part, self.size)


@dataclass(frozen=True)
class Change:
    """A share of n, the same a year ago of `of`, and how far apart they are (now minus then). is_clear: by its own range, and among
    everything that is looked at beside it."""

    name: str
    now: Share
    n: int
    then: Share
    of: int
    apart: Apart
    is_clear: bool


def counted(sums: Sums) -> Counted:
    """Ratings of customers (or by people) who have several of them."""
    size = effective_n_of(sums)
    return Counted(sums.happy / sums.ratings * size, size, sums.ratings)


def changes(looks: Sequence[tuple[str, Counted, Counted]]) -> list[Change]:
    """looks: name, now, then; of each there is enough. Who is in both years makes the range a little too wide, never too narrow."""
    found = passes([chance_of_difference(now.part, now.size, then.part, then.size) for _name, now, then in looks])
    apart = [ranges.apart_of(now.part, now.size, then.part, then.size) for _name, now, then in looks]
    return [
        Change(
            name,
            now=now.share,
            n=now.n,
            then=then.share,
            of=then.n,
            apart=one,
            is_clear=is_found and ranges.is_clear(one),
        )
        for (name, now, then), one, is_found in zip(looks, apart, found, strict=True)
    ]


def sentence(change: Change) -> str:
    given = {
        "what": change.name,
        "percent": number(change.then.percent, 0),
        "between": ranges.between(change.then.low, change.then.high),
        "of": number(change.of, 0),
    }
    if not change.is_clear:
        return _(
            "%(what)s: a year ago %(percent)s %% of %(of)s (likely %(between)s %%). We cannot tell whether that has changed: likely by "
            "%(far)s points.",
            far=ranges.signed_between(change.apart),
            **given,
        )
    given["far"] = ranges.how_far(change.apart)
    if change.apart.low > 0:
        return _(
            "%(what)s: a year ago %(percent)s %% of %(of)s (likely %(between)s %%). Clearly more now, by %(far)s points.",
            **given,
        )
    return _(
        "%(what)s: a year ago %(percent)s %% of %(of)s (likely %(between)s %%). Clearly less now, by %(far)s points.",
        **given,
    )


def table(title: str, found: Sequence[Change]) -> Table:
    likely = ranges.range_headings()
    headings = [_("What"), _("This year, n"), "%", *likely, _("A year ago, n"), "%", *likely]
    return Table(title, [*headings, _("Change, points"), *likely, _("Finding")], [_row(change) for change in found])


def _row(change: Change) -> list[Value]:
    now, then = ranges.values(change.now), ranges.values(change.then)
    return [change.name, change.n, *now, change.of, *then, *ranges.values(change.apart), finding(change)]


def finding(change: Change) -> str:
    if not change.is_clear:
        return _("cannot tell")
    return _("clearly more") if change.apart.low > 0 else _("clearly less")
