"""Has somebody's score fallen by more than chance, the mix of customers, the team and the company explain?

The three-window expected-score test. Source of every formula, and of the numbered steps: STATISTICS.md section 2.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tracker.statistics.baselines import Baseline, shifts, team_means
from tracker.statistics.scores import per_team, ratio, team_codes
from tracker.statistics.weeks import (
    BoolArray,
    FloatArray,
    IntArray,
    WeekRows,
    WeekSums,
    cell_means,
    integers,
    sum_weeks,
)

__all__ = [
    "Checks",
    "Parameters",
    "TeamFalls",
    "WeekRows",
    "cell_means",
    "check",
    "check_sums",
    "edges",
    "one_check_in",
    "team_falls",
]

LOWEST_EXPECTED, HIGHEST_EXPECTED = 1.2, 4.95
FALSE_DISCOVERY_RATE = 0.20
RARELY_SAID_BEYOND = 10_000
TEAM_WINDOW_WEEKS = 4
CLEARLY_BELOW = -3.0
FEWEST_OF_A_TEAM = 5


@dataclass(frozen=True)
class Parameters:
    """What a check goes by. Lengths in weeks, falls in stars, p as probabilities of one check.

    strict replaces alert_p by Benjamini-Hochberg at 20 % over the people tested (for companies of 500 and more).
    cooldown_weeks is the caller's to keep. ValueError for windows or a baseline shorter than a week.
    """

    windows_weeks: tuple[int, ...] = (4, 8, 13)
    baseline_weeks: int = 52
    min_window_n: int = 8
    min_baseline_n: int = 15
    tolerance: float = 0.10
    alert_p: float = 1 / 400
    watch_p: float = 1 / 100
    min_fall: float = 0.2
    cooldown_weeks: int = 8
    strict: bool = False

    def __post_init__(self) -> None:
        if not self.windows_weeks or min(self.windows_weeks) < 1 or self.baseline_weeks < 1:
            raise ValueError("windows_weeks must name at least one window, and each period last at least one week.")


STANDARD = Parameters()


@dataclass(frozen=True)
class Checks:
    """One check of everybody, arrays of shape (P,), taken from each person's window with the smallest p.

    n ratings, observed and expected means, sd of (expected - observed), fall = expected - observed, all in stars;
    p already allows for several windows. Not tested: p = 1, window_weeks = 0, the other figures nan.
    """

    tested: BoolArray
    n: FloatArray
    observed: FloatArray
    expected: FloatArray
    sd: FloatArray
    fall: FloatArray
    p: FloatArray
    window_weeks: IntArray
    watch: BoolArray
    alert: BoolArray


@dataclass(frozen=True)
class TeamFalls:
    """Whole teams over the last 4 weeks, arrays of shape (T,), teams in ascending order.

    n ratings by so many people; shift: the mean of their residuals beyond each own baseline and the company's shift, in stars, and its
    sd = sqrt(V_g); z = shift / sqrt(V_g + tu2). fell: z <= -3 and 5 people or more were rated. Nothing is said of smaller teams: nan.
    """

    team: IntArray
    n: IntArray
    people: IntArray
    shift: FloatArray
    sd: FloatArray
    z: FloatArray
    fell: BoolArray


def check(
    rows: WeekRows,
    team: npt.ArrayLike,
    on: int,
    parameters: Parameters = STANDARD,
    *,
    mu: FloatArray | None = None,
    baseline_end: npt.ArrayLike | None = None,
) -> Checks:
    """Test everybody for a fall as of week `on`, the last complete week, inclusive. Later rows are ignored.

    team          (P,) the team each person is in, any integers; person in rows runs over 0..P-1
    mu            (cells x weeks) frozen cell means: column k stands for the k-th week from the smallest week in rows,
                  up to at least the last week that is used; row c for cell c, or, when it has exactly as many rows as
                  there are distinct cells in rows and their numbers run higher, for those cells in ascending order.
                  None: worked out from rows (cell_means)
    baseline_end  (P,) the last week a frozen baseline may use, -1 = not frozen; None: nobody's is

    Raises ValueError when shapes do not fit or a person in rows has no team.
    """
    members, ends = people(team, baseline_end)
    sums = sum_weeks(rows, len(members), edges(on, parameters, ends), on=on, mu=mu)
    return check_sums(sums, members, on, parameters, baseline_end=ends)


def edges(on: int, parameters: Parameters = STANDARD, baseline_end: IntArray | None = None) -> IntArray:
    """The weeks at which check_sums needs running totals."""
    ends = [baseline_ends(on - weeks, baseline_end, 1) for weeks in parameters.windows_weeks]
    last = np.unique(np.concatenate([np.atleast_1d(end) for end in ends]))
    starts = [on - weeks for weeks in parameters.windows_weeks]
    return np.unique(np.concatenate([[on], starts, last, last - parameters.baseline_weeks]).astype(np.int64))


def check_sums(
    sums: WeekSums, team: IntArray, on: int, parameters: Parameters = STANDARD, *, baseline_end: IntArray | None = None
) -> Checks:
    """check() from running totals that hold `edges`; several checks can share them."""
    windows = [_window(sums, team, on, weeks, parameters, baseline_end) for weeks in parameters.windows_weeks]
    return _verdicts(windows, parameters)


def team_falls(
    rows: WeekRows,
    team: npt.ArrayLike,
    on: int,
    parameters: Parameters = STANDARD,
    *,
    mu: FloatArray | None = None,
    baseline_end: npt.ArrayLike | None = None,
) -> TeamFalls:
    """Which teams have fallen as a whole, as of week `on`; arguments and errors as in check. Source: section 2, "Team notice"."""
    members, ends = people(team, baseline_end)
    parameters = replace(parameters, windows_weeks=(TEAM_WINDOW_WEEKS,))
    sums = sum_weeks(rows, len(members), edges(on, parameters, ends), on=on, mu=mu)
    past, (n, s, _, x) = _spans(sums, on, TEAM_WINDOW_WEEKS, parameters, ends)
    baseline = Baseline.of(past, members)
    means = team_means(n, s - x - n * baseline.effect, baseline, members)
    rated = per_team((n > 0).astype(float), team_codes(members))
    enough = rated >= FEWEST_OF_A_TEAM
    z = np.where(enough, means.mean / np.sqrt(means.variance + means.usual), np.nan)
    shift, sd = (np.where(enough, values, np.nan) for values in (means.mean, np.sqrt(means.variance)))
    fell = enough & (np.nan_to_num(z) <= CLEARLY_BELOW)
    return TeamFalls(np.unique(members), means.n.astype(np.int64), rated.astype(np.int64), shift, sd, z, fell)


def one_check_in(p: float) -> int:
    """How rare a check this low is if nothing changed: "one check in N". N = floor(1/p) rounded down to one
    significant figure, at most 10,000. ValueError unless 0 <= p <= 1."""
    if not 0 <= p <= 1:
        raise ValueError("p must be a probability.")
    checks = int(min(1 / p if p > 0 else np.inf, RARELY_SAID_BEYOND) + 1e-9)
    size = int(10 ** (len(str(checks)) - 1))
    return checks // size * size


@dataclass(frozen=True)
class _Window:
    """One window's figures, (P,) each; p = 1 where the window does not count."""

    weeks: int
    counts: BoolArray
    n: FloatArray
    observed: FloatArray
    expected: FloatArray
    sd: FloatArray
    p: FloatArray


