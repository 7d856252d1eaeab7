"""What somebody's ratings are compared with: the own baseline, and what moved for the company and the team.

Source: STATISTICS.md section 2, steps 1 to 5 and kappa of step 7.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tracker.statistics.scores import Company, fit, others, per_team, ratio, team_codes, team_priors
from tracker.statistics.weeks import FloatArray, IntArray

USUAL_KAPPA = 0.55


@dataclass(frozen=True)
class Baseline:
    """Everybody's own baseline effect (stars), its variance, and the company's constants behind it."""

    company: Company
    effect: FloatArray
    variance: FloatArray
    kappa: float

    @classmethod
    def of(cls, past: FloatArray, team: IntArray) -> Self:
        """Steps 1 to 3, and kappa of step 7; past (4, P)."""
        n, s, q, x = past
        company = fit(n, s, q, x)
        prior = team_priors(company, n, s - x, team)
        weight = n + company.sigma2 / prior.variance
        effect = (s - x + company.sigma2 / prior.variance * prior.mean) / weight
        return cls(company, effect, company.sigma2 / weight, _kappa(n, s, q))


@dataclass(frozen=True)
class Shift:
    """What everybody's ratings moved by: the company's shift, and each person's team shift with its variance."""

    company: float
    team: FloatArray
    variance: FloatArray


def _kappa(n: FloatArray, s: FloatArray, q: FloatArray) -> float:
    """Step 7: the spread of ratings as a share of (mean - 1)(5 - mean)."""
    mean = ratio(s, n)
    spread = float((q - ratio(s**2, n)).sum())
    room = float(np.where(n > 0, (n - 1) * np.maximum((mean - 1) * (5 - mean), 0.3), 0.0).sum())
    return spread / room if room > 0 else USUAL_KAPPA


@dataclass(frozen=True)
class TeamMeans:
    """Each team's mean of what its ratings moved by beyond the company, arrays (T,), in the order of team_codes: n ratings, mean T_g,
    variance V_g (both 0 without ratings), and usual = tu2, the variance from team to team in usual weeks."""

    n: FloatArray
    mean: FloatArray
    variance: FloatArray
    usual: float


def shifts(n: FloatArray, change: FloatArray, baseline: Baseline, team: IntArray) -> Shift:
    """Steps 4 and 5; change = D, each person's summed residual beyond the own baseline."""
    company = company_shift(n, change)
    code, excess, carried = team_codes(team), change - n * company, n**2 * baseline.variance
    sigma2 = baseline.company.sigma2
    usual = team_means(n, change, baseline, team).usual
    ratings = others(n, code)
    mean, variance = _mean_of(ratings, others(excess, code), others(carried, code), sigma2)
    trust = np.where(ratings > 0, usual / (usual + variance), 0.0)
    plain = np.abs(mean) > 2.5 * np.sqrt(variance)
    return Shift(company, np.where(plain, mean, trust * mean), np.where(plain, variance, usual * (1 - trust)))


def company_shift(n: FloatArray, change: FloatArray) -> float:
    total = float(n.sum())
    return float(change.sum()) / total if total > 0 else 0.0


def team_means(n: FloatArray, change: FloatArray, baseline: Baseline, team: IntArray) -> TeamMeans:
    """T_g, V_g and tu2 of step 5, whole teams; arguments as for shifts."""
    code, excess = team_codes(team), change - n * company_shift(n, change)
    ratings, carried = per_team(n, code), per_team(n**2 * baseline.variance, code)
    mean, variance = _mean_of(ratings, per_team(excess, code), carried, baseline.company.sigma2)
    return TeamMeans(ratings, mean, variance, _usual_variance(mean[ratings > 0], variance[ratings > 0]))


def _usual_variance(mean: FloatArray, variance: FloatArray) -> float:
    """tu2 of step 5, from the teams that have ratings."""
    if len(mean) == 0:
        return 0.05**2
    return max(float((1.4826 * np.median(np.abs(mean))) ** 2 - np.median(variance)), 0.05**2)


def _mean_of(n: FloatArray, excess: FloatArray, carried: FloatArray, sigma2: float) -> tuple[FloatArray, FloatArray]:
    """Mean excess and its variance; both 0 where there is no rating."""
    return ratio(excess, n), ratio(np.full(len(n), sigma2), n) + ratio(np.maximum(carried, 0.0), n**2)
