"""Shares and differences with their 95 % ranges: made, judged and written, in whole percents and points as everything here shows them.

Ranges are rounded outwards, and what is claimed goes by the ends as they are told. Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from tracker.core.language import number, signed
from tracker.reports.answers import sums_kept
from tracker.reports.sections import Value
from tracker.statistics.disclosure import SMALLEST_GROUP
from tracker.statistics.proportions import Sums, effective_n_of, newcombe, wilson

FEWEST_RATINGS, FEWEST_CUSTOMERS = 30, 20
Kept = Sequence[int]  # Sums as JSON keeps them


@dataclass(frozen=True)
class Share:
    """Percents; low and high are its range."""

    percent: int
    low: int
    high: int


@dataclass(frozen=True)
class Apart:
    """One share minus another, in points; low and high are its range, so that one that reaches zero says so."""

    points: int
    low: int
    high: int


class Verdict(StrEnum):
    """All that may be claimed of a difference: which way, only where its range leaves out none at all."""

    MORE = "more"
    LESS = "less"
    UNCLEAR = "unclear"


def share_of(part: float, n: float) -> Share:
    """Of n, more than none; either may be of a sample that is worth less than it has rows (`effective_n_of`)."""
    return Share(round(100 * part / n), *outwards(*wilson(part, n)))


def share_from_thirty(part: int, n: int) -> Share | None:
    """A plain count of so many; None below 30."""
    return share_of(part, n) if n >= FEWEST_RATINGS else None


def share_of_customers(sums: Sums) -> Share | None:
    """None below 30 ratings or 20 customers."""
    return _share_of_sums(sums) if are_enough(sums) else None


def share_kept(kept: Kept) -> Share | None:
    """`share_of_customers` from the sums as they were kept."""
    return share_of_customers(sums_kept(kept))


def share_by_people(kept: Kept) -> Share | None:
    """Sums by people of staff instead of customers; None below 30 ratings or five people."""
    sums = sums_kept(kept)
    return _share_of_sums(sums) if sums.ratings >= FEWEST_RATINGS and sums.customers >= SMALLEST_GROUP else None


def are_enough(sums: Sums) -> bool:
    return sums.ratings >= FEWEST_RATINGS and sums.customers >= FEWEST_CUSTOMERS


def _share_of_sums(sums: Sums) -> Share:
    # Rounded from the ratings themselves: by way of the effective n a half would fall to either side.
    size, share = effective_n_of(sums), sums.happy / sums.ratings
    return Share(round(100 * share), *outwards(*wilson(share * size, size)))


def apart_of(part: float, n: float, other: float, of: float) -> Apart:
    """part/n minus other/of, two samples of their own; n and of above 0, and perhaps effective ones."""
    return apart_by(part / n - other / of, newcombe(part, n, other, of))


def apart_by(difference: float, likely: tuple[float, float]) -> Apart:
    """difference and the two ends of its range as parts of 1."""
    return Apart(round(100 * difference), *outwards(*likely))


def outwards(low: float, high: float) -> tuple[int, int]:
    """Parts of 1 in whole points, never narrower than they are."""
    return math.floor(round(100 * low, 9)), math.ceil(round(100 * high, 9))


def verdict(apart: Apart) -> Verdict:
    if apart.low > 0:
        return Verdict.MORE
    return Verdict.LESS if apart.high < 0 else Verdict.UNCLEAR


def is_clear(apart: Apart) -> bool:
    return verdict(apart) is not Verdict.UNCLEAR


def values(share: Share | Apart | None) -> list[Value]:
    """The figure and the two ends of its range, for a table."""
    if share is None:
        return [None, None, None]
    middle = share.percent if isinstance(share, Share) else share.points
    return [middle, share.low, share.high]


def range_headings() -> list[str]:
    """Of the two columns of a range."""
    return [_("Likely from"), _("Likely to")]


def between(low: int, high: int) -> str:
    """46 to 58, as the end of a sentence goes on with “%” or “points”."""
    return _from_to(number(low, 0), number(high, 0))


def how_far(apart: Apart) -> str:
    """The size of a clear difference, without its sign: 3 to 12."""
    return _from_to(*_sizes(apart))


def signed_between(apart: Apart) -> str:
    """−3 to +12."""
    return _from_to(*_signed(apart))


def ends(apart: Apart) -> dict[str, str]:
    """`low` and `high` for a sentence: the sizes alone where the way is clear, the smaller first; else each with its sign."""
    low, high = _sizes(apart) if is_clear(apart) else _signed(apart)
    return {"low": low, "high": high}


def _sizes(apart: Apart) -> tuple[str, str]:
    low, high = sorted((abs(apart.low), abs(apart.high)))
    return number(low, 0), number(high, 0)


def _signed(apart: Apart) -> tuple[str, str]:
    return signed(apart.low, 0), signed(apart.high, 0)


def _from_to(low: str, high: str) -> str:
    return _("%(low)s to %(high)s", low=low, high=high)
