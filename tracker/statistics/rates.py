"""Rates of events with their likely ranges, and how many times as many there are of one as of another.

A count of events has Poisson's range: F. Garwood's exact one (1936), from the incomplete gamma function. Of two counts the share of
the second is binomial once their sum is given (J. Przyborowski and H. Wilenski 1940): its Wilson range, turned back into a ratio.
"""

from math import inf

from tracker.statistics.intervals import CONFIDENCE
from tracker.statistics.proportions import wilson

TAIL = (1 - CONFIDENCE) / 2


def events_range(count: int) -> tuple[float, float]:
    """The 95 % range of how many events were to be expected, where `count` came. ValueError below 0."""
    from scipy.special import gammaincinv  # noqa: PLC0415 - as intervals.t_quantile

    if count < 0:
        raise ValueError("events are counted from none")
    low = float(gammaincinv(count, TAIL)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - TAIL))


def times_as_many(later: int, exposed_later: float, earlier: int, exposed_earlier: float) -> tuple[float, float]:
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
