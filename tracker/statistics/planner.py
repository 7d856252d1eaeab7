"""Where a share of customers who are happy every time could have come from: the fewest touchpoints that were in the way.

Arithmetic about the past, and no promise: it says what the share would have been had no rating at these touchpoints been low.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Places = TypeVar("Places", bound=Collection[int])
EXACT_UP_TO = 15  # touchpoints: all sets of them are tried; of more, one is added at a time


@dataclass(frozen=True)
class Plan:
    """chosen: the touchpoints, none where no set does it. gained: customers that these win; reachable: that all touchpoints win
    together. is_smallest: no set of fewer does it, which is not known where one was added at a time."""

    chosen: tuple[int, ...]
    gained: int
    reachable: int
    is_smallest: bool


def smallest_set(in_the_way: Mapping[Places, int], *, needed: int) -> Plan:
    """The fewest touchpoints that win `needed` customers or more; of several such sets the one that wins most.

    in_the_way: the touchpoints where a customer's low ratings happened, in any order -> how many such customers. One is won when
    all of these are chosen. Ties go to the lower numbers, so that the same data give the same answer.
    """
    wanted = _by_set(in_the_way)
    touchpoints = sorted({place for places in wanted for place in places})
    reachable = sum(wanted.values())
    if needed <= 0 or reachable < needed:
        return Plan((), 0, reachable, is_smallest=True)
    if len(touchpoints) <= EXACT_UP_TO:
        chosen = _of_all_sets(wanted, touchpoints, needed)
        return Plan(chosen, _won(wanted, chosen), reachable, is_smallest=True)
    chosen = _one_by_one(wanted, touchpoints, needed)
    return Plan(chosen, _won(wanted, chosen), reachable, is_smallest=len(chosen) == 1)


def _by_set(in_the_way: Mapping[Places, int]) -> dict[frozenset[int], int]:
    wanted: dict[frozenset[int], int] = {}
    for places, count in in_the_way.items():
        if places:
            wanted[frozenset(places)] = wanted.get(frozenset(places), 0) + count
    return wanted


def _of_all_sets(wanted: Mapping[frozenset[int], int], touchpoints: list[int], needed: int) -> tuple[int, ...]:
    won, sizes = _won_by_every_set(wanted, touchpoints), _sizes(len(touchpoints))
    fewest = sizes[won >= needed].min()
    best = int(np.argmax(np.where((sizes == fewest) & (won >= needed), won, -1)))
    return tuple(place for bit, place in enumerate(touchpoints) if best >> bit & 1)


def _won_by_every_set(wanted: Mapping[frozenset[int], int], touchpoints: list[int]) -> NDArray[np.int64]:
    """(2 ** touchpoints,): customers won by each set, whose members are the bits of its number. Sums over subsets, bit by bit."""
    bit_of = {place: 1 << bit for bit, place in enumerate(touchpoints)}
    won = np.zeros(1 << len(touchpoints), np.int64)
    for places, count in wanted.items():
        won[sum(bit_of[place] for place in places)] += count
    for bit in range(len(touchpoints)):
        halves = won.reshape(-1, 2, 1 << bit)
        halves[:, 1] += halves[:, 0]
    return won


def _sizes(bits: int) -> NDArray[np.int64]:
    sizes = np.zeros(1, np.int64)
    for _bit in range(bits):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def _one_by_one(wanted: Mapping[frozenset[int], int], touchpoints: list[int], needed: int) -> tuple[int, ...]:
    """Each time the touchpoint that takes most out of the way: customers, each shared out over what still stands in hers."""
    chosen: set[int] = set()
    while _won(wanted, chosen) < needed:
        worth = dict.fromkeys((place for place in touchpoints if place not in chosen), 0.0)
        for places, count in wanted.items():
            left = places - chosen
            for place in left:
                worth[place] += count / len(left)
        chosen.add(min(worth, key=lambda place: (-worth[place], place)))
    return tuple(sorted(chosen))


def _won(wanted: Mapping[frozenset[int], int], chosen: Collection[int]) -> int:
    return sum(count for places, count in wanted.items() if places <= set(chosen))
