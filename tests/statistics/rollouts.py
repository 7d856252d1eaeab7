"""Made-up companies in which teams are trained one wave after another, with everything else that moves ratings.

The noise of `simulation.py`, seen by team and 28-day period over a year: stars at 9/4/8/19/60 %, cut from a normal latent
variable; volumes that differ by team and by period, and teams that are closed for one; abilities; a drift; good and bad
stretches that last for some periods; a season, a bad spell of the company, a fifth of the teams 0.5 down for one or two
periods. Teams are trained in waves in a random order, some never; the training moves the latent mean for good.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtrit

from tests.statistics.simulation import SHARES
from tracker.statistics.effects import rollout_effect

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Interval = tuple[float, float, float, bool]  # estimate, low, high, enough

PERIODS, NEVER = 13, -1
MEAN = float(np.arange(1, 6) @ SHARES)


@dataclass(frozen=True)
class Setting:
    """Sizes and strengths; strengths on the latent scale, but for the effect, which is in stars."""

    teams: int = 12
    effect: float = 0.0
    ratings: float = 130  # of a typical team in a period: ten people
    ratings_sd: float = 0.5
    period_sd: float = 0.2
    closed: float = 0.02
    ability_sd: float = 0.14
    drift_sd_a_year: float = 0.10
    stretch_sd: float = 0.10
    stretch_lasts: float = 0.6
    wave: float = 0.08
    company_shock: float = 0.25
    team_shock: float = 0.5
    shocked_teams: float = 0.2
    waves: int = 4
    never: float = 0.25
    worst_first: bool = False


@dataclass(frozen=True)
class Rollout:
    n: IntArray
    residual: FloatArray
    start: IntArray


@dataclass(frozen=True)
class Figures:
    """Over many rollouts: the share of intervals that cover the truth, the mean error and the mean half width in stars, with
    standard errors of the first two, and the share with enough teams."""

    coverage: float
    coverage_error: float
    bias: float
    bias_error: float
    half_width: float
    enough: float


def figures(estimate: Callable[[Rollout], Interval], companies: Iterable[Rollout], truth: float) -> Figures:
    """How well a way to estimate does; runs without an interval are left out."""
    found = np.array([estimate(company) for company in companies])
    middle, low, high, enough = found[np.isfinite(found).all(axis=1)].T
    runs, covered = len(middle), (low <= truth) & (truth <= high)
    coverage, error = float(covered.mean()), float(middle.std(ddof=1) / np.sqrt(runs))
    coverage_error = float(np.sqrt(coverage * (1 - coverage) / runs))
    half_width = float((high - low).mean() / 2)
    return Figures(coverage, coverage_error, float(middle.mean()) - truth, error, half_width, float(enough.mean()))


def simulate_many(seed: int, setting: Setting, runs: int) -> list[Rollout]:
    return [simulate([seed, run], setting) for run in range(runs)]


def simulate(seed: list[int], setting: Setting) -> Rollout:
    """A company and its training, the same for the same seed."""
    rng = np.random.default_rng(seed)
    latent = _movements(rng, setting)
    start = _starts(rng, setting, latent)
    trained = (start != NEVER)[:, np.newaxis] & (np.arange(PERIODS) > start[:, np.newaxis])
    latent += _latent(setting.effect) * trained
    size = setting.ratings * np.exp(setting.ratings_sd * rng.standard_normal((setting.teams, 1)))
    volume = size * np.exp(setting.period_sd * rng.standard_normal(latent.shape))
    n = rng.poisson(volume) * (rng.random(latent.shape) >= setting.closed)
    stars = rng.multinomial(n, _shares(latent))
    return Rollout(n, stars @ np.arange(1, 6) - n * MEAN, start)


def ours(rollout: Rollout) -> Interval:
    found = rollout_effect(n=rollout.n, residual=rollout.residual, start=rollout.start)
    return found.estimate, found.low, found.high, found.enough


def naive(rollout: Rollout) -> Interval:
    """What most tools show: the mean after minus before of the trained teams, with a t interval over them."""
    changes = []
    for n, residual, start in zip(rollout.n, rollout.residual, rollout.start, strict=True):
        before, after = slice(start - 3, start), slice(start + 1, start + 3)
        if 3 <= start < PERIODS - 2 and n[before].sum() and n[after].sum():
            changes.append(residual[after].sum() / n[after].sum() - residual[before].sum() / n[before].sum())
    if len(changes) < 2:
        return np.nan, np.nan, np.nan, False
    middle = float(np.mean(changes))
    half = float(stdtrit(len(changes) - 1, 0.975) * np.std(changes, ddof=1) / np.sqrt(len(changes)))
    return middle, middle - half, middle + half, True


def _movements(rng: np.random.Generator, setting: Setting) -> FloatArray:
    """(teams, periods) where the latent mean lies without any training."""
    shape = setting.teams, PERIODS
    ability = setting.ability_sd * rng.standard_normal((setting.teams, 1))
    drift = setting.drift_sd_a_year / np.sqrt(PERIODS) * np.cumsum(rng.standard_normal(shape), axis=1)
    period = np.arange(PERIODS)
    common = setting.wave * np.sin(2 * np.pi * (period / PERIODS + rng.random()))
    common -= setting.company_shock * (period == rng.integers(PERIODS))
    first = rng.integers(0, PERIODS, (setting.teams, 1))
    last = first + rng.integers(0, 2, (setting.teams, 1))
    shocked = (rng.random((setting.teams, 1)) < setting.shocked_teams) & (first <= period) & (period <= last)
    return ability + drift + _stretches(rng, setting) + common - setting.team_shock * shocked


def _stretches(rng: np.random.Generator, setting: Setting) -> FloatArray:
    """(teams, periods) noise that lasts: each period keeps a part of the one before."""
    kept = setting.stretch_lasts
    noise = setting.stretch_sd * rng.standard_normal((setting.teams, PERIODS))
    for period in range(1, PERIODS):
        noise[:, period] = kept * noise[:, period - 1] + np.sqrt(1 - kept**2) * noise[:, period]
    return noise


def _starts(rng: np.random.Generator, setting: Setting, latent: FloatArray) -> IntArray:
    """Waves, one or two periods apart, in a random order or those first who do worst just before the first wave."""
    first, gap = rng.integers(3, 5), rng.integers(1, 3)
    order = rng.permutation(setting.teams)
    if setting.worst_first:
        order = np.argsort(latent[:, first - 1])
    trained = order[: setting.teams - round(setting.never * setting.teams)]
    start = np.full(setting.teams, NEVER)
    start[trained] = first + gap * (np.arange(len(trained)) * setting.waves // len(trained))
    return start


def _spread() -> FloatArray:
    """Where teams lie, roughly, as equally likely values."""
    return 0.2 * ndtri((np.arange(200) + 0.5) / 200)


def _shares(latent: FloatArray) -> FloatArray:
    """The shares of 1 to 5 stars at each latent mean."""
    cuts = ndtri(np.cumsum(SHARES)[:-1]) * np.sqrt(1 + 0.2**2)
    below = ndtr(cuts - latent[..., np.newaxis])
    return np.diff(below, axis=-1, prepend=0.0, append=1.0)


@lru_cache
def _latent(stars: float) -> float:
    """How far the latent mean must rise so that the mean of the company rises by `stars`."""
    shifts = np.linspace(0, 2, 201)
    means = np.array([(_shares(_spread() + shift) @ np.arange(1, 6)).mean() for shift in shifts])
    return float(np.interp(stars, means - means[0], shifts))
