"""How far the stages lie apart for the same customers, against the year before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports import ranges
from tracker.reports.ranges import Apart
from tracker.reports.sections import Figures, Since, Table, Value, way_of
from tracker.reports.stage_words import Compared, compared, stages
from tracker.statistics.many import chance_by_range, passes
from tracker.statistics.paired import change_of_difference


@dataclass(frozen=True)
class Moved:
    """Two stages now and a year ago; apart: how much more the first is ahead of the second now, in points."""

    now: Compared
    then: Compared
    apart: Apart
    is_clear: bool


def since(now: Figures, then: Figures) -> Since:
    told = [sentence(moved) for moved in moves(now, then, way_of(now))]
    ways = (("four", _("4 or 5 stars")), ("five", _("5 stars")))
    rows = [_row(moved, label) for name, label in ways for moved in moves(now, then, name)]
    return told, [Table(_("The same customers at two stages, against a year ago"), _headings(), rows)] if rows else []


def moves(now: Figures, then: Figures, name: str) -> list[Moved]:
    """Pairs of stages with customers enough in both years."""
    both = [
        (one, other, _change(pair, pair_then))
        for one, other, pair, pair_then in zip(
            compared(now, name), compared(then, name), now[name], then[name], strict=True
        )
        if one.apart and other.apart
    ]
    found = passes([chance_by_range(*change) for _one, _other, change in both])
    return [_moved(one, other, change, is_found) for (one, other, change), is_found in zip(both, found, strict=True)]


def _change(pair: Mapping[str, Any], pair_then: Mapping[str, Any]) -> tuple[float, float, float]:
    return change_of_difference(pair["counts"], pair_then["counts"])


def _moved(now: Compared, then: Compared, change: tuple[float, float, float], is_found: bool) -> Moved:
    by, low, high = change
    apart = ranges.apart_by(by, (low, high))
    return Moved(now, then, apart, is_found and ranges.is_clear(apart))


def sentence(moved: Moved) -> str:
    then = moved.then
    first, second = then.percents or (0, 0)
    given = {"stages": stages(then), "first": number(first, 0), "second": number(second, 0), "n": number(then.n, 0)}
    if not moved.is_clear:
        return _(
            "%(stages)s: a year ago %(first)s %% and %(second)s %% of the same %(n)s customers. We cannot tell whether the second has lost "
            "or gained against the first: the first is likely ahead by %(far)s points more than then.",
            far=ranges.signed_between(moved.apart),
            **given,
        )
    given["far"] = ranges.how_far(moved.apart)
    if moved.apart.low > 0:
        return _(
            "%(stages)s: a year ago %(first)s %% and %(second)s %% of the same %(n)s customers. The second has clearly lost against the "
            "first, by %(far)s points.",
            **given,
        )
    return _(
        "%(stages)s: a year ago %(first)s %% and %(second)s %% of the same %(n)s customers. The second has clearly gained against the "
        "first, by %(far)s points.",
        **given,
    )


def _headings() -> list[str]:
    likely = ranges.range_headings()
    headings = [_("Stages"), _("What counts"), _("Same customers"), _("First minus second, in points"), *likely]
    headings += [_("A year ago, same customers"), _("First minus second, in points"), *likely]
    return [*headings, _("Change, points"), *likely, _("Finding")]


def _row(moved: Moved, label: str) -> list[Value]:
    now, then = moved.now, moved.then
    ends = [now.n, *ranges.values(now.apart), then.n, *ranges.values(then.apart), *ranges.values(moved.apart)]
    return [stages(now), label, *ends, _finding(moved)]


def _finding(moved: Moved) -> str:
    if not moved.is_clear:
        return _("cannot tell")
    return _("clearly lost") if moved.apart.low > 0 else _("clearly gained")
