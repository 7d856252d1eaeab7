"""Made-up companies by team and month in which customers complain less after a month of more engagement, or do not.

Engagement as in tests/statistics/linked.py. Complaints are counts: `rate` of the ratings, more or fewer in every team for good (its
confounder lifts engagement and lowers complaints), with a season and a movement of the team’s own on top. `factor`: how many times as
many complaints there are in the month after, for a true point of engagement above the team’s own usual; .5 halves them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.statistics.linked import persistent
from tracker.reports.complaint_links import OF
from tracker.statistics.linkage import Slope, lagged_slope

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """ratings, answers: least and most a team and month. shared: how far a team’s engagement goes with what moves everybody’s
    complaints a month later, more so in teams that have many of them for good."""

    teams: int = 20
    months: int = 12
    rate: float = 0.035
    factor: float = 1.0
    confounder: float = 0.3
    ratings: tuple[int, int] = (12, 40)
    answers: tuple[int, int] = (5, 8)
    shared: float = 0.0


@dataclass(frozen=True)
class Complaining:
    """(teams, months) each."""

    engagement: FloatArray
    complaints: FloatArray
    ratings: FloatArray

    def slope(self, lag: int = 1) -> Slope:
        return lagged_slope(self.engagement, OF * self.complaints / self.ratings, self.ratings, lag)


def simulate(seed: int, setting: Setting) -> Complaining:
    rng = np.random.default_rng(seed)
    shape = (setting.teams, setting.months)
    cause, everybody = rng.normal(0, 1, (setting.teams, 1)), rng.normal(0, 1, (1, setting.months))
    own = persistent(rng, shape, 0.29, 0.3)
    true = 3.6 + 0.2 * cause + rng.normal(0, 0.25, (setting.teams, 1)) + own
    true += everybody * (0.08 + setting.shared * cause)
    felt, season = np.zeros(shape), np.zeros((1, setting.months))
    felt[:, 1:], season[:, 1:] = np.log(setting.factor) * own[:, :-1], 0.15 * everybody[:, :-1]
    moved = -setting.confounder * cause + season + persistent(rng, shape, 0.2, 0.3) + felt
    ratings = rng.integers(setting.ratings[0], setting.ratings[1] + 1, shape).astype(float)
    complaints = rng.poisson(ratings * setting.rate * np.exp(moved)).astype(float)
    answers = rng.integers(setting.answers[0], setting.answers[1] + 1, shape)
    engagement = true + rng.normal(0, 1, shape) * 0.9 / np.sqrt(answers)
    return Complaining(np.round(engagement, 1), complaints, ratings)


@dataclass(frozen=True)
class Figures:
    """Over many companies: how often the slope was told from nothing, the standard error of that share, and what was usual."""

    found: float
    found_error: float
    estimate: float
    complaints_a_month: float
    pooled: float


def figures(seeds: range, setting: Setting) -> Figures:
    """pooled: how often the correlation of all team-months, which every tool draws, would have been believed."""
    companies = [simulate(seed, setting) for seed in seeds]
    slopes = [company.slope() for company in companies]
    found = float(np.mean([slope.low > 0 or slope.high < 0 for slope in slopes]))
    return Figures(
        found,
        float(np.sqrt(max(found * (1 - found), 0.25 / len(slopes)) / len(slopes))),
        float(np.mean([slope.estimate for slope in slopes])),
        float(np.mean([company.complaints.mean() for company in companies])),
        float(np.mean([_is_believed(company) for company in companies])),
    )


def _is_believed(company: Complaining) -> bool:
    from scipy.stats import pearsonr  # noqa: PLC0415 - only where a comparison is wanted

    x, y = company.engagement[:, :-1].ravel(), (company.complaints / company.ratings)[:, 1:].ravel()
    return bool(pearsonr(x, y)[1] < 0.05)
