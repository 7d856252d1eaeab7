"""How far two shares of the same customers lie apart: Newcombe's range for pairs.

R. G. Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired data, Statistics in
Medicine 17 (1998), 2635-2650, method 10: Wilson's ranges of both shares, joined with what the two have in common.
"""

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