def _window(
    sums: WeekSums, team: IntArray, on: int, weeks: int, parameters: Parameters, baseline_end: IntArray | None
) -> _Window:
    past, (n, s, _, x) = _spans(sums, on, weeks, parameters, baseline_end)
    baseline = Baseline.of(past, team)
    shift = shifts(n, s - x - n * baseline.effect, baseline, team)
    expected = ratio(x, n) + baseline.effect + shift.company + shift.team
    expected = np.clip(expected, LOWEST_EXPECTED, HIGHEST_EXPECTED)
    noise = ratio(baseline.kappa * (expected - 1) * (5 - expected), n)
    variance = noise + baseline.variance + shift.variance + parameters.tolerance**2
    counts = (n > 0) & (n >= parameters.min_window_n) & (past[0] >= parameters.min_baseline_n)
    observed = ratio(s, n)
    p = np.where(counts, _tail(expected - observed, variance, expected, n), 1.0)
    return _Window(weeks, counts, n, observed, expected, np.sqrt(variance), p)


def _spans(
    sums: WeekSums, on: int, weeks: int, parameters: Parameters, baseline_end: IntArray | None
) -> tuple[FloatArray, FloatArray]:
    """(4, P) of everybody's baseline and (4, P) of the window."""
    end = baseline_ends(on - weeks, baseline_end, sums.totals.shape[2])
    return sums.between(end - parameters.baseline_weeks, end), sums.between(on - weeks, on)


