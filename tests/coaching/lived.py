"""A small company that is lived week by week through the real jobs: everybody has better and worse months that come back by
themselves, some are alerted, their leaders talk with them, and the talk changes what customers give by a known number of stars; or by
none."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import select

from tests.factories import a_channel, a_person, a_team, a_touchpoint
from tracker.coaching.actions import complete_session
from tracker.coaching.effect_jobs import share_effects, work_out_effects
from tracker.coaching.jobs import check_falls, share_cards
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings import rollup

TEAMS, TEAM_SIZE, PER_WEEK = 16, 10, 6
HISTORY, LIVED = 40, 36
SWING, KEPT = (
    0.35,
    0.9,
)  # sd of the swings, as a share of the way to unhappy customers; how much of one is left a week later
FIRST = date(2025, 5, 5)  # a Monday
SHARES, HAPPY, UNHAPPY = np.array([[0.07, 0.07, 0.14, 0.32, 0.40], [0, 0, 0.05, 0.15, 0.80], [0.3, 0.2, 0.2, 0.2, 0.1]])


@dataclass
class Lived:
    """Leader by person, how each is doing this week, and in which week somebody was talked with."""

    leaders: dict[int, int]
    swing: dict[int, float]
    talks: dict[int, int]


def live(seed: int, *, effect: float) -> datetime:
    """A company's year; the moment of its last check."""
    rng = np.random.default_rng(seed)
    lived = _people(rng)
    cell = _cell()
    with transaction():
        _rated(range(HISTORY), lived, effect, cell, rng)
    at = _monday(HISTORY)
    for week in range(HISTORY, HISTORY + LIVED):
        with transaction():
            _rated([week], lived, effect, cell, rng)
        at = _monday(week + 1)
        check_falls(at)
        work_out_effects(at)
        for later in (timedelta(days=3), timedelta(days=4)):
            share_cards(at + later)
            share_effects(at + later)
        _talk(lived, week, at + timedelta(days=4, hours=1))
    return at


def _monday(week: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(weeks=week, hours=5)


def _people(rng: np.random.Generator) -> Lived:
    lived = Lived({}, {}, {})
    with transaction():
        for _team in range(TEAMS):
            leader = a_person()
            team = a_team(led_by=leader)
            for _person in range(TEAM_SIZE):
                person = a_person(team=team)
                lived.leaders[person.id] = leader.id
                lived.swing[person.id] = SWING * rng.standard_normal()
    return lived


def _cell() -> tuple[int, int]:
    with transaction():
        return a_touchpoint().id, a_channel().id


def _rated(
    weeks: range | list[int], lived: Lived, effect: float, cell: tuple[int, int], rng: np.random.Generator
) -> None:
    """Ratings counted in their weeks. After a talk, from the fifth week after its check on, `effect` stars are added, one by one."""
    first = clock.week_of(FIRST)
    counts = {}
    for week in weeks:
        for person, swing in lived.swing.items():
            lived.swing[person] = KEPT * swing + SWING * np.sqrt(1 - KEPT**2) * rng.standard_normal()
            stars = rng.multinomial(rng.poisson(PER_WEEK), _shares(lived.swing[person]))
            if person in lived.talks and week >= lived.talks[person] + 4:
                _raise(stars, rng.binomial(int(stars.sum()), effect))
            counts[person, first + week, *cell] = [int(count) for count in stars]
    rollup.add_counts(counts)


def _shares(swing: float) -> np.ndarray:
    """Of the stars: a good time moves them towards five, a bad one towards one."""
    towards = HAPPY if swing > 0 else UNHAPPY
    share = min(abs(swing), 1.0)
    return (1 - share) * SHARES + share * towards


def _raise(stars: np.ndarray, by: int) -> None:
    for star in (3, 2, 1, 0):
        taken = min(by, int(stars[star]))
        stars[star] -= taken
        stars[star + 1] += taken
        by -= taken


def _talk(lived: Lived, week: int, at: datetime) -> None:
    """Every leader talks with whoever the check has just suggested."""
    with transaction():
        for case in db.session.scalars(select(CoachingCase).where(CoachingCase.closed_at.is_(None))):
            leader = lived.leaders[case.person_id]
            complete_session(case, by=leader, note="We talked.", agreed=[], follow_up_on=None, at=at)
            lived.talks[case.person_id] = week + 1
