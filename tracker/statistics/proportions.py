"""Shares with their likely ranges, and how far two shares lie apart (STATISTICS.md section 6).

A share of few people is never told by its normal range (Wald), which claims certainty at 0 and 100 %: Wilson’s range holds there too
(E. B. Wilson 1927), and Newcombe’s hybrid of two of them tells how far apart they are (R. G. Newcombe 1998, method 10).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, nan, sqrt
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z = 1.96  # 95 %
FEWEST = 5.0  # no sample counts as smaller than this, however alike each customer’s own ratings are
IMPOSSIBLE = "no share has fewer than none or more than all"
Floats = NDArray[np.float64]


@overload
def wilson(successes: float, n: float) -> tuple[float, float]: ...
@overload
def wilson(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]: ...
def wilson(successes: Any, n: Any) -> tuple[Any, Any]:
    """The 95 % range of a share, each end between 0 and 1: two floats, or two arrays of the shape both arguments broadcast to.

    successes, n: counts, whole or not (an effective n is not). n = 0 gives nan. ValueError where 0 <= successes <= n does not hold.
    """
    share, size = _share(successes, n)
    z2 = Z * Z
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (share + z2 / (2 * size)) / (1 + z2 / size)
        half = Z / (1 + z2 / size) * (share * (1 - share) / size + z2 / (4 * size * size)) ** 0.5
    if isinstance(share, np.ndarray):
        return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)
    return max(centre - half, 0.0), min(centre + half, 1.0)


@overload
def newcombe(x1: float, n1: float, x2: float, n2: float) -> tuple[float, float]: ...
@overload
def newcombe(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats]: ...
def newcombe(x1: Any, n1: Any, x2: Any, n2: Any) -> tuple[Any, Any]:
    """The 95 % range of x1/n1 - x2/n2, each end between -1 and 1; shapes and errors as for `wilson`. An n of 0 gives nan.

    Where customers rate several times, give n2 = effective_n_of(...) and x2 = share * n2.
    """
    (p1, _n1), (p2, _n2) = _share(x1, n1), _share(x2, n2)
    (low1, high1), (low2, high2) = wilson(x1, n1), wilson(x2, n2)
    below, above = ((p1 - low1) ** 2 + (high2 - p2) ** 2) ** 0.5, ((high1 - p1) ** 2 + (p2 - low2) ** 2) ** 0.5
    return p1 - p2 - below, p1 - p2 + above


def chance_of_difference(x1: float, n1: float, x2: float, n2: float) -> float:
    """How often two samples of one share would lie as far apart as x1/n1 and x2/n2, either way (the pooled z test).

    1 where nothing can be told: an n of 0, or a share of 0 or 1 in both. For many looks at once (statistics/many.py); what is said
    of a single one rests on `newcombe`. ValueError as for `wilson`.
    """
    (p1, _n1), (p2, _n2), n, pooled = _share(x1, n1), _share(x2, n2), n1 + n2, x1 + x2
    if n1 == 0 or n2 == 0 or pooled in {0, n}:
        return 1.0
    error = sqrt(pooled / n * (1 - pooled / n) * (1 / n1 + 1 / n2))
    return erfc(abs(p1 - p2) / error / sqrt(2))


@dataclass(frozen=True)
class Sums:
    """Of customers with m ratings each, y of them happy: how many customers, and the sums of m, y, y*y, y*m and m*m."""

    customers: int
    ratings: int
    happy: int
    happy_squared: int
    happy_by_ratings: int
    ratings_squared: int


def sums_of(ratings: Sequence[int] | NDArray[np.int64], happy: Sequence[int] | NDArray[np.int64]) -> Sums:
    """ratings, happy: (customers,) each one’s ratings and how many of them are happy. ValueError where these cannot be."""
    m, y = np.asarray(ratings, np.int64), np.asarray(happy, np.int64)
    if m.shape != y.shape or m.ndim != 1 or (y < 0).any() or (y > m).any() or (m < 1).any():
        raise ValueError("each customer has one rating or more, and of these none to all are happy")
    return Sums(len(m), *(int(part) for part in (m.sum(), y.sum(), y @ y, y @ m, m @ m)))


def effective_n_of(sums: Sums) -> float:
    """How many independent ratings a sample is worth in which some customers rate again and again: between 5 and all of them.

    nan below two customers. The ratio estimator’s variance over customers (W. G. Cochran, Sampling Techniques, 3rd edition, 2.11)
    turned into the n of a plain sample with the same.
    """
    g, n, y = sums.customers, sums.ratings, sums.happy
    if g < 2:
        return nan
    # Whole numbers to the end, so that customers who are all alike come out as exactly alike.
    spread = n * n * sums.happy_squared - 2 * n * y * sums.happy_by_ratings + y * y * sums.ratings_squared
    if spread == 0:
        return float(g if y in {0, n} else n)
    p, v = y / n, g / (g - 1) * spread / n**4
    return min(float(n), max(p * (1 - p) / v, FEWEST))


def _share(successes: Any, n: Any) -> tuple[Any, Any]:
    """successes/n and n, nan where it is 0. Plain numbers stay plain: pages ask for hundreds, and numpy takes thirty times as long."""
    if isinstance(successes, float | int) and isinstance(n, float | int):
        if successes < 0 or successes > n:
            raise ValueError(IMPOSSIBLE)
        return (successes / n, float(n)) if n else (nan, nan)
    happy, size = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(n, np.float64))
    if (happy < 0).any() or (happy > size).any():
        raise ValueError(IMPOSSIBLE)
    with np.errstate(invalid="ignore", divide="ignore"):
        return happy / size, size
