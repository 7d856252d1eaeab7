"""How far two shares of the same customers lie apart: Newcombe's range for pairs.

R. G. Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired data, Statistics in
Medicine 17 (1998), 2635-2650, method 10: Wilson's ranges of both shares, joined with what the two have in common.
"""

from collections.abc import Sequence
from math import nan, sqrt

from tracker.statistics.proportions import wilson


def paired_difference(both: int, only_first: int, only_second: int, neither: int) -> tuple[float, float]:
    """The 95 % range of the first share minus the second, each end between -1 and 1; nan where there is nobody.

    both ... neither: customers who were happy both times, the first time only, the second only, never.
    """
    n = both + only_first + only_second + neither
    if n == 0:
        return nan, nan
    first, second = both + only_first, both + only_second
    p1, p2 = first / n, second / n
    (low1, high1), (low2, high2) = wilson(first, n), wilson(second, n)
    phi = _in_common(both, only_first, only_second, neither)
    below = _joined(p1 - low1, high2 - p2, phi)
    above = _joined(high1 - p1, p2 - low2, phi)
    return max(-1.0, p1 - p2 - below), min(1.0, p1 - p2 + above)


def _joined(one: float, other: float, phi: float) -> float:
    return sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))


def _in_common(both: int, only_first: int, only_second: int, neither: int) -> float:
    """The correlation, drawn towards 0 by half a customer where it is positive; 0 where one of the shares is none or all."""
    n = both + only_first + only_second + neither
    first, second = both + only_first, both + only_second
    margins = first * (n - first) * second * (n - second)
    if margins == 0:
        return 0.0
    product = both * neither - only_first * only_second
    return (max(product - n / 2, 0.0) if product > 0 else product) / sqrt(margins)


def change_of_difference(now: Sequence[int], then: Sequence[int]) -> tuple[float, float, float]:
    """How much further the two shares lie apart now than then: the change and its 95 % range, nan where there is nobody.

    now, then: (both, only_first, only_second, neither) of two years. The two ranges are joined by squaring and adding (G. Y. Zou and
    A. Donner 2008), as if all customers were others; whoever is in both years makes it rather too wide.
    """
    (d1, low1, high1), (d2, low2, high2) = _with_range(now), _with_range(then)
    change = d1 - d2
    return (
        change,
        change - sqrt((d1 - low1) ** 2 + (high2 - d2) ** 2),
        change + sqrt((high1 - d1) ** 2 + (d2 - low2) ** 2),
    )


def _with_range(counts: Sequence[int]) -> tuple[float, float, float]:
    both, only_first, only_second, neither = counts
    n = sum(counts)
    difference = (only_first - only_second) / n if n else nan
    return difference, *paired_difference(both, only_first, only_second, neither)
