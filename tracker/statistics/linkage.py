"""Do customers feel it later when a team's staff do better? Each team against its own usual, month by month.

Source of every formula: STATISTICS.md section 4. Teams differ in many lasting ways (their street, their customers, their leader), so
that comparing teams with teams finds a link nearly always, whether or not there is one; what all teams share in a month is no link
either. Both are taken out here: what is left is how a team's months differ from its own usual and from everybody's month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan, sqrt

import numpy as np
import numpy.typing as npt

from tracker.statistics.intervals import CONFIDENCE, Effect, t_quantile
from tracker.statistics.many import passes
from tracker.statistics.scores import FloatArray

SHRINK = 100  # a month of so many ratings weighs half of what one of very many does
FEWEST_PAIRS = 2  # with one pair of months a team has no usual of its own
ENOUGH = ((10, 12), (20, 6))  # (teams, months): from either on a slope is shown
LEAST_LEFT = 1e-9  # of movement: below it is what rounding leaves
SEEN_BY_EACH = 0.21  # standard errors that a real link of 0.3 lies from nothing, for one team and pair of months
# The same of events that halve with every point, for one team, pair of months and event a team and month.
SEEN_BY_EVENTS = 0.11
SURE = 8.0  # from so many standard errors on it is found as good as always, and scipy’s series would give up


@dataclass(frozen=True)
class Slope:
    """How far satisfaction moves, in stars, for one point of engagement (reversed: points for one star); low, high: its 95 % range.

    teams, months: those with a part in it; a month is counted as often as it makes a pair with the one `lag` months later, so that
    six rounds in twelve months are no twelve. pairs: a team's months, of all teams. enough: there is a range, and 10 teams and
    12 months, or 20 teams and 6 months; where not, the slope is shown nowhere.
    """

    estimate: float
    low: float
    high: float
    teams: int
    months: int
    enough: bool
    pairs: int = 0


@dataclass(frozen=True)
class _Sums:
    """What each team adds to the normal equations, once its own usual is taken out: over its months, weighted.

    xx, xy (teams,); xm, my (teams, months): engagement and satisfaction with each month; mm (teams, months, months).
    """

    xx: FloatArray
    xy: FloatArray
    xm: FloatArray
    my: FloatArray
    mm: FloatArray


def lagged_slope(engagement: npt.ArrayLike, satisfaction: npt.ArrayLike, n: npt.ArrayLike, lag: int = 1) -> Slope:
    """The slope of satisfaction `lag` months later on engagement, within teams and within months.

    Arrays (teams, months), nan where hidden or missing. engagement: a driver's mean, 1 to 5; satisfaction: the mean residual of
    ratings for their case mix, in stars; n: the ratings behind it. lag 0: the same month; negative: the reversed slope, of
    engagement -lag months later on satisfaction.

    Team and month fixed effects, weights n/(n + 100) of the month of the ratings; the interval leaves out each of the G teams
    once (jackknife, t with G - 1). The measured movement of a small team's engagement is mostly chance, which draws the slope
    towards nothing: a link is at least as strong as it says.

    All nan where nothing moves. ValueError if shapes do not fit, or n is negative where there is satisfaction.
    """
    x, y, weight = _paired(*_checked(engagement, satisfaction, n), lag)
    teams = (weight > 0).sum(axis=1) >= FEWEST_PAIRS
    x, y, weight = x[teams], y[teams], weight[teams]
    estimates = _slopes(_sums(x, y, weight)) if weight.any() else np.array([nan])
    return _slope(estimates, len(weight), _months(weight, lag), int((weight > 0).sum()))


def _checked(*arrays: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    engagement, satisfaction, n = (np.asarray(values, np.float64) for values in arrays)
    if engagement.ndim != 2 or satisfaction.shape != engagement.shape or n.shape != engagement.shape:
        raise ValueError("engagement, satisfaction and n must be (teams, months), all alike.")
    if (n[np.isfinite(satisfaction)] < 0).any():
        raise ValueError("n must be counts of ratings.")
    return engagement, satisfaction, n


def _paired(
    engagement: FloatArray, satisfaction: FloatArray, n: FloatArray, lag: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The explaining and the explained value of each pair of months, and its weight: 0 where one of them is missing."""
    ratings = np.where(np.isfinite(satisfaction), np.nan_to_num(n), 0)
    weight = ratings / (ratings + SHRINK)
    first, later = slice(0, max(engagement.shape[1] - abs(lag), 0)), slice(abs(lag), None)
    if lag < 0:
        x, y, weight = satisfaction[:, first], engagement[:, later], weight[:, first]
    else:
        x, y, weight = engagement[:, first], satisfaction[:, later], weight[:, later]
    weight = np.where(np.isfinite(x) & np.isfinite(y), weight, 0)
    return np.where(weight > 0, x, 0), np.where(weight > 0, y, 0), weight


