"""Looking at many things at once: how many of what looks clear may be chance."""

from collections.abc import Sequence
from math import erfc, isfinite, sqrt

import numpy as np

from tracker.statistics.proportions import Z

FALSE_FINDINGS = 0.10  # among everything that is called found


def passes(p: Sequence[float], rate: float = FALSE_FINDINGS) -> list[bool]:
    """Which of several may be called found, by how often chance alone would look like each (Benjamini and Hochberg 1995).

    Of all that is ever called so, a share of `rate` at most is chance. None is found among none.
    """
    chances = np.asarray(p, dtype=np.float64)
    ranked = np.sort(chances)
    below = np.flatnonzero(ranked <= rate * np.arange(1, len(ranked) + 1) / max(len(ranked), 1))
    line = ranked[below[-1]] if len(below) else -1.0
    return [bool(chance <= line) for chance in chances]


def chance_by_range(estimate: float, low: float, high: float) -> float:
    """About how often chance alone would lie so far from 0, read from a 95 % range, which may be wider to one side; 1 without one."""
    reach = estimate - low if estimate > 0 else high - estimate
    if not isfinite(reach):
        return 1.0
    if reach <= 0:
        return 0.0 if estimate else 1.0
    return erfc(Z * abs(estimate) / reach / sqrt(2))
