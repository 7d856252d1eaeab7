"""Which customer gave each rating: a pool of regulars by region, nobody asked twice within thirty days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.demo.footfall import BoolArray, FloatArray, IntArray
from tracker.demo.places import TEAMS
from tracker.demo.visits import DAY, Visits

FATIGUE_DAYS = 30
# Regulars by region, and the share of them who write Swahili.
REGULARS = {"nairobi": 3_300, "mombasa": 1_250, "kisumu": 650}
SWAHILI = {"nairobi": 0.27, "mombasa": 0.47, "kisumu": 0.25}
REGIONS = tuple(REGULARS)


@dataclass(frozen=True, slots=True)
class Customers:
    """Per visit: the customer's number, whether that customer writes Swahili, and the severity (a unit normal)."""

    number: IntArray
    swahili: BoolArray
    severity: FloatArray
    region: IntArray


def customers(visits: Visits, *, seed: int) -> Customers:
    """Customers of the visits; regulars come back unevenly often, all others once."""
    rng = np.random.default_rng([seed, 51])
    region = _regions(visits, rng)
    number = _regulars(region, rng)
    number = _spaced(number, visits.rated // DAY, first_free=sum(REGULARS.values()))
    known = int(number.max()) + 1
    home = np.zeros(known, dtype=np.int64)
    home[number] = region
    writes_swahili = rng.random(known) < np.array([SWAHILI[key] for key in REGIONS])[home]
    return Customers(number, writes_swahili[number], rng.standard_normal(known)[number], home[number])


def _regions(visits: Visits, rng: np.random.Generator) -> IntArray:
    """Region of the store; the support centre serves all of them."""
    sizes = np.array(list(REGULARS.values()), dtype=float)
    anywhere = rng.choice(len(REGIONS), size=len(visits.team), p=sizes / sizes.sum())
    own = np.array([REGIONS.index(team.region) if team.region in REGIONS else -1 for team in TEAMS])[visits.team]
    return np.where(own >= 0, own, anywhere)


def _regulars(region: IntArray, rng: np.random.Generator) -> IntArray:
    number = np.zeros(len(region), dtype=np.int64)
    first = 0
    for index, size in enumerate(REGULARS.values()):
        chosen = np.flatnonzero(region == index)
        weight = rng.gamma(1.6, 1.0, size)
        number[chosen] = first + rng.choice(size, size=len(chosen), p=weight / weight.sum())
        first += size
    return number


def _spaced(number: IntArray, day: IntArray, *, first_free: int) -> IntArray:
    """Replace whoever would be asked again too soon by somebody new."""
    order = np.lexsort((day, number))
    too_soon = np.zeros(len(number), dtype=bool)
    same = number[order][1:] == number[order][:-1]
    too_soon[order[1:]] = same & (day[order][1:] - day[order][:-1] < FATIGUE_DAYS)
    spaced = number.copy()
    spaced[too_soon] = first_free + np.arange(int(too_soon.sum()))
    return spaced