def _sums(x: FloatArray, y: FloatArray, weight: FloatArray) -> _Sums:
    """Weighted demeaning within each team is exact here; what months share is left to the equations, which is what alternating
    between the two would come to in the end."""
    share = weight / weight.sum(axis=1, keepdims=True)
    x, y = (values - (share * values).sum(axis=1, keepdims=True) for values in (x, y))
    months = np.eye(x.shape[1]) - share[:, None, :]  # (teams, month of the row, month of the column)
    return _Sums(
        xx=(weight * x * x).sum(axis=1),
        xy=(weight * x * y).sum(axis=1),
        xm=np.einsum("gt,gt,gtm->gm", weight, x, months),
        my=np.einsum("gt,gt,gtm->gm", weight, y, months),
        mm=np.einsum("gt,gtm,gtk->gmk", weight, months, months),
    )


def _slopes(sums: _Sums) -> FloatArray:
    """(1 + teams,) with every team, then without each one; nan where nothing is left that moves."""
    xx, xy, xm, my, mm = (_without_each(part) for part in (sums.xx, sums.xy, sums.xm, sums.my, sums.mm))
    # Months add up to all teams' usual, so one of them says nothing: the generalised inverse leaves it out.
    by_month = np.einsum("gmk,gk->gm", np.linalg.pinv(mm, rcond=LEAST_LEFT, hermitian=True), xm)
    left = xx - (xm * by_month).sum(axis=1)
    moved = xy - (by_month * my).sum(axis=1)
    return np.asarray(np.divide(moved, left, out=np.full(len(left), nan), where=left > LEAST_LEFT * (1 + xx)))


def _without_each(values: FloatArray) -> FloatArray:
    total = values.sum(axis=0, keepdims=True)
    return np.concatenate([total, total - values])


def _months(weight: FloatArray, lag: int) -> int:
    """As many months in a row as would make as many pairs of months."""
    pairs = int(weight.any(axis=0).sum())
    return pairs + abs(lag) if pairs else 0


def _slope(estimates: FloatArray, teams: int, months: int, pairs: int) -> Slope:
    estimate, without = float(estimates[0]), estimates[1:]
    if teams < 2 or not np.isfinite(without).all():
        return Slope(estimate, nan, nan, teams, months, False, pairs)
    half = t_quantile(teams - 1) * sqrt((teams - 1) / teams * float(((without - without.mean()) ** 2).sum()))
    enough = isfinite(estimate) and any(teams >= fewest and months >= least for fewest, least in ENOUGH)
    return Slope(estimate, estimate - half, estimate + half, teams, months, enough, pairs)


