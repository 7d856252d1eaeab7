"""Employee scores: how far each person's ratings lie from what the same work usually gets, shrunk to the team's.

Source of every formula: STATISTICS.md section 1, and section 2 step 2 for the team's mean.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SMALLEST_SIGMA2 = 0.05
SMALLEST_TAU2 = 1e-6
USUAL_SIGMA2 = 1.0
USUAL_PRIOR_WEIGHT = 17.8
FEWEST_FOR_A_SPREAD = 2  # people
FEWEST_DEGREES = 30
TEAM_SHARE = 0.2


@dataclass(frozen=True)
class Company:
    """The company's constants: variance of a rating within a person, variance between people, and how many ratings
    the prior is worth (sigma2 / tau2)."""

    sigma2: float
    tau2: float
    prior_weight: float


@dataclass(frozen=True)
class Scores:
    """effect (P,) in stars, positive = better than the same work usually gets; sd (P,) its standard deviation."""

    effect: FloatArray
    sd: FloatArray


@dataclass(frozen=True)
class TeamPriors:
    """What a person's teammates say about the person: mean and variance (P,), in stars."""

    mean: FloatArray
    variance: FloatArray


def fit(n: npt.ArrayLike, s: npt.ArrayLike, q: npt.ArrayLike, x: npt.ArrayLike) -> Company:
    """Company constants by one-way ANOVA moments on the residuals S - X.

    n, s, q, x (people,): ratings, their sum, their sum of squares, their expected sum. People with n = 0 are
    ignored. Fewer than 2 people or 30 degrees of freedom: sigma2 = 1, tau2 = 1/17.8. ValueError if shapes differ.
    """
    n, s, q, x = _columns(n, s, q, x)
    rated = n > 0
    n, s, q, residual = n[rated], s[rated], q[rated], (s - x)[rated]
    total, people = float(n.sum()), len(n)
    if people < FEWEST_FOR_A_SPREAD or total - people < FEWEST_DEGREES:
        return _company(USUAL_SIGMA2, USUAL_SIGMA2 / USUAL_PRIOR_WEIGHT)
    sigma2 = max(float((q - s**2 / n).sum()) / (total - people), SMALLEST_SIGMA2)
    size = (total - float((n**2).sum()) / total) / (people - 1)
    between = float((n * (residual / n - residual.sum() / total) ** 2).sum()) / (people - 1)
    return _company(sigma2, max((between - sigma2) / size, SMALLEST_TAU2))


def score(company: Company, n: npt.ArrayLike, s: npt.ArrayLike, x: npt.ArrayLike, prior: npt.ArrayLike) -> Scores:
    """Shrunk effect b_i = (S - X + K prior)/(n + K) and its sd = sqrt(sigma2/(n + K)).

    n, s, x (people,); prior a number or (people,), in stars. The caller adds the standard mix and clips to [1, 5].
    ValueError if shapes differ.
    """
    n, s, x = _columns(n, s, x)
    start = np.asarray(prior, dtype=np.float64)
    if start.shape not in ((), n.shape):
        raise ValueError("prior must be one number or one number per person.")
    weight = n + company.prior_weight
    return Scores((s - x + company.prior_weight * start) / weight, np.sqrt(company.sigma2 / weight))


def team_priors(company: Company, n: FloatArray, residual: FloatArray, team: npt.NDArray[np.integer]) -> TeamPriors:
    """Each person's prior from the teammates, the person left out (section 2, step 2).

    n, residual = S - X, team: (people,). Without a teammate who has ratings: the company's mean residual and tau2.
    """
    code = team_codes(team)
    mates, ratings, residuals = (others(values, code) for values in ((n > 0).astype(float), n, residual))
    within, across = (1 - TEAM_SHARE) * company.tau2, TEAM_SHARE * company.tau2
    noise = ratio(np.full(len(n), within), mates) + ratio(np.full(len(n), company.sigma2), ratings)
    trust = np.where(mates > 0, across / (across + noise), 0.0)
    centre = float(residual.sum() / max(n.sum(), 1.0))
    variance = within + across * (1 - trust)
    return TeamPriors(centre + trust * (ratio(residuals, ratings) - centre), variance)


def team_codes(team: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
    """Any team numbers as 0..T-1."""
    return np.asarray(np.unique(team, return_inverse=True)[1])


def others(values: FloatArray, code: npt.NDArray[np.intp]) -> FloatArray:
    """For each person, the sum of `values` over the teammates, the person left out."""
    return np.asarray(per_team(values, code)[code] - values)


def per_team(values: FloatArray, code: npt.NDArray[np.intp]) -> FloatArray:
    """(T,) the sum of `values` over each team."""
    return np.bincount(code, values).astype(np.float64, copy=False)


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, and 0 where below is 0."""
    return np.divide(above, below, out=np.zeros(len(below)), where=below > 0)


def _company(sigma2: float, tau2: float) -> Company:
    return Company(sigma2, tau2, sigma2 / tau2)


def _columns(*columns: npt.ArrayLike) -> tuple[FloatArray, ...]:
    arrays = tuple(np.asarray(column, dtype=np.float64) for column in columns)
    if arrays[0].ndim != 1 or any(array.shape != arrays[0].shape for array in arrays):
        raise ValueError("n, s, q and x must be one-dimensional and of one length.")
    return arrays
