"""What may be said of how far staff and customers lie apart. Pure."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.core import clock
from tracker.statistics.proportions import Sums, effective_n_of, newcombe, wilson

FEWEST_RATINGS, FEWEST_CUSTOMERS = 30, 20
WEEKS = 13


class Finding(StrEnum):
    """All that sentence, drawing and file may claim."""

    STAFF_HIGHER = "staff higher"
    CUSTOMERS_HIGHER = "customers higher"
    UNCLEAR = "unclear"
    TOO_FEW = "too few"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Share:
    """Percents; low and high are its 95 % range, rounded outwards."""

    percent: int
    low: int
    high: int


@dataclass(frozen=True)
class Apart:
    """Staff minus customers, in points: the difference, and its 95 % range rounded outwards, so that one that reaches zero says so."""

    points: int
    low: int
    high: int


@dataclass(frozen=True)
class Gap:
    """One group at one stage. customers and apart are None where too few rated; ratings and raters say how many did.

    is_hidden: customers rated fewer than five people of it, or what is left of others would tell of as few: then these are 0."""

    node_id: int
    team_id: int | None
    name: str
    kind: str
    is_top: bool
    answers: int
    staff: Share
    ratings: int
    raters: int
    customers: Share | None
    apart: Apart | None
    is_hidden: bool = False

    @property
    def finding(self) -> Finding:
        if self.is_hidden:
            return Finding.HIDDEN
        if self.apart is None:
            return Finding.TOO_FEW
        if self.apart.low > 0:
            return Finding.STAFF_HIGHER
        return Finding.CUSTOMERS_HIGHER if self.apart.high < 0 else Finding.UNCLEAR


@dataclass(frozen=True)
class Period:
    """Whole weeks of ratings. `until` is the first day that is not counted any more."""

    since: date
    until: date

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)


def period_before(closed_at: datetime, *, told_later: timedelta) -> Period:
    """The 13 weeks (91 days) before a round closed, up to a Sunday whose weekly check everybody has had time to hear of."""
    last = clock.last_complete_week((closed_at - told_later).date())
    return Period(clock.monday_of(last + 1 - WEEKS), clock.monday_of(last + 1))


def staff_share(favourable: int, n: int) -> Share:
    """favourable: the published percent of n answers."""
    low, high = outwards(*wilson(n * favourable / 100, n))
    return Share(favourable, low, high)


def customers_share(sums: Sums) -> Share | None:
    """None below 30 ratings or 20 customers."""
    size = _size(sums)
    if size is None:
        return None
    share = sums.happy / sums.ratings
    low, high = outwards(*wilson(share * size, size))
    return Share(round(100 * share), low, high)


def apart(favourable: int, n: int, sums: Sums) -> Apart | None:
    """None below 30 ratings or 20 customers. Customers who rated several times count as the sample they are worth."""
    size = _size(sums)
    if size is None:
        return None
    share = sums.happy / sums.ratings
    low, high = outwards(*newcombe(n * favourable / 100, n, share * size, size))
    return Apart(round(favourable - 100 * share), low, high)


def _size(sums: Sums) -> float | None:
    if sums.ratings < FEWEST_RATINGS or sums.customers < FEWEST_CUSTOMERS:
        return None
    return effective_n_of(sums)


def outwards(low: float, high: float) -> tuple[int, int]:
    """Parts of 1 in whole points, never narrower than they are."""
    return math.floor(round(100 * low, 9)), math.ceil(round(100 * high, 9))
