"""How many stars each visit was given.

A rating is a unit normal cut into five: the shares without any effect are 9, 4, 8, 19 and 60 % for one to five stars.
What moves it, in the same units: touchpoint and channel, the person's ability and slow drift, the customer's own
severity, the queue, the team's day, the season, and the stories.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from tracker.demo.footfall import TEAM_INDEX, Calendar, FloatArray, IntArray
from tracker.demo.places import CHANNEL_EASE, TEAMS, TOUCHPOINT_EASE, WORK
from tracker.demo.staffing import Employee
from tracker.demo.story import BEFORE_LISTENING, KEVIN, LISTENING, LISTENING_HELPS, SHOCK, STORY
from tracker.demo.visits import CHANNEL_KEYS, TOUCHPOINT_KEYS, Visits

NORMAL = NormalDist()
CUTS = np.array([NORMAL.inv_cdf(share) for share in (0.09, 0.13, 0.21, 0.40)])
ABILITY_SD, DRIFT_SD, SEVERITY_SD, TEAM_DAY_SD, OWN_SD = 0.2, 0.05, 0.3, 0.08, 0.93
QUEUE_COST, DECEMBER_COST = 0.035, 0.1
STORY_STRATA, STRATA = 10, 4


def stars(
    staff: tuple[Employee, ...], visits: Visits, severity: FloatArray, calendar: Calendar, *, seed: int
) -> IntArray:
    """Stars 1 to 5 of each visit; `severity` is the customer's own, a unit normal per visit."""
    rng = np.random.default_rng([seed, 41])
    latent = _ease(visits) + _people(staff, visits, calendar, rng) + _days(visits, calendar, rng)
    noise = SEVERITY_SD * severity
    for row, one in enumerate(staff):
        chosen = np.flatnonzero(visits.person == row)
        if one.person.staff_number in STORY:
            before = int((calendar.weeks_ago[visits.day[chosen]] > 0).sum())
            noise[chosen] = _even_noise(len(chosen), STORY_STRATA, rng, boundary=before)
        else:
            noise[chosen] += OWN_SD * _even_noise(len(chosen), STRATA, rng)
    return np.asarray(1 + ((latent + noise)[:, None] > CUTS).sum(axis=1))


def _ease(visits: Visits) -> FloatArray:
    touchpoint = np.array([TOUCHPOINT_EASE[key] for key in TOUCHPOINT_KEYS])[visits.touchpoint]
    channel = np.array([CHANNEL_EASE[key] for key in CHANNEL_KEYS])[visits.channel]
    queue = np.where(visits.queue >= 0, 4 - np.minimum(visits.queue, 14), 0) * QUEUE_COST
    return np.asarray(touchpoint + channel + queue)


def _people(staff: tuple[Employee, ...], visits: Visits, calendar: Calendar, rng: np.random.Generator) -> FloatArray:
    ability = np.clip(rng.normal(0, ABILITY_SD, len(staff)), -0.4, 0.4)
    drift = np.cumsum(rng.normal(0, DRIFT_SD / 4, (len(staff), calendar.weeks_ago[0] + 1)), axis=1)
    for row, one in enumerate(staff):
        number = one.person.staff_number
        if number in STORY:
            ability[row], drift[row] = STORY[number].ability, 0.0
        elif one.team_key in WORK:
            ability[row] += WORK[one.team_key].ability
    weeks_ago = calendar.weeks_ago[visits.day]
    return np.asarray((ability[visits.person] + drift[visits.person, weeks_ago]) + _story(staff, visits, weeks_ago))


def _story(staff: tuple[Employee, ...], visits: Visits, weeks_ago: IntArray) -> FloatArray:
    """Shifts of the people of the story; Kevin's lies in the busy hours, when the queue is long."""
    shift = np.zeros(len(weeks_ago))
    for row, one in enumerate(staff):
        number = one.person.staff_number
        if number not in STORY:
            continue
        by_week = np.array([STORY[number].shift(week) for week in range(int(weeks_ago.max()) + 1)])
        chosen = visits.person == row
        shift[chosen] = by_week[weeks_ago[chosen]]
        if number == KEVIN:
            shift[chosen] *= np.where(visits.busy[chosen], 1.3, 0.75)
    return shift


def _days(visits: Visits, calendar: Calendar, rng: np.random.Generator) -> FloatArray:
    team_day = rng.normal(0, TEAM_DAY_SD, (len(TEAMS), calendar.days))
    team_day -= np.where(calendar.month == 12, DECEMBER_COST, 0.0)
    shocked = [SHOCK.covers(int(week)) for week in calendar.weeks_ago]
    team_day[TEAM_INDEX[SHOCK.team]] += np.where(shocked, SHOCK.size, 0.0)
    for team, weeks_ago in LISTENING.items():
        team_day[TEAM_INDEX[team]] += BEFORE_LISTENING + np.where(calendar.weeks_ago < weeks_ago, LISTENING_HELPS, 0.0)
    return np.asarray(team_day[visits.team, visits.day])


def _even_noise(size: int, strata: int, rng: np.random.Generator, *, boundary: int = 0) -> FloatArray:
    """Unit normal noise, each `strata` draws in a row spread over the whole range, with a new row at `boundary`.

    Plain draws would give five chance alerts a year among so few people, and drown the stories.
    """
    skipped = -boundary % strata
    rows = -(-(size + skipped) // strata)
    ranks = rng.permuted(np.tile(np.arange(strata), (rows, 1)), axis=1).ravel()[skipped : skipped + size]
    return np.array([NORMAL.inv_cdf(share) for share in ((ranks + rng.uniform(0.05, 0.95, size)) / strata).tolist()])
