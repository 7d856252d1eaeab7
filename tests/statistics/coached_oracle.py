"""The two comparisons of coaching once more, with plain normal equations in Python loops that follow STATISTICS.md section 3.

Slow and independent on purpose: the tests compare the product's arrays with it. No matrix library: Gauss and Jordan solve.
"""

import math

from scipy.stats import t

Row = dict[str, float]
Matrix = list[list[float]]


def coached(rows: list[Row], sigma2: float) -> tuple[float, float, float, int, bool]:
    """(estimate, low, high, coached, enough); each row: coached, b, dev, n_window, after, n_after, team"""
    rows = [row for row in rows if row["n_after"] >= 5]
    many = sum(row["coached"] == 1 for row in rows)
    teams = {row["team"] for row in rows}
    x = [[1.0, row["coached"], *features(row)[1:]] for row in rows]
    beta, variance = regression(x, rows, sigma2)
    if len(teams) < 6:
        return beta[1], math.nan, math.nan, many, False
    half = float(t.ppf(0.975, len(teams) - 5)) * math.sqrt(variance[1][1])
    return beta[1], beta[1] - half, beta[1] + half, many, min(many, len(rows) - many) >= 15


def counterfactual(pool: list[Row], treated: list[Row], sigma2: float) -> tuple[float, float, float, int, bool]:
    """(estimate, low, high, coached, enough)"""
    pool = [row for row in pool if row["n_after"] >= 5 and row["dev"] < 0 and row["n_window"] >= 8]
    treated = [row for row in treated if row["n_after"] >= 5]
    beta, variance = regression([features(row) for row in pool], pool, sigma2)
    weights = [1 / (0.08 + sigma2 / row["n_after"]) for row in treated]
    total = sum(weights)
    gaps = [row["after"] - sum(a * b for a, b in zip(features(row), beta, strict=True)) for row in treated]
    estimate = sum(w * gap for w, gap in zip(weights, gaps, strict=True)) / total
    mean = [sum(w * features(row)[k] for w, row in zip(weights, treated, strict=True)) / total for k in range(4)]
    by_team: dict[float, float] = {}
    for w, gap, row in zip(weights, gaps, treated, strict=True):
        by_team[row["team"]] = by_team.get(row["team"], 0.0) + w / total * (gap - estimate)
    teams = len(by_team)
    if teams < 2 or len({row["team"] for row in pool}) < 2:
        return estimate, math.nan, math.nan, len(treated), False
    own = sum(value**2 for value in by_team.values()) * teams / (teams - 1)
    learned = sum(mean[i] * variance[i][j] * mean[j] for i in range(4) for j in range(4))
    half = float(t.ppf(0.975, len(treated) - 1)) * math.sqrt(own + learned + 0.02**2)
    return estimate, estimate - half, estimate + half, len(treated), len(treated) >= 15 and len(pool) >= 200


def expected(case: Row, pool: list[Row], sigma2: float, spread: float) -> tuple[float, float]:
    """What one person's ratings after would average without coaching, and its standard deviation."""
    pool = [row for row in pool if row["n_after"] >= 5 and row["dev"] < 0 and row["n_window"] >= 8]
    beta, variance = regression([features(row) for row in pool], pool, sigma2)
    x = features(case)
    learned = sum(x[i] * variance[i][j] * x[j] for i in range(4) for j in range(4))
    return sum(a * b for a, b in zip(x, beta, strict=True)), math.sqrt(spread + sigma2 / case["n_after"] + learned)


def features(row: Row) -> list[float]:
    return [1.0, row["b"], row["dev"], row["dev"] * row["n_window"] / (row["n_window"] + 24)]


def regression(x: Matrix, rows: list[Row], sigma2: float) -> tuple[list[float], Matrix]:
    """Coefficients, and their covariance by HC2 residuals clustered by team."""
    size = len(x[0])
    w = [1 / (0.08 + sigma2 / row["n_after"]) for row in rows]
    normal = [[sum(wi * xi[i] * xi[j] for wi, xi in zip(w, x, strict=True)) for j in range(size)] for i in range(size)]
    right = [sum(wi * xi[i] * row["after"] for wi, xi, row in zip(w, x, rows, strict=True)) for i in range(size)]
    inverse = inverted(normal)
    beta = [sum(inverse[i][j] * right[j] for j in range(size)) for i in range(size)]
    scores: dict[float, list[float]] = {}
    for wi, xi, row in zip(w, x, rows, strict=True):
        leverage = wi * sum(xi[i] * inverse[i][j] * xi[j] for i in range(size) for j in range(size))
        residual = (row["after"] - sum(a * b for a, b in zip(xi, beta, strict=True))) / math.sqrt(1 - leverage)
        team = scores.setdefault(row["team"], [0.0] * size)
        for i in range(size):
            team[i] += wi * xi[i] * residual
    groups = len(scores)
    middle = [[sum(s[i] * s[j] for s in scores.values()) for j in range(size)] for i in range(size)]
    factor = groups / (groups - 1) if groups > 1 else math.nan
    left = product(inverse, middle)
    return beta, [[factor * value for value in line] for line in product(left, inverse)]


def product(a: Matrix, b: Matrix) -> Matrix:
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def inverted(matrix: Matrix) -> Matrix:
    """Gauss and Jordan, the largest pivot first."""
    size = len(matrix)
    work = [[*line, *(1.0 if i == j else 0.0 for j in range(size))] for i, line in enumerate(matrix)]
    for column in range(size):
        best = max(range(column, size), key=lambda line: abs(work[line][column]))
        work[column], work[best] = work[best], work[column]
        pivot = work[column][column]
        work[column] = [value / pivot for value in work[column]]
        for line in range(size):
            if line != column:
                factor = work[line][column]
                work[line] = [a - factor * b for a, b in zip(work[line], work[column], strict=True)]
    return [line[size:] for line in work]
