"""Did coaching help? (b) Where everybody who falls is coached: against how dips come back by themselves.

Source: STATISTICS.md section 3 (b), and its verdict on one case. Whoever is chosen at a low point comes back without any help, and
true falls heal as well. How far is learned from the months of people whose ratings dipped without an alert.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tracker.statistics.dips import FEWEST_AFTER, SPREAD, Fit, Group, Rows, between_teams, checked_sigma2
from tracker.statistics.intervals import Effect, t_quantile
from tracker.statistics.scores import FloatArray

FEWEST_TREATED = 15
FEWEST_IN_POOL, FEWEST_IN_WINDOW = 200, 8
LEARNED_WRONG = 0.02  # stars: what a pool that is not quite like the coached may be off by
Z97, Z90 = 1.960, 1.282
FEWEST_DEEP = 100

BETTER, PROBABLY, UNCLEAR, LOWER, EARLY = (
    "Clearly better",
    "Probably",
    "No clear change",
    "Lower than expected",
    "Too early to say",
)


def counterfactual_effect(*, pool: Group, treated: Group, sigma2: float) -> Effect:
    """The effect of coaching in stars: how much better the coached went on than dips of the same depth usually do.

    pool: months of people who were not flagged; those with dev < 0 and 8 ratings or more in the window are learned from.
    treated: everybody who was coached. Both count with 5 ratings or more after.

    The estimate is the mean of what came after less what the pool lets expect, with weights 1/(.08 + sigma2/n_after). Its
    variance: clustered by team, plus the pool’s own, plus .02 squared; the interval is t with n - 1.

    n: those coached. low, high: nan with fewer than 2 teams among the coached or in the pool. enough: there is an interval, 15 or
    more coached and 200 or more rows in the pool. ValueError as Group, or unless sigma2 is above 0.
    """
    learned, rows = Counterfactual.learned_from(pool, sigma2), Rows.of(treated)
    if learned is None or not len(rows):
        return Effect(np.nan, np.nan, np.nan, len(rows), False)
    weights = rows.weights(learned.sigma2)
    weights /= weights.sum()
    beyond = rows.after - learned.expected(rows)
    estimate, usual = float(weights @ beyond), weights @ rows.features()
    variance = between_teams(weights * (beyond - estimate), rows.team) + usual @ learned.covariance @ usual
    if not np.isfinite(variance):  # one team: nothing to see its spread from
        return Effect(estimate, np.nan, np.nan, len(rows), False)
    half = t_quantile(len(rows) - 1) * float(np.sqrt(variance + LEARNED_WRONG**2))
    enough = len(rows) >= FEWEST_TREATED and learned.rows >= FEWEST_IN_POOL
    return Effect(estimate, estimate - half, estimate + half, len(rows), enough)


def verdict(case: Group, pool: Group, sigma2: float, *, spread: float = SPREAD) -> str:
    """One case against the pool, in one of five words; never a number. `case`: a Group of one person.

    What came after is held against what the pool lets expect, with the standard deviation
    sqrt(spread + sigma2/n_after + x’Vx): above the 97.5 % bound “Clearly better”, above the 90 % bound “Probably”, under the
    2.5 % bound “Lower than expected”, else “No clear change”. “Too early to say” with a pool of less than 200 rows or fewer than
    5 ratings after. When it is time to ask (day 84) is the caller’s to know.

    spread: how much people’s true changes differ, stars squared; see Counterfactual.spread_at for dips as deep as the case’s.
    ValueError as Group, unless case is one person, or unless sigma2 is above 0.
    """
    row = Rows.all_of(case)
    if len(row) != 1:
        raise ValueError("case must be one person.")
    learned = Counterfactual.learned_from(pool, sigma2)
    return EARLY if learned is None else learned.verdict(row, spread=spread)


@dataclass(frozen=True)
class Expected:
    """What ratings after a dip would average without coaching: mean and sd, mean residuals in stars."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Counterfactual:
    """What dips do by themselves. covariance (4, 4) of the coefficients (4,); rows and teams it was learned from.

    dev, excess (rows,), the deepest first: how deep each was, and its squared error less its own ratings’ noise."""

    coefficients: FloatArray
    covariance: FloatArray
    sigma2: float
    rows: int
    dev: FloatArray
    excess: FloatArray

    @classmethod
    def learned_from(cls, pool: Group, sigma2: float) -> Self | None:
        """None where the pool holds too little to learn anything from."""
        checked_sigma2(sigma2)
        rows = Rows.of(pool)
        rows = rows.where((rows.dev < 0) & (rows.n_window >= FEWEST_IN_WINDOW))
        fit = Fit.of(rows.features(), rows.after, rows.weights(sigma2), rows.team) if len(rows) else None
        if fit is None:
            return None
        order = np.argsort(rows.dev, kind="stable")
        excess = (fit.residuals**2 - sigma2 / rows.n_after)[order]
        return cls(fit.coefficients, fit.covariance, float(sigma2), len(rows), rows.dev[order], excess)

    @property
    def is_enough(self) -> bool:
        return self.rows >= FEWEST_IN_POOL and bool(np.isfinite(self.covariance).all())

    def expected(self, rows: Rows) -> FloatArray:
        """(rows,) mean residual after, without coaching."""
        return np.asarray(rows.features() @ self.coefficients)

    def expected_of(self, row: Rows, *, spread: float) -> Expected:
        """Of one person, with the sd of a mean of n_after ratings around it."""
        x = row.features()[0]
        variance = spread + self.sigma2 / float(row.n_after[0]) + float(x @ self.covariance @ x)
        return Expected(float(self.expected(row)[0]), float(np.sqrt(variance)))

    def verdict(self, row: Rows, *, spread: float) -> str:
        if not self.is_enough or row.n_after[0] < FEWEST_AFTER:
            return EARLY
        expected = self.expected_of(row, spread=spread)
        z = (float(row.after[0]) - expected.mean) / expected.sd
        return BETTER if z > Z97 else PROBABLY if z > Z90 else LOWER if z < -Z97 else UNCLEAR

    def spread_at(self, dev: float) -> float:
        """How much true changes after dips at least as deep as `dev` differ, stars squared, and never less than .08.

        Deep dips heal with more spread than the pool’s average. From the 100 deepest where fewer are as deep.
        """
        deep = max(int(np.searchsorted(self.dev, dev, side="right")), FEWEST_DEEP)
        return max(float(self.excess[:deep].mean()), SPREAD)