def found_among(slopes: Sequence[Slope]) -> list[bool]:
    """Which of several slopes may be called a link: Benjamini and Hochberg (1995) at 10 % over those that are enough, each by its
    own range as well; none of them unless it is clear at 5 % that there is any link at all (R. J. Simes 1986).

    So that of all the links that pages ever call found, one in ten at most is none; and where there is no link whatever, a page calls
    one found once in twenty, however many drivers it looks at.
    """
    shown = [place for place, slope in enumerate(slopes) if slope.enough]
    chances = [p_value(slopes[place]) for place in shown]
    if not any(passes(chances, 1 - CONFIDENCE)):
        return [False] * len(slopes)
    found = {place for place, passed in zip(shown, passes(chances), strict=True) if passed and is_clear(slopes[place])}
    return [place in found for place in range(len(slopes))]


def is_clear(slope: Slope) -> bool:
    """Whether its range leaves out that there is none."""
    return slope.low > 0 or slope.high < 0


def p_value(slope: Slope) -> float:
    """How often chance alone would show as steep a slope, either way; 1 where there is no range."""
    from scipy.special import stdtr  # noqa: PLC0415 - as intervals.t_quantile

    half = (slope.high - slope.low) / 2
    if not isfinite(half):
        return 1.0
    if half == 0:
        return 1.0 if slope.estimate == 0 else 0.0
    t = abs(slope.estimate) * t_quantile(slope.teams - 1) / half
    return float(2 * stdtr(slope.teams - 1, -t))


def team_averages(engagement: npt.ArrayLike, satisfaction: npt.ArrayLike, n: npt.ArrayLike) -> Effect:
    """The correlation of teams' averages over all months, with Fisher's range: what is usually shown, and no evidence of a cause.

    Arrays as for `lagged_slope`; satisfaction is averaged over ratings. n: the teams that have both. enough: 10 teams or more.
    """
    moods, stars, ratings = _checked(engagement, satisfaction, n)
    ratings = np.where(np.isfinite(stars), np.nan_to_num(ratings), 0)
    there = np.isfinite(moods).any(axis=1) & (ratings.sum(axis=1) > 0)
    if there.sum() < 4:
        return Effect(nan, nan, nan, int(there.sum()), False)
    moods, stars, ratings = moods[there], np.nan_to_num(stars[there]), ratings[there]
    x, y = np.nanmean(moods, axis=1), (stars * ratings).sum(axis=1) / ratings.sum(axis=1)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return Effect(nan, nan, nan, len(x), False)
    r = float(np.corrcoef(x, y)[0, 1])
    with np.errstate(divide="ignore"):
        middle, half = np.arctanh(np.clip(r, -1, 1)), 1.959964 / sqrt(len(x) - 3)
    return Effect(r, float(np.tanh(middle - half)), float(np.tanh(middle + half)), len(x), len(x) >= ENOUGH[0][0])


def power(teams: int, months: float) -> float:
    """How often a real link of 0.3 stars a point would be found with so many teams and months each, between 0 and 1.

    As simulated for teams of 5 to 8 answers and 12 to 40 ratings a month (tests/statistics/linked.py): a noncentral t, whose
    distance from nothing grows with the root of the teams and of the pairs of months, one of each being spent on what is usual.
    """
    return _power(teams, months, SEEN_BY_EACH)


def power_for_events(teams: int, months: float, events: float) -> float:
    """The same for events that halve with every point of engagement and are few: `events` is how many a team has in a month.

    Chance in a count grows with its root, so the distance does too. As simulated for 12 to 40 ratings a month with complaints about
    0.5 to 5 % of them (tests/statistics/complaining.py).
    """
    return _power(teams, months, SEEN_BY_EVENTS * sqrt(events))


def _power(teams: int, months: float, seen: float) -> float:
    from scipy.special import nctdtr  # noqa: PLC0415 - as intervals.t_quantile

    if teams < 2 or months < 3:
        return 0.0
    degrees, line = teams - 1, t_quantile(teams - 1)
    distance = seen * sqrt(degrees * (months - 2))
    if distance > SURE:
        return 1.0
    return float(1 - nctdtr(degrees, distance, line) + nctdtr(degrees, distance, -line))
