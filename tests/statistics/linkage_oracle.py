"""The slope of one team's movement on another's, with the textbook's means: one column for each team, each month and engagement."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Row = tuple[int, int, float, float, float]  # team, month of the pair, explaining, explained, weight


def rows(engagement: list[list[float]], satisfaction: list[list[float]], n: list[list[float]], lag: int) -> list[Row]:
    found = []
    for team, moods in enumerate(engagement):
        for month in range(len(moods)):
            later = month + abs(lag)
            if later >= len(moods):
                continue
            before, after = (satisfaction, engagement) if lag < 0 else (engagement, satisfaction)
            rated = month if lag < 0 else later
            x, y, count = before[team][month], after[team][later], n[team][rated]
            if np.isfinite(x) and np.isfinite(y) and count > 0:
                found.append((team, month, x, y, count / (count + 100)))
    twice = {team for team, *_ in found if sum(other[0] == team for other in found) > 1}
    return [row for row in found if row[0] in twice]


def slope(of: list[Row]) -> float:
    """By least squares on all columns at once; nan where engagement moves with nothing of its own."""
    team, month, x, y, weight = (np.array(part, dtype=float) for part in zip(*of, strict=True))
    columns = [team == one for one in np.unique(team)] + [month == one for one in np.unique(month)]
    fixed = np.column_stack(columns).astype(float) * np.sqrt(weight)[:, None]
    own, said = (_left(fixed, values * np.sqrt(weight)) for values in (x, y))
    if own @ own < 1e-9 * (x * x * weight).sum():
        return float("nan")
    return float(own @ said / (own @ own))


def _left(fixed: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.linalg.lstsq(fixed, values, rcond=None)[0]
    return np.asarray(values - fixed @ found)


def interval(of: list[Row]) -> tuple[float, float, float]:
    """estimate, low, high: leaving out each team once."""
    teams = sorted({row[0] for row in of})
    estimate = slope(of)
    without = np.array([slope([row for row in of if row[0] != team]) for team in teams])
    error = np.sqrt((len(teams) - 1) / len(teams) * ((without - without.mean()) ** 2).sum())
    half = float(stats.t.ppf(0.975, len(teams) - 1) * error)
    return estimate, estimate - half, estimate + half
