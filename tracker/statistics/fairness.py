"""Does a check treat groups of people alike? One group against everybody else, in stars or in how often something happens.

People of one team share their customers, their leader and their luck, and one person's weeks are alike: a difference counts as clear
only when it is larger than what whole teams and whole people differ by anyway. Nothing here says why groups differ.
"""

from dataclasses import dataclass
from math import exp, inf, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from tracker.statistics.intervals import t_quantile
from tracker.statistics.proportions import Z, wilson

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.integer]

FEWEST_TEAMS = 6  # on either side: what fewer teams differ by cannot be told from what the group does
POWER_80 = 0.8416  # standard normal quantile: seen four times in five


@dataclass(frozen=True)
class Figure:
    """Of one group: a mean or a share with its 95 % range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Apart:
    """How far a group lies from everybody else: stars (no difference: 0), or times as often (no difference: 1), with its 95 % range.

    p: how often chance alone would look as strong, 1 where there is no range. least: the smallest difference that would be seen four
    times in five, in stars, or as the larger rate over the smaller. enough: there is a range, and 6 teams or more on either side.
    """

    value: float
    low: float
    high: float
    p: float
    least: float
    enough: bool


NO_RANGE = Apart(nan, nan, nan, 1.0, nan, False)


def mean_of(value: Floats, weight: Floats, team: Ints) -> Figure:
    """The weighted mean of a group, in the unit of value; its range leaves out each team once. Arrays (people,)."""
    means = _means(_by_team(value * weight, team), _by_team(weight, team))
    half = _half(means[1:], len(means) - 2)
    return Figure(float(means[0]), float(means[0] - half), float(means[0] + half))


def means_apart(value: Floats, weight: Floats, team: Ints, inside: Bools) -> Apart:
    """Weighted mean of those inside less that of everybody else. Arrays (people,); weights of 0 or more.

    The range leaves out each team once (jackknife), with Student's t for the teams of the side that has fewer.
    """
    sums = [_by_team(part * side, team) for side in (inside, ~inside) for part in (value * weight, weight)]
    apart = _means(sums[0], sums[1]) - _means(sums[2], sums[3])
    degrees = int(min(np.count_nonzero(sums[1]), np.count_nonzero(sums[3]))) - 1
    half, middle = _half(apart[1:], degrees), float(apart[0])
    if not np.isfinite(half):
        return NO_RANGE
    error = half / t_quantile(degrees)
    enough = degrees >= FEWEST_TEAMS - 1
    return Apart(middle, middle - half, middle + half, _p_of(middle, error, degrees), half + POWER_80 * error, enough)


def share_of(events: Floats, of: Floats, team: Ints) -> Figure:
    """How often something happens in a group: the share of events, with Wilson's range. Arrays (people,).

    Counted as if there were only as many independent ones as people and teams are worth.
    """
    total, size = float(events.sum()), float(of.sum())
    if size == 0:
        return Figure(nan, nan, nan)
    worth = size / _inflation(events, of, team)
    low, high = wilson(total / size * worth, worth)
    return Figure(total / size, low, high)


def times_as_often(events: Floats, of: Floats, team: Ints, inside: Bools) -> Apart:
    """The rate of events of those inside over that of everybody else. Arrays (people,): events, out of how many.

    Given all events, how they divide between the two sides is a share; its range (Wilson's) is the range of the ratio. Each side's
    events count as only as many as its people and teams are worth, so that one person alerted three times is no three people.
    """
    sides = [(events[side], of[side], team[side]) for side in (inside, ~inside)]
    if not all(size.sum() > 0 for _events, size, _team in sides) or events.sum() == 0:
        return NO_RANGE
    (x, m), (y, k) = (_worth(*side) for side in sides)
    low, high = (_odds(end) * k / m for end in wilson(x, x + y))
    usual = m / (m + k)
    error = sqrt((x + y) * usual * (1 - usual))
    enough = all(len(np.unique(teams[size > 0])) >= FEWEST_TEAMS for _events, size, teams in sides)
    value = inf if y == 0 else x / m / (y / k)
    return Apart(value, low, high, _p_of(x - (x + y) * usual, error, None), exp((Z + POWER_80) / error), enough)


def _worth(events: Floats, of: Floats, team: Ints) -> tuple[float, float]:
    by = _inflation(events, of, team)
    return float(events.sum()) / by, float(of.sum()) / by


def _inflation(events: Floats, of: Floats, team: Ints) -> float:
    """How many events count as one, seen by people and seen by teams, whichever is more; never fewer than of a plain sample."""
    total, size = float(events.sum()), float(of.sum())
    if total == 0:
        return 1.0
    rate = total / size
    beyond = events - rate * of
    by_team = _by_team(beyond, team)
    spread = [_spread(beyond, int(np.count_nonzero(of))), _spread(by_team, len(by_team))]
    return max(1 - rate, *(one / total for one in spread)) or 1.0


def _spread(beyond: Floats, clusters: int) -> float:
    return float((beyond**2).sum()) * clusters / (clusters - 1) if clusters > 1 else 0.0


def _by_team(values: Floats, team: Ints) -> Floats:
    return np.asarray(np.bincount(np.unique(team, return_inverse=True)[1], values), dtype=np.float64)


def _means(above: Floats, below: Floats) -> Floats:
    """(1 + teams,): the mean with every team, then without each one; nan where nobody is left."""
    over, under = (np.concatenate([[part.sum()], part.sum() - part]) for part in (above, below))
    return np.asarray(np.divide(over, under, out=np.full(len(over), nan), where=under > 1e-9))


def _half(without: Floats, degrees: int) -> float:
    if degrees < 1 or not np.isfinite(without).all():
        return nan
    teams = len(without)
    return t_quantile(degrees) * sqrt((teams - 1) / teams * float(((without - without.mean()) ** 2).sum()))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _p_of(distance: float, error: float, degrees: int | None) -> float:
    """Two-sided, by Student's t, or by the normal where degrees is None."""
    from scipy.special import ndtr, stdtr  # noqa: PLC0415 - as intervals.t_quantile

    if error == 0:
        return 1.0 if distance == 0 else 0.0
    t = -abs(distance) / error
    return float(2 * (ndtr(t) if degrees is None else stdtr(degrees, t)))
