"""The effect of a training that was rolled out team by team, once more, in plain Python loops that follow STATISTICS.md section 3 (c).

Slow and independent on purpose: the tests compare the product's arrays with it.
"""

import math

from scipy.stats import t

Rows = list[list[float]]


def rollout(n: Rows, residual: Rows, start: list[int]) -> tuple[float, float, float, int, int]:
    """(estimate, low, high, trained teams, teams they are compared with)"""
    everybody = set(range(len(start)))
    estimate, trained, compared = without(n, residual, start, everybody)
    involved = sorted(trained | compared)
    others = [without(n, residual, start, everybody - {team})[0] for team in involved]
    if not involved or any(math.isnan(other) for other in others):
        return estimate, math.nan, math.nan, len(trained), len(compared)
    g = len(involved)
    mean = sum(others) / g
    se = math.sqrt((g - 1) / g * sum((other - mean) ** 2 for other in others))
    half = float(t.ppf(0.975, g - 1)) * se
    return estimate, estimate - half, estimate + half, len(trained), len(compared)


def without(n: Rows, residual: Rows, start: list[int], teams: set[int]) -> tuple[float, set[int], set[int]]:
    """(estimate among these teams, trained, compared)"""
    top, bottom = 0.0, 0.0
    all_trained: set[int] = set()
    all_compared: set[int] = set()
    for p in sorted({start[team] for team in teams}):
        if p == -1:
            continue
        d = {team: change(n[team], residual[team], p) for team in teams}
        trained = {team for team in teams if start[team] == p and d[team] is not None}
        compared = {team for team in teams if (start[team] == -1 or start[team] > p + 2) and d[team] is not None}
        if not trained or not compared:
            continue
        effect = sum(d[team] for team in trained) / len(trained) - sum(d[team] for team in compared) / len(compared)
        weight = len(trained) * len(compared) / (len(trained) + len(compared))
        top, bottom = top + weight * effect, bottom + weight
        all_trained, all_compared = all_trained | trained, all_compared | compared
    return (top / bottom if bottom else math.nan), all_trained, all_compared


def change(n: list[float], residual: list[float], p: int) -> float | None:
    """The mean residual of periods p+1..p+2 minus that of p-3..p-1; None if that cannot be had."""
    if p - 3 < 0 or p + 2 > len(n) - 1:
        return None
    ratings_before, ratings_after = n[p - 3] + n[p - 2] + n[p - 1], n[p + 1] + n[p + 2]
    if ratings_before == 0 or ratings_after == 0:
        return None
    before = residual[p - 3] + residual[p - 2] + residual[p - 1]
    after = residual[p + 1] + residual[p + 2]
    return after / ratings_after - before / ratings_before
