"""Waves by lot: the draw, the days, and whether a plan leaves enough teams to compare with."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random, SystemRandom

import numpy as np

from tracker.statistics.effects import AFTER, BEFORE, rollout_effect

PERIOD_WEEKS = 4
SEEDS = 2**53  # every program that reads JSON keeps such a number exactly


def new_seed() -> int:
    """Nobody can foresee it, and nobody can choose it."""
    return SystemRandom().randrange(SEEDS)


def drawn(team_ids: Iterable[int], seed: int) -> list[int]:
    """The order of the teams: the same for the same teams and seed, so that anybody can draw it again."""
    order = sorted(team_ids)
    Random(seed).shuffle(order)  # noqa: S311 - it must come out the same again; the seed is what nobody can guess
    return order


def wave_of(position: int, teams: int, waves: int) -> int:
    """The wave (0 is the first) of a place in the order; waves differ by one team at most."""
    return position * waves // teams


def days_of(teams: int, waves: int, *, first_on: date, weeks_apart: int) -> list[date]:
    """The first day of each place in the order."""
    gap = timedelta(weeks=weeks_apart)
    return [first_on + gap * wave_of(position, teams, waves) for position in range(teams)]


def is_enough(days: Sequence[date]) -> bool:
    """Whether rollout_effect would show a figure in the end, if every team is rated in every period."""
    start = [(day - days[0]).days // (7 * PERIOD_WEEKS) + BEFORE for day in days]
    shape = len(days), start[-1] + AFTER + 1
    return rollout_effect(n=np.ones(shape), residual=np.zeros(shape), start=start).enough
