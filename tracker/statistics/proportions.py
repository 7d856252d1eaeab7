"""Shares with their likely ranges, and how far two shares lie apart (STATISTICS.md section 6).

A share of few people is never told by its normal range (Wald), which claims certainty at 0 and 100 %: Wilson’s range holds there too
(E. B. Wilson 1927), and Newcombe’s hybrid of two of them tells how far apart they are (R. G. Newcombe 1998, method 10).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, nan, sqrt
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z = 1.96  # 95 %
FEWEST = 5.0  # no sample counts as smaller than this, however alike each customer’s own ratings are
Floats = NDArray[np.float64]


@overload
def wilson(successes: float, n: float) -> tuple[float, float]: ...
@overload
def wilson(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]: ...
def wilson(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats] | tuple[float, float]:
    """The 95 % range of a share, each end between 0 and 1: two floats, or two arrays of the shape both arguments broadcast to.

    successes, n: counts, whole or not (an effective n is not). n = 0 gives nan. ValueError where 0 <= successes <= n does not hold.
    """
    happy, size = _checked(successes, n)
    low, high = _wilson(happy, size)
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


@overload
def newcombe(x1: float, n1: float, x2: float, n2: float) -> tuple[float, float]: ...
@overload
def newcombe(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats]: ...
def newcombe(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats] | tuple[float, float]:
    """The 95 % range of x1/n1 - x2/n2, each end between -1 and 1; shapes and errors as for `wilson`. An n of 0 gives nan.

    Where customers rate several times, give n2 = effective_n(...) and x2 = share * n2.
    """
    (first, size1), (second, size2) = _checked(x1, n1), _checked(x2, n2)
    with np.errstate(invalid="ignore", divide="ignore"):
        p1, p2 = first / size1, second / size2
    (low1, high1), (low2, high2) = _wilson(first, size1), _wilson(second, size2)
    low = p1 - p2 - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


def chance_of_difference(x1: float, n1: float, x2: float, n2: float) -> float:
    """How often two samples of one share would lie as far apart as x1/n1 and x2/n2, either way (the pooled z test).

    1 where nothing can be told: an n of 0, or a share of 0 or 1 in both. For many looks at once (statistics/many.py); what is said
    of a single one rests on `newcombe`. ValueError as for `wilson`.
    """
    (first, size1), (second, size2) = _checked(x1, n1), _checked(x2, n2)
    n, pooled = float(size1 + size2), float(first + second)
    if size1 == 0 or size2 == 0 or pooled in {0.0, n}:
        return 1.0
    error = sqrt(pooled / n * (1 - pooled / n) * (1 / float(size1) + 1 / float(size2)))
    return erfc(abs(float(first / size1 - second / size2)) / error / sqrt(2))


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


def effective_n(ratings: Sequence[int] | NDArray[np.int64], happy: Sequence[int] | NDArray[np.int64]) -> float:
    """How many independent ratings a sample is worth in which some customers rate again and again: between 5 and all of them.

    ratings, happy: (customers,) as for `sums_of`. nan below two customers. The ratio estimator’s variance over customers
    (W. G. Cochran, Sampling Techniques, 3rd edition, 2.11) turned into the n of a plain sample with the same.
    """
    return effective_n_of(sums_of(ratings, happy))


def effective_n_of(sums: Sums) -> float:
    """`effective_n` from the sums alone, as a database gives them."""
    g, n, y = sums.customers, sums.ratings, sums.happy
    if g < 2:
        return nan
    # Whole numbers to the end, so that customers who are all alike come out as exactly alike.
    spread = n * n * sums.happy_squared - 2 * n * y * sums.happy_by_ratings + y * y * sums.ratings_squared
    if spread == 0:
        return float(g if y in {0, n} else n)
    p, v = y / n, g / (g - 1) * spread / n**4
    return min(float(n), max(p * (1 - p) / v, FEWEST))


def _wilson(successes: Floats, n: Floats) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        p, z2 = successes / n, Z * Z
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def _checked(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    happy, size = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(n, np.float64))
    if (happy < 0).any() or (happy > size).any():
        raise ValueError("no share has fewer than none or more than all")
    return happy, size
