"""Shares and differences with their ranges, as sections say them: in whole points, rounded outwards. Pure."""

from collections.abc import Sequence

from flask_babel import gettext as _

from tracker.core.language import number, signed
from tracker.reports.answers import sums_kept
from tracker.reports.protection import SMALLEST_GROUP
from tracker.reports.rules import FEWEST_RATINGS, Apart, Share, customers_share, outwards
from tracker.reports.sections import Value
from tracker.statistics.proportions import effective_n_of, newcombe, wilson

Kept = Sequence[int]  # Sums as JSON keeps them


def share_kept(kept: Kept) -> Share | None:
    """None below 30 ratings of 20 customers."""
    return customers_share(sums_kept(kept))


def share_of(part: float, n: float) -> Share | None:
    """A plain count of so many; None below 30."""
    if n < FEWEST_RATINGS:
        return None
    return Share(round(100 * part / n), *outwards(*wilson(part, n)))


def share_by_people(kept: Kept) -> Share | None:
    """Sums by people of staff instead of customers; None below 30 ratings or five people."""
    sums = sums_kept(kept)
    if sums.ratings < FEWEST_RATINGS or sums.customers < SMALLEST_GROUP:
        return None
    size, share = effective_n_of(sums), sums.happy / sums.ratings
    return Share(round(100 * share), *outwards(*wilson(share * size, size)))


def apart_of(first: float, n: float, second: float, of: float) -> Apart:
    """first/n minus second/of, in points; an n may be an effective one. Both above 0."""
    return Apart(round(100 * (first / n - second / of)), *outwards(*newcombe(first, n, second, of)))


def is_clear(apart: Apart) -> bool:
    return apart.low > 0 or apart.high < 0


def values(share: Share | Apart | None) -> list[Value]:
    """The figure and the two ends of its range, for a table."""
    if share is None:
        return [None, None, None]
    middle = share.percent if isinstance(share, Share) else share.points
    return [middle, share.low, share.high]


def between(low: int, high: int) -> str:
    """46 to 58, as the end of a sentence goes on with “%” or “points”."""
    return _("%(low)s to %(high)s", low=number(low, 0), high=number(high, 0))


def how_far(apart: Apart) -> str:
    """The size of a clear difference, without its sign."""
    low, high = sorted((abs(apart.low), abs(apart.high)))
    return between(low, high)


def signed_between(apart: Apart) -> str:
    return _("%(low)s to %(high)s", low=signed(apart.low, 0), high=signed(apart.high, 0))


def range_headings() -> list[str]:
    return [_("Likely from"), _("Likely to")]
