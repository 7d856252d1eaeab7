"""A small company that is lived week by week through the real jobs: people fall and heal, some leaders talk with whoever was alerted
and the others never find the time, and a talk changes what customers give by a known number of stars; or by none."""

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

TEAMS, TEAM_SIZE, PER_WEEK = 20, 10, 5
HISTORY, LIVED, FALLS_WITHIN, FALL_WEEKS = 40, 38, 20, 17
FALLING = 0.6
FIRST = date(2025, 5, 5)  # a Monday
USUAL, FALLEN = np.array([[0.05, 0.05, 0.10, 0.25, 0.55], [0.23, 0.17, 0.16, 0.16, 0.28]])


@dataclass
class Lived:
    """Leader by person, the leaders who find time for talks, who falls in which week, and in which week somebody was talked with."""

    leaders: dict[int, int]
    talking: set[int]
    falls: dict[int, int]
    talks: dict[int, int]


def live(seed: int, *, effect: float, every: int = 2) -> datetime:
    """A company’s year, in which the leader of every `every`-th team holds talks; the moment of its last check."""
    rng = np.random.default_rng(seed)
    lived = _people(rng, every)
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


def _people(rng: np.random.Generator, every: int) -> Lived:
    lived = Lived({}, set(), {}, {})
    with transaction():
        for number in range(TEAMS):
            leader = a_person()
            if number % every == 0:
                lived.talking.add(leader.id)
            team = a_team(led_by=leader)
            for _person in range(TEAM_SIZE):
                person = a_person(team=team)
                lived.leaders[person.id] = leader.id
                if rng.random() < FALLING:
                    lived.falls[person.id] = HISTORY + int(rng.integers(0, FALLS_WITHIN))
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
        for person in lived.leaders:
            since = week - lived.falls.get(person, week + 1)
            depth = max(0.0, 1 - since / FALL_WEEKS) if since >= 0 else 0.0
            stars = rng.multinomial(rng.poisson(PER_WEEK), (1 - depth) * USUAL + depth * FALLEN)
            if person in lived.talks and week >= lived.talks[person] + 4:
                _raise(stars, rng.binomial(int(stars.sum()), effect))
            counts[person, first + week, *cell] = [int(count) for count in stars]
    rollup.add_counts(counts)


def _raise(stars: np.ndarray, by: int) -> None:
    for star in (3, 2, 1, 0):
        taken = min(by, int(stars[star]))
        stars[star] -= taken
        stars[star + 1] += taken
        by -= taken


def _talk(lived: Lived, week: int, at: datetime) -> None:
    """Who finds the time talks with whoever the check has just suggested."""
    with transaction():
        for case in db.session.scalars(select(CoachingCase).where(CoachingCase.closed_at.is_(None))):
            leader = lived.leaders[case.person_id]
            if leader not in lived.talking:
                continue
            complete_session(case, by=leader, note="We talked.", agreed=[], follow_up_on=None, at=at)
            lived.talks[case.person_id] = week + 1
