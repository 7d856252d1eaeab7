"""One person's ratings taken apart by a kind of work (a touchpoint): the plain mean with its likely range.

The range is of the plain mean itself: m +/- 1.96 sqrt(sigma2 / n), with the company's pooled spread of section 1 (STATISTICS.md),
because ten ratings of one person say little about their own spread.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.statistics.cards import FEWEST_RATINGS, HIGHEST_STAR, INTERVAL_WIDTH, LONG, LOWEST_STAR
from tracker.statistics.weeks import FloatArray, IntArray, WeekRows

STARS = np.arange(1, 6)


@dataclass(frozen=True)
class Parts:
    """Arrays (P, K) for P people and K kinds. n: ratings in the last 13 weeks; mean, low and high: nan under 10 of them."""

    n: IntArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray


def parts(rows: WeekRows, kind: npt.ArrayLike, shape: tuple[int, int], on: int, *, sigma2: float) -> Parts:
    """Everybody's parts as of week `on`, inclusive.

    kind (cells,): the number of the kind, 0..K-1, of each cell; shape: (P, K); sigma2: the spread of single ratings around what
    their person gets, in squared stars. Raises IndexError when a row's cell has no kind.
    """
    recent = rows.of((rows.week > on - LONG) & (rows.week <= on))
    place = recent.person * shape[1] + np.asarray(kind, dtype=np.int64)[recent.cell]
    n, total = (
        np.bincount(place, weights=recent.stars @ weights, minlength=shape[0] * shape[1]).reshape(shape)
        for weights in (np.ones(5), STARS.astype(np.float64))
    )
    enough = n >= FEWEST_RATINGS
    held = np.where(enough, n, np.nan)
    mean = total / held
    half = INTERVAL_WIDTH * np.sqrt(sigma2 / held)
    low, high = (np.clip(end, LOWEST_STAR, HIGHEST_STAR) for end in (mean - half, mean + half))
    return Parts(n.astype(np.int64), mean, low, high)
