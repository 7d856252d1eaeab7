"""Links between engagement and what customers say, as they are kept: every driver, every lag, and which may be called found. Pure."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from tracker.statistics.intervals import Effect
from tracker.statistics.linkage import Slope, found_among, lagged_slope, power, team_averages
from tracker.statistics.scores import FloatArray

LAGS = (-1, 0, 1, 2, 3)  # months that ratings are looked at after engagement
REVERSED = -1  # the lag of the other way round
LATER = 1  # the lag a finding is of: what comes after cannot move what was before


def linked(
    panels: Mapping[str, FloatArray],
    outcome: FloatArray,
    n: FloatArray,
    *,
    seen: Callable[[int, float], float] = power,
) -> dict[str, Any]:
    """panels: driver -> its mean by team and month; outcome: stars, or whatever may follow, of n ratings; seen: how often a real link
    would be found with so many teams and months. Below the minimum nothing but these numbers is kept, so that no page, file, mail or
    program can show a slope that nobody should read."""
    slopes = {driver: {lag: lagged_slope(panel, outcome, n, lag) for lag in LAGS} for driver, panel in panels.items()}
    drivers = list(slopes)
    found = dict(zip(drivers, found_among([slopes[driver][LATER] for driver in drivers]), strict=True))
    return {
        driver: {
            "teams": slopes[driver][LATER].teams,
            "months": slopes[driver][LATER].months,
            "power": _power(slopes[driver][LATER], seen),
            "found": found[driver],
            "also": _also(slopes[driver]),
            "lags": {str(lag): _kept(slope, slopes[driver][LATER]) for lag, slope in slopes[driver].items()},
            **_averages(team_averages(panels[driver], outcome, n)),
        }
        for driver in drivers
    }


def _power(slope: Slope, seen: Callable[[int, float], float]) -> float:
    """Of the months that each team really has: hidden ones and rounds left out see nothing."""
    return round(seen(slope.teams, slope.pairs / slope.teams + LATER), 2) if slope.teams else 0.0


def _also(slopes: Mapping[int, Slope]) -> list[int]:
    """The other lags that are clear, among themselves, and move the same way.

    The other way they do whenever the link is strong: a team's usual is taken from the same twelve months, so that what is high in one
    of them makes all others look low, by an eleventh.
    """
    later = slopes[LATER]
    if not later.enough:
        return []
    others = [lag for lag in slopes if lag != LATER]
    clear = found_among([slopes[lag] for lag in others])
    return [lag for lag, passed in zip(others, clear, strict=True) if passed and _is_up(slopes[lag]) == _is_up(later)]


def _is_up(slope: Slope) -> bool:
    return slope.estimate > 0


def _kept(slope: Slope, later: Slope) -> list[float] | None:
    """estimate, low, high; of the other way round in points a star. None as well where there are too few for the month after: nine
    rounds that make twelve months with ratings three months later are no year."""
    shown = slope.enough and later.enough
    return [round(value, 3) for value in (slope.estimate, slope.low, slope.high)] if shown else None


def _averages(effect: Effect) -> dict[str, Any]:
    """A correlation, and of how many teams: what is usually drawn, kept to be shown as what it is."""
    shown = effect.enough and isfinite(effect.estimate)
    kept = [round(value, 2) for value in (effect.estimate, effect.low, effect.high)] if shown else None
    return {"averages": kept, "averaged": effect.n}
