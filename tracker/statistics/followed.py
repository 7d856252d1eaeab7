"""What became of everybody after one weekly check: the rows that tell whether coaching helped (STATISTICS.md section 3).

Before is the window that the check decided by; then come 28 days that count nowhere, in which the coaching happens; after are the
56 days that follow. What moved the whole company is taken out of both.
"""

from dataclasses import dataclass

import numpy as np

from tracker.statistics.baselines import Baseline
from tracker.statistics.falls import STANDARD, Checks, Parameters, check_sums, edges
from tracker.statistics.scores import ratio
from tracker.statistics.weeks import BoolArray, FloatArray, IntArray, WeekSums

SKIPPED_WEEKS, AFTER_WEEKS = 4, 8
VERDICT_WEEKS = SKIPPED_WEEKS + AFTER_WEEKS  # after so many weeks it can be said what became of it


@dataclass(frozen=True)
class Followed:
    """Arrays of shape (P,), nan where there is nothing to say; figures in stars.

    check: what the check of that week said. b, dev: see dips.Group. after, n_after: mean residual and ratings of the weeks after,
    as far as they have come.
    """

    check: Checks
    b: FloatArray
    dev: FloatArray
    after: FloatArray
    n_after: FloatArray


def follow(
    sums: WeekSums,
    team: IntArray,
    on: int,
    parameters: Parameters = STANDARD,
    *,
    last: int,
    ends: IntArray | None = None,
    untouched: BoolArray | None = None,
) -> Followed:
    """Everybody as of the check of week `on`, and since then up to week `last`, inclusive.

    sums: running totals of persons 0..P-1 that hold `edges_needed`. Everybody's baseline is the year before the window.
    ends: (P,) the last week of each that may count as after, an edge of `sums`: where coaching begins to count for whoever is alerted
    later. None: all do.
    untouched: (P,) who was not coached lately: what moved them moved the company. None: everybody; else, where many are coached, what
    coaching changes would be taken for something that moved everybody.
    """
    steady = np.ones(len(team), dtype=bool) if untouched is None or not untouched.any() else untouched
    found = check_sums(sums, team, on, parameters)
    b, dev = np.full((2, len(team)), np.nan)
    for weeks in parameters.windows_weeks:
        chosen = found.window_weeks == weeks
        own = Baseline.of(sums.between(on - weeks - parameters.baseline_weeks, on - weeks), team).effect
        n, change = _beyond(sums, own, on - weeks, on)
        b[chosen] = own[chosen]
        dev[chosen] = (ratio(change, n) - _company(n[steady], change[steady]))[chosen]
    start, end = _after(on, last)
    n, change = _beyond(sums, b, start, end if ends is None else np.clip(ends, start, end))
    known = n > 0
    after = np.where(known, ratio(change, n) + b - _company(n[steady], change[steady]), np.nan)
    return Followed(found, b, dev, after, np.where(known, n, 0.0))


def edges_needed(on: int, parameters: Parameters = STANDARD, *, last: int) -> IntArray:
    """The weeks at which follow needs running totals."""
    return np.unique(np.concatenate([edges(on, parameters), _after(on, last)]))


def _after(on: int, last: int) -> tuple[int, int]:
    """The weeks after: start < week <= end."""
    start = min(on + SKIPPED_WEEKS, last)
    return start, max(min(on + VERDICT_WEEKS, last), start)


def _beyond(sums: WeekSums, own: FloatArray, after: int, through: IntArray | int) -> tuple[FloatArray, FloatArray]:
    """(P,) ratings of those whose baseline is known, and their summed residuals beyond it (section 2, step 4)."""
    n, s, _, x = sums.between(after, through)
    known: BoolArray = np.isfinite(own)
    return np.where(known, n, 0.0), np.where(known, s - x - n * np.nan_to_num(own), 0.0)


def _company(n: FloatArray, change: FloatArray) -> float:
    """What these people moved by, as one."""
    total = float(n.sum())
    return float(change.sum()) / total if total > 0 else 0.0
