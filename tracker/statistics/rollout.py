"""Did training help? What changed for trained teams, against what changed meanwhile for teams not trained yet.

Source of every formula: STATISTICS.md section 3 (c), "not-yet-trained comparison". Whoever only compares before with after takes a
season, a drift or a bad spell that was ending anyway for the training.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.statistics.intervals import Effect, t_quantile
from tracker.statistics.scores import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NEVER = -1
BEFORE, AFTER = 3, 2  # periods compared; the one of the training lies between them and counts in neither
# The fewest teams on a side, by how many are on the other. With fewer the interval is too narrow: see test_rollout.py.
FEWEST, MANY, FEWEST_BESIDE_MANY = 4, 20, 6


@dataclass(frozen=True)
class _Waves:
    """Each wave by its row, each team that has a part in one by its column; all (waves, teams).

    change: mean residual after minus before. trained: in this wave. waiting: not trained until after it, its comparison.
    """

    change: FloatArray
    trained: BoolArray
    waiting: BoolArray


def rollout_effect(*, n: npt.ArrayLike, residual: npt.ArrayLike, start: npt.ArrayLike) -> Effect:
    """The effect of a training that teams had at different dates, in stars.

    n, residual (teams, periods of 28 days): ratings, and the sum of their case-mix residuals S - X (disregarded where n = 0).
    start (teams,): the period in which a team was trained, -1 = never, beyond the last period = planned. A team that was trained
    before the first period stands as 0: it counts nowhere.

    A wave is all teams of one start p. Each team’s change is the mean residual of all its ratings in p+1..p+2 minus that in
    p-3..p-1; the wave’s effect is the mean change of its teams minus that of the teams that waited (start > p+2 or never), each
    team as much as another. Waves are weighed by trained x waiting / (trained + waiting). A wave counts once all five periods are
    within the array, and a team in a wave only with ratings both before and after; waves without comparison count nothing.

    What moves all teams alike cancels: exactly where each team’s ratings are spread alike over the periods, else nearly.

    The interval leaves out each of the G teams that have a part in the estimate, once (jackknife, t with G - 1). low and high
    are nan where one team alone carries everything, so that nothing is left without it. n: the trained teams in the estimate.
    enough: there is an interval, and at least 4 teams on either side, trained and waiting (a team may be both, in its turn); at
    least 6 beside more than 20. Simulated intervals of 3 teams beside 20 cover the truth in 91 %, of 2 beside 30 in 84 %.

    ValueError if shapes do not fit, n is negative, a residual is no number, or a start is no period and not -1.
    """
    waves = _waves(*_checked(n, residual, start))
    if not waves.change.size:
        return Effect(np.nan, np.nan, np.nan, 0, False)
    effects = _combined(waves)
    estimate, half = float(effects[0]), _half_width(effects[1:])
    trained, waiting = int(waves.trained.any(axis=0).sum()), int(waves.waiting.any(axis=0).sum())
    enough = bool(np.isfinite(half)) and _is_enough(trained, beside=waiting) and _is_enough(waiting, beside=trained)
    return Effect(estimate, estimate - half, estimate + half, trained, enough)


def _checked(
    n: npt.ArrayLike, residual: npt.ArrayLike, start: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, IntArray]:
    ratings, residuals, starts = (np.asarray(values, np.float64) for values in (n, residual, start))
    if ratings.ndim != 2 or residuals.shape != ratings.shape or starts.shape != ratings.shape[:1]:
        raise ValueError("n and residual must be (teams, periods), and start (teams,).")
    if not (np.isfinite(ratings) & (ratings >= 0)).all() or not np.isfinite(residuals[ratings > 0]).all():
        raise ValueError("n must be counts, and residual numbers where n is not 0.")
    if not (np.isfinite(starts) & (starts >= NEVER) & (starts == np.floor(starts))).all():
        raise ValueError("start must be periods, or -1 for never.")
    return ratings, np.where(ratings > 0, residuals, 0.0), starts.astype(np.int64)


def _is_enough(teams: int, *, beside: int) -> bool:
    return teams >= (FEWEST if beside <= MANY else FEWEST_BESIDE_MANY)


def _waves(ratings: FloatArray, residuals: FloatArray, start: IntArray) -> _Waves:
    """The waves that can be compared, and the teams that have a part in one."""
    last = ratings.shape[1] - AFTER
    periods = np.unique(start[(start >= BEFORE) & (start < last)])[:, np.newaxis]
    changes = [_change(ratings, residuals, period) for period in periods.flat]
    change = np.array(changes).reshape(len(periods), len(start))
    trained = (start == periods) & ~np.isnan(change)
    waiting = ((start > periods + AFTER) | (start == NEVER)) & ~np.isnan(change)
    compared = trained.any(axis=1) & waiting.any(axis=1)
    teams = (trained | waiting)[compared].any(axis=0)
    within = np.ix_(compared, teams)
    return _Waves(np.nan_to_num(change[within]), trained[within], waiting[within])


def _change(ratings: FloatArray, residuals: FloatArray, period: int) -> FloatArray:
    """(teams,) the mean residual after minus before the period; nan where a team has no ratings on one side."""
    before, after = slice(period - BEFORE, period), slice(period + 1, period + 1 + AFTER)
    means = [_ratio(residuals[:, part].sum(axis=1), ratings[:, part].sum(axis=1)) for part in (before, after)]
    return means[1] - means[0]


def _combined(waves: _Waves) -> FloatArray:
    """(1 + teams,) the effect over all waves: with every team, then without each one; nan where nothing is left to compare.

    A wave’s effect times its weight is (waiting x sum of trained changes - trained x sum of waiting ones) / (trained + waiting).
    """
    trained, waiting = _without_each(waves.trained), _without_each(waves.waiting)
    trained_sum = _without_each(waves.trained * waves.change)
    waiting_sum = _without_each(waves.waiting * waves.change)
    both = np.maximum(trained + waiting, 1)
    weight = (trained * waiting / both).sum(axis=0)
    weighted = ((waiting * trained_sum - trained * waiting_sum) / both).sum(axis=0)
    return _ratio(weighted, weight)


def _without_each(values: FloatArray | BoolArray) -> FloatArray:
    """(waves, 1 + teams) the sum over all teams, then over all but each one."""
    left_out = np.pad(values.astype(np.float64), ((0, 0), (1, 0)))
    return np.asarray(left_out.sum(axis=1, keepdims=True) - left_out)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, and nan where below is 0."""
    return np.asarray(np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0))


def _half_width(without_one: FloatArray) -> float:
    """Half the interval, from the estimates without each team; nan where one of them is."""
    teams = len(without_one)
    variance = (teams - 1) / teams * ((without_one - without_one.mean()) ** 2).sum()
    return t_quantile(teams - 1) * float(np.sqrt(variance))
