"""What becomes of people after a dip: rows for a comparison, and the regression that both comparisons of coaching share.

Source of every formula: STATISTICS.md section 3 (a) and (b).
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from tracker.statistics.scores import FloatArray
from tracker.statistics.weeks import BoolArray

SPREAD = 0.08  # how much people’s true changes differ, in stars squared
FEWEST_AFTER = 5  # ratings after
PRIOR_RATINGS = 24.0  # a window of so many ratings is believed half


@dataclass(frozen=True)
class Group:
    """People after a dip, one entry each; all of one shape (rows,).

    b         what the person’s ratings were above the same work’s before the dip, in stars (section 2, step 3)
    dev       mean residual of the window in which the dip was seen, less b; below 0 is a dip
    n_window  ratings in that window            after, n_after  mean residual of the ratings after, and their number
    team      the team each is in, any numbers; after counts only where n_after is 5 or more

    ValueError where lengths differ, where a number is missing or infinite (after may be, where n_after is under 5), or where
    there are less than no ratings.
    """

    b: npt.ArrayLike
    dev: npt.ArrayLike
    n_window: npt.ArrayLike
    after: npt.ArrayLike
    n_after: npt.ArrayLike
    team: npt.ArrayLike

    def __len__(self) -> int:
        return np.size(self.b)


@dataclass(frozen=True)
class Rows:
    """A Group as it is worked with: float columns of one length, only rows with ratings enough after."""

    b: FloatArray
    dev: FloatArray
    n_window: FloatArray
    after: FloatArray
    n_after: FloatArray
    team: npt.NDArray[np.intp]

    @classmethod
    def of(cls, group: Group) -> Self:
        rows = cls.all_of(group)
        return rows.where(rows.n_after >= FEWEST_AFTER)

    @classmethod
    def all_of(cls, group: Group) -> Self:
        """Also those with too few ratings after; their `after` is then 0."""
        names = [field.name for field in fields(group)]
        columns = [np.atleast_1d(np.asarray(getattr(group, name))) for name in names]
        if any(column.ndim != 1 or len(column) != len(columns[0]) for column in columns):
            raise ValueError(f"{', '.join(names)} must be one-dimensional and of one length.")
        *numbers, team = columns
        b, dev, n_window, after, n_after = (np.asarray(column, dtype=np.float64) for column in numbers)
        for name, column in (("b", b), ("dev", dev), ("n_window", n_window), ("n_after", n_after)):
            if not np.isfinite(column).all():
                raise ValueError(f"{name} must hold numbers only.")
        if (n_window <= 0).any() or (n_after < 0).any():
            raise ValueError("n_window must be above 0, and n_after 0 or more.")
        counts = n_after >= FEWEST_AFTER
        if not np.isfinite(after[counts]).all():
            raise ValueError("after must hold numbers wherever n_after is 5 or more.")
        return cls(b, dev, n_window, np.where(counts, after, 0.0), n_after, np.unique(team, return_inverse=True)[1])

    def where(self, chosen: BoolArray) -> Self:
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.b)

    @property
    def teams(self) -> int:
        return len(np.unique(self.team))

    def features(self) -> FloatArray:
        """(rows, 4): 1, b, dev, and dev once more as far as its window can be believed."""
        believed = self.dev * self.n_window / (self.n_window + PRIOR_RATINGS)
        return np.column_stack([np.ones(len(self)), self.b, self.dev, believed])

    def weights(self, sigma2: float) -> FloatArray:
        return np.asarray(1 / (SPREAD + sigma2 / self.n_after), dtype=np.float64)


def checked_sigma2(sigma2: float) -> float:
    """The variance of one rating; ValueError unless it is a number above 0."""
    if not (np.isfinite(sigma2) and sigma2 > 0):
        raise ValueError("sigma2 must be a number above 0.")
    return float(sigma2)


@dataclass(frozen=True)
class Fit:
    """Weighted least squares. coefficients (k,); covariance (k, k), clustered by team, nan with fewer than 2 teams;
    residuals (rows,)."""

    coefficients: FloatArray
    covariance: FloatArray
    residuals: FloatArray

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray, weights: FloatArray, team: npt.NDArray[np.intp]) -> Self | None:
        """None where the columns of x cannot be told apart.

        HC2 residuals e / sqrt(1 - h), clustered: V = A M A * G/(G - 1), A = (X’WX)^-1, M = sum over teams of (X’We)(X’We)’.
        """
        root = np.sqrt(weights)[:, None]
        if len(y) < x.shape[1] or np.linalg.matrix_rank(x * root) < x.shape[1]:
            return None
        weighted = x * weights[:, None]
        inverse = np.linalg.inv(x.T @ weighted)
        coefficients = inverse @ (weighted.T @ y)
        residuals = y - x @ coefficients
        leverage = np.einsum("ij,jk,ik->i", weighted, inverse, x)
        scaled = residuals / np.sqrt(np.maximum(1 - leverage, 1e-9))
        scores = _per_team(weighted * scaled[:, None], team)
        return cls(coefficients, inverse @ (scores.T @ scores) @ inverse * few_teams(len(scores)), residuals)


def few_teams(teams: int) -> float:
    """G/(G - 1): what a variance between G teams is too small by; nan under 2."""
    return teams / (teams - 1) if teams > 1 else float("nan")


def _per_team(rows: FloatArray, team: npt.NDArray[np.intp]) -> FloatArray:
    """(teams, k) sums of the rows of each team."""
    codes = np.unique(team, return_inverse=True)[1]
    sums = np.zeros((int(codes.max()) + 1, rows.shape[1]))
    np.add.at(sums, codes, rows)
    return sums


def between_teams(values: FloatArray, team: npt.NDArray[np.intp]) -> float:
    """The variance of the sum of `values` (rows,), whose errors may go together within a team; nan under 2 teams."""
    sums = _per_team(values[:, None], team)
    return float((sums**2).sum()) * few_teams(len(sums))
