"""Rates of events with their likely ranges, and how many times as many there are of one as of another.

A count of events has Poisson's range: F. Garwood's exact one (1936), from the incomplete gamma function. Of two counts the share of
the second is binomial once their sum is given (J. Przyborowski and H. Wilenski 1940): its Wilson range, turned back into a ratio.
"""

from collections.abc import Sequence
from math import inf

from tracker.statistics.intervals import CONFIDENCE, t_quantile
from tracker.statistics.proportions import Z, wilson

TAIL = (1 - CONFIDENCE) / 2
Month = tuple[int, float]  # events, and how much could have brought one


def events_range(count: int) -> tuple[float, float]:
    """The 95 % range of how many events were to be expected, where `count` came. ValueError below 0."""
    from scipy.special import gammaincinv  # noqa: PLC0415 - as intervals.t_quantile

    if count < 0:
        raise ValueError("events are counted from none")
    low = float(gammaincinv(count, TAIL)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - TAIL))


def times_as_many(later: float, exposed_later: float, earlier: float, exposed_earlier: float) -> tuple[float, float]:
    """The 95 % range of later/exposed_later divided by earlier/exposed_earlier: 0 to infinity where there is no event at all.

    exposed: how much could have brought an event, above 0. ValueError where it is not.
    """
    if min(exposed_later, exposed_earlier) <= 0:
        raise ValueError("nothing could have brought an event")
    if later + earlier == 0:
        return 0.0, inf
    scale = exposed_earlier / exposed_later
    low, high = (share / (1 - share) * scale if share < 1 else inf for share in wilson(later, later + earlier))
    return low, high


def times_as_many_by_month(later: Sequence[Month], earlier: Sequence[Month]) -> tuple[float, float]:
    """`times_as_many` for the same calendar months of two years, pair by pair, where events come in bunches.

    One bad month brings many at once, so that months differ by more than single events would. How much more (Pearson's statistic of the
    pairs, over their number less one) divides the counts; where it is more than 1 the quantile of Student's t stands for the normal one
    (P. McCullagh and J. Nelder, Generalized Linear Models, 2nd edition, 4.5). Months: (events, exposed). ValueError as for
    `times_as_many`, or where the two are not as many.
    """
    pairs = list(zip(later, earlier, strict=True))
    (events, exposed), (before, exposed_before) = _added(later), _added(earlier)
    low, high = times_as_many(events, exposed, before, exposed_before)
    if events == 0 or before == 0:
        return low, high
    bunched = _bunched(pairs, events / exposed / (before / exposed_before))
    return times_as_many(events / bunched, exposed, before / bunched, exposed_before)


def times_as_many_after(later: Sequence[Month], earlier: Sequence[Month]) -> tuple[float, float]:
    """`times_as_many` for months that follow other ones, where events come in bunches.

    How much the months of either side differ among themselves, more than single events would (Pearson's statistic over the months less
    two), divides the counts as in `times_as_many_by_month`; a season is taken for a bunch, which makes the range rather too wide.
    """
    (events, exposed), (before, exposed_before) = _added(later), _added(earlier)
    times_as_many(events, exposed, before, exposed_before)  # whether there is a ratio at all
    apart, told = 0.0, -2
    for months, rate in ((later, events / exposed), (earlier, before / exposed_before)):
        apart += sum((count - rate * of) ** 2 / (rate * of) for count, of in months if rate * of)
        told += sum(of > 0 for _count, of in months)
    bunched = _divisor(apart, told)
    return times_as_many(events / bunched, exposed, before / bunched, exposed_before)


def _added(months: Sequence[Month]) -> tuple[int, float]:
    return sum(events for events, _exposed in months), sum(exposed for _events, exposed in months)


def _bunched(pairs: Sequence[tuple[Month, Month]], ratio: float) -> float:
    """How many events come as one; 1 where each comes on its own. ratio: of the rates of both years."""
    apart, told = 0.0, -1
    for (events, exposed), (before, exposed_before) in pairs:
        n, expected = events + before, ratio * exposed
        share = expected / (expected + exposed_before) if expected + exposed_before else 0.0
        if n and 0 < share < 1:
            apart += (events - n * share) ** 2 / (n * share * (1 - share))
            told += 1
    return _divisor(apart, told)


def _divisor(apart: float, degrees: int) -> float:
    if degrees < 1 or apart <= degrees:
        return 1.0
    return apart / degrees * (t_quantile(degrees) / Z) ** 2
