"""The same customers at two stages, in words and rows. `only_five` among the figures: 4 stars do not count as happy."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from tracker.core.language import number
from tracker.reports.coverage_words import stage_name
from tracker.reports.ranges import Apart, Verdict, apart_by, ends, range_headings, share_of, verdict
from tracker.reports.sections import Figures, Table, Value, way_of
from tracker.statistics.paired import paired_difference

FEWEST = 30


@dataclass(frozen=True, kw_only=True)
class Compared:
    """n customers who rated at both stages; shares of them that were happy at each, in percent. apart: first minus second; None, as
    the shares are, below 30 customers."""

    first: str
    second: str
    n: int
    percents: tuple[int, int] | None = None
    apart: Apart | None = None


def compared(figures: Figures, name: str | None = None) -> list[Compared]:
    """name: four or five; None for what the reader wants to count."""
    return [_compared(pair) for pair in figures[name or way_of(figures)]]


def _compared(pair: dict[str, Any]) -> Compared:
    both, only_first, only_second, neither = pair["counts"]
    n = both + only_first + only_second + neither
    if n < FEWEST:
        return Compared(first=pair["first"], second=pair["second"], n=n)
    apart = apart_by((only_first - only_second) / n, paired_difference(both, only_first, only_second, neither))
    percents = (share_of(both + only_first, n).percent, share_of(both + only_second, n).percent)
    return Compared(first=pair["first"], second=pair["second"], n=n, percents=percents, apart=apart)


def heading() -> str:
    return _("The same customers at two stages")


def headline(figures: Figures) -> list[str]:
    found = compared(figures)
    told = [sentence(one, five=bool(figures.get("only_five"))) for one in found if one.apart]
    return told or [_none(max(one.n for one in found))]


def _none(most: int) -> str:
    return _(
        "Too few customers rated at two stages: %(n)s at the most in any pair, it takes %(fewest)s.",
        n=number(most, 0),
        fewest=FEWEST,
    )


def sentence(one: Compared, *, five: bool) -> str:
    """The finding of one pair, as far as its range goes."""
    if one.apart is None or one.percents is None:
        return too_few(one)
    values = {"n": number(one.n, 0), **ends(one.apart), "stages": stages(one)}
    values |= {"first": number(one.percents[0], 0), "second": number(one.percents[1], 0)}
    if five:
        said = _("%(stages)s: %(first)s %% and %(second)s %% of the same %(n)s customers gave 5 stars.", **values)
    else:
        said = _("%(stages)s: %(first)s %% and %(second)s %% of the same %(n)s customers gave 4 or 5 stars.", **values)
    return f"{said} {_how_far(one.apart, values)}"


def _how_far(apart: Apart, values: dict[str, str]) -> str:
    match verdict(apart):
        case Verdict.MORE:
            return _("Clearly fewer were happy at the second, by %(low)s to %(high)s points.", **values)
        case Verdict.LESS:
            return _("Clearly more were happy at the second, by %(low)s to %(high)s points.", **values)
    return _("We cannot tell whether they differ: the first is likely higher by %(low)s to %(high)s points.", **values)


def too_few(one: Compared) -> str:
    return _("too few: %(n)s customers, it takes %(fewest)s", n=number(one.n, 0), fewest=FEWEST)


def stages(one: Compared) -> str:
    return _("%(first)s, then %(second)s", first=stage_name(one.first), second=stage_name(one.second).lower())


def tables(figures: Figures) -> list[Table]:
    headings = [_("Stages"), _("What counts"), _("Same customers"), _("First stage, in %"), _("Second stage, in %")]
    headings += [_("First minus second, in points"), *range_headings(), _("Finding")]
    ways = (("four", _("4 or 5 stars")), ("five", _("5 stars")))
    rows = [_row(one, label) for name, label in ways for one in compared(figures, name)]
    return [Table(heading(), headings, rows)]


def _row(one: Compared, label: str) -> list[Value]:
    if one.apart is None or one.percents is None:
        return [stages(one), label, one.n, None, None, None, None, None, _("too few")]
    apart = one.apart
    return [stages(one), label, one.n, *one.percents, apart.points, apart.low, apart.high, _finding(apart)]


def _finding(apart: Apart) -> str:
    words = {
        Verdict.MORE: _("clearly fewer at the second"),
        Verdict.LESS: _("clearly more at the second"),
        Verdict.UNCLEAR: _("cannot tell"),
    }
    return words[verdict(apart)]
