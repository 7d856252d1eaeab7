"""The likely range of a mean of few answers: Student's t (1908)."""

from math import inf, sqrt

CONFIDENCE = 0.95


def likely_mean(n: int, mean: float, sd: float) -> tuple[float, float]:
    """(low, high): the 95 % range of a mean of n answers with sample standard deviation sd; infinite below two answers."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a third of a second and 20 MB that only this page needs

    if n < 2:
        return -inf, inf
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * sd / sqrt(n)
    return mean - half, mean + half
