"""Did coaching help? (a) Those who were coached against those who fell as well and were not.

Source: STATISTICS.md section 3 (a). Who was coached is rarely chance: leaders talk to those who fell furthest, and who fell furthest
also comes back furthest. So both sides are compared at the same depth of the fall (an analysis of covariance).
"""

import numpy as np
import numpy.typing as npt

from tracker.statistics.dips import FEWEST_AFTER, Fit, Group, Rows, checked_sigma2
from tracker.statistics.intervals import Effect, t_quantile

FEWEST_A_SIDE = 15
FEWEST_TEAMS = 6
COLUMNS = 5


def coaching_effect(
    *,
    coached: npt.ArrayLike,
    b: npt.ArrayLike,
    dev: npt.ArrayLike,
    n_window: npt.ArrayLike,
    after: npt.ArrayLike,
    n_after: npt.ArrayLike,
    team: npt.ArrayLike,
    sigma2: float,
) -> Effect:
    """The effect of coaching in stars, over people who fell; arrays (people,), see dips.Group. coached: true or false for each.

    Weighted least squares of `after` on [1, coached, b, dev, dev n_window/(n_window + 24)], weights 1/(.08 + sigma2/n_after), of
    those with 5 ratings or more after. Errors are HC2, clustered by team; the interval is t with teams - 5.

    n: those coached. low, high: nan with fewer than 6 teams. enough: there is an interval, and 15 or more on either side.
    ValueError as Group, or unless coached is true or false for each person and sigma2 above 0.
    """
    everybody = Rows.all_of(Group(b, dev, n_window, after, n_after, team))
    is_coached = np.atleast_1d(np.asarray(coached))
    if is_coached.shape != everybody.b.shape or not np.isin(is_coached, (0, 1)).all():
        raise ValueError("coached must be true or false for each person.")
    counts = everybody.n_after >= FEWEST_AFTER
    rows, treated = everybody.where(counts), is_coached[counts].astype(bool)
    return _effect(rows, treated, checked_sigma2(sigma2))


def _effect(rows: Rows, treated: npt.NDArray[np.bool_], sigma2: float) -> Effect:
    many, teams = int(treated.sum()), rows.teams
    x = np.insert(rows.features(), 1, treated, axis=1)
    fit = Fit.of(x, rows.after, rows.weights(sigma2), rows.team) if len(rows) else None
    if fit is None:
        return Effect(np.nan, np.nan, np.nan, many, False)
    estimate = float(fit.coefficients[1])
    if teams < FEWEST_TEAMS:
        return Effect(estimate, np.nan, np.nan, many, False)
    half = t_quantile(teams - COLUMNS) * float(np.sqrt(fit.covariance[1, 1]))
    enough = min(many, len(rows) - many) >= FEWEST_A_SIDE and bool(np.isfinite(half))
    return Effect(estimate, estimate - half, estimate + half, many, enough)