def baseline_ends(before: int, baseline_end: IntArray | None, people: int) -> IntArray:
    """(people,) last week of each baseline: the week before the window, or earlier where it is frozen."""
    if baseline_end is None:
        return np.full(people, before, dtype=np.int64)
    return np.where(baseline_end == -1, before, np.minimum(baseline_end, before))


def _tail(fall: FloatArray, variance: FloatArray, expected: FloatArray, n: FloatArray) -> FloatArray:
    """Step 8: the chance of a fall this large, from a gamma distribution as skewed as J-shaped stars are."""
    from scipy.special import gammaincc  # noqa: PLC0415 - a third of a second and 20 MB that only a check needs

    third = np.maximum(2 * 0.55 * (expected - 1) * (5 - expected) * (expected - 3), 0.05)
    skewness = np.maximum(ratio(third, n**2) / variance**1.5, 0.02)
    shape = 4 / skewness**2
    argument = shape + fall / np.sqrt(variance) * np.sqrt(shape)
    return np.where(argument > 0, gammaincc(shape, np.maximum(argument, 0.0)), 1.0)


def _verdicts(windows: list[_Window], parameters: Parameters) -> Checks:
    """Steps 9 and 10: each person's window with the smallest p (the first of equals), and what follows from it."""
    p = np.stack([window.p for window in windows])
    counts = np.stack([window.counts for window in windows])
    tested: BoolArray = np.any(counts, axis=0)
    best = np.argmin(np.where(counts, p, np.inf), axis=0), np.arange(p.shape[1])

    def chosen(name: str) -> FloatArray:
        return np.where(tested, np.stack([getattr(window, name) for window in windows])[best], np.nan)

    n, observed, expected, sd = (chosen(name) for name in ("n", "observed", "expected", "sd"))
    smallest = np.where(tested, np.minimum(1.0, 2 * p[best]), 1.0)
    weeks = np.where(tested, np.array([window.weeks for window in windows])[best[0]], 0)
    fall = expected - observed
    enough = tested & (np.nan_to_num(fall) >= parameters.min_fall)
    rare = discoveries(smallest, tested) if parameters.strict else smallest < parameters.alert_p
    watch = enough & (smallest < parameters.watch_p)
    return Checks(tested, n, observed, expected, sd, fall, smallest, weeks, watch, enough & rare)


def discoveries(p: FloatArray, tested: BoolArray) -> BoolArray:
    """Benjamini-Hochberg at 20 % over those tested: the r smallest p, r the largest rank with p <= 0.20 r/m."""
    among = np.sort(p[tested])
    ranks = np.arange(1, len(among) + 1)
    within = np.flatnonzero(among <= FALSE_DISCOVERY_RATE * ranks / max(len(among), 1))
    return tested & (p <= among[within[-1]]) if len(within) else np.zeros(len(p), dtype=bool)


def people(team: npt.ArrayLike, baseline_end: npt.ArrayLike | None) -> tuple[IntArray, IntArray | None]:
    """team and baseline_end as arrays of one length; ValueError otherwise."""
    members = integers(team, "team")
    ends = None if baseline_end is None else integers(baseline_end, "baseline_end")
    if ends is not None and len(ends) != len(members):
        raise ValueError("baseline_end must hold one whole number per person.")
    return members, ends
