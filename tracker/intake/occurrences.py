"""How often each row of a file has come, for files whose rows have no id."""

from itertools import count

import numpy as np
from numpy.typing import NDArray

Counts = tuple[NDArray[np.uint64], NDArray[np.uint32]]
DIGITS = 16  # of a row's key: 64 bits tell the rows of one file apart


class Occurrences:
    """Numbers equal rows 1, 2, 3 ... in the order they come.

    Memory: 12 bytes for each different row (120 MB for ten million). Kept as sorted runs, each at least twice as long as the next,
    so that a batch is looked up in a few searches and every key is moved only a few times.
    """

    def __init__(self) -> None:
        self._runs: list[Counts] = []

    def number(self, keys: list[str]) -> list[int]:
        """Return for each key (hexadecimal digits) how many times it has come so far, this time included."""
        hashes = np.frombuffer(bytes.fromhex("".join(key[:DIGITS] for key in keys)), dtype=">u8").astype(np.uint64)
        different, inverse, times = np.unique(hashes, return_inverse=True, return_counts=True)
        earlier = self._add(different, times.astype(np.uint32))
        if len(different) == len(keys) and not earlier.any():
            return [1] * len(keys)
        counters = [count(int(before) + 1) for before in earlier]
        return [next(counters[position]) for position in inverse.tolist()]

    def _add(self, keys: NDArray[np.uint64], times: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Count these different, sorted keys; return how often each had come before."""
        before = np.zeros(len(keys), dtype=np.uint32)
        for known, counts in self._runs:
            place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            found = known[place] == keys
            before[found] = counts[place[found]]
            counts[place[found]] += times[found]
        fresh = before == 0
        self._runs.append((keys[fresh], times[fresh]))
        self._merge()
        return before

    def _merge(self) -> None:
        self._runs = [run for run in self._runs if len(run[0])]
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            last, other = self._runs.pop(), self._runs.pop()
            keys = np.concatenate((other[0], last[0]))
            order = np.argsort(keys, kind="stable")
            self._runs.append((keys[order], np.concatenate((other[1], last[1]))[order]))
