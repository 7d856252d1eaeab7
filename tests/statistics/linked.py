"""Made-up companies by team and month in which engagement moves customers' ratings a month later, or does not.

Engagement: a driver's mean over few answers of 1 to 5. Each team has a lasting level, and a shared cause (its confounder: street,
leader, kind of customers) lifts both its engagement and its ratings for good; a month moves everybody; a team's own months move on
their own with some persistence, and so do ratings. `slope`: stars that ratings move in the month after, for a true point of
engagement above the team's own usual.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.statistics.linkage import Slope, lagged_slope, team_averages

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """answers, ratings: least and most a team and month. hidden: the share of a team's months below the threshold, at random."""

    teams: int = 20
    months: int = 12
    slope: float = 0.0
    confounder: float = 0.2
    answers: tuple[int, int] = (5, 8)
    ratings: tuple[int, int] = (15, 45)
    movement: float = 0.29  # sd of a team's true monthly movement of engagement
    persistence: float = 0.3
    own_movement: float = 0.10  # sd of what moves ratings of a team and month besides
    hidden: float = 0.0
    backwards: float = 0.0  # the same the other way round: engagement follows ratings of the month before


@dataclass(frozen=True)
class Linked:
    """(teams, months) each; true: engagement as it is, before anybody is asked."""

    engagement: FloatArray
    satisfaction: FloatArray
    n: FloatArray
    true: FloatArray


def simulate(seed: int, setting: Setting) -> Linked:
    rng = np.random.default_rng(seed)
    shape = (setting.teams, setting.months)
    cause = rng.normal(0, 1, (setting.teams, 1))
    own = persistent(rng, shape, setting.movement, setting.persistence)
    stars = setting.confounder * cause
    ratings_move = persistent(rng, shape, setting.own_movement, setting.persistence)
    if setting.backwards:
        own[:, 1:] += setting.backwards * ratings_move[:, :-1]
    season = rng.normal(0, 0.08, (1, setting.months))
    level = 3.6 + setting.confounder * cause + rng.normal(0, 0.25, (setting.teams, 1))
    true = level + own + 0.8 * season + rng.normal(0, 0.05, (1, setting.months))
    felt = np.zeros(shape)
    felt[:, 1:] = setting.slope * own[:, :-1]
    n = rng.integers(setting.ratings[0], setting.ratings[1] + 1, shape).astype(float)
    satisfaction = stars + season + felt + ratings_move + rng.normal(0, 1, shape) * 1.05 / np.sqrt(n)
    answers = rng.integers(setting.answers[0], setting.answers[1] + 1, shape)
    engagement = true + rng.normal(0, 1, shape) * 0.9 / np.sqrt(answers)
    engagement[rng.random(shape) < setting.hidden] = np.nan
    return Linked(np.round(engagement, 1), satisfaction, n, true)


def persistent(rng: np.random.Generator, shape: tuple[int, int], sd: float, persistence: float) -> FloatArray:
    moved = rng.normal(0, sd, shape)
    for month in range(1, shape[1]):
        moved[:, month] = persistence * moved[:, month - 1] + np.sqrt(1 - persistence**2) * moved[:, month]
    return moved


@dataclass(frozen=True)
class Figures:
    """Over many companies: how often a link was called found, and the standard error of that share; mean estimate; share enough."""

    found: float
    found_error: float
    estimate: float
    enough: float


def ours(linked: Linked) -> tuple[bool, float, bool]:
    slope: Slope = lagged_slope(linked.engagement, linked.satisfaction, linked.n)
    return slope.enough and (slope.low > 0 or slope.high < 0), slope.estimate, slope.enough


def pooled(linked: Linked) -> tuple[bool, float, bool]:
    """The correlation of all team-months, which every tool draws."""
    from scipy.stats import pearsonr  # noqa: PLC0415 - only where a comparison is wanted

    x, y = linked.engagement[:, :-1].ravel(), linked.satisfaction[:, 1:].ravel()
    there = np.isfinite(x)
    r, p = pearsonr(x[there], y[there])
    return bool(p < 0.05), float(r), True


def averages(linked: Linked) -> tuple[bool, float, bool]:
    effect = team_averages(linked.engagement, linked.satisfaction, linked.n)
    return effect.low > 0 or effect.high < 0, effect.estimate, effect.enough


def figures(way: Callable[[Linked], tuple[bool, float, bool]], companies: Iterable[Linked]) -> Figures:
    found, estimates, enough = map(np.array, zip(*(way(one) for one in companies), strict=True))
    share = float(found.mean())
    error = float(np.sqrt(max(share * (1 - share), 0.25 / len(found)) / len(found)))
    return Figures(share, error, float(np.nanmean(estimates)), float(enough.mean()))
