"""Which of several findings may be claimed when many things are looked at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def discovered(p: ArrayLike, rate: float) -> NDArray[np.bool_]:
    """Benjamini and Hochberg (1995): of all that is ever claimed so, a share of `rate` at most is nothing but chance.

    p: (tests,) how often chance alone would look as strong, 0 to 1; the answer has its shape. No tests: none.
    """
    values = np.asarray(p, np.float64)
    rank = np.arange(1, values.size + 1)
    passed = np.flatnonzero(np.sort(values) <= rate * rank / max(values.size, 1))
    line = np.sort(values)[passed[-1]] if len(passed) else -1.0
    return np.asarray(values <= line)
