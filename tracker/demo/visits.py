"""Where and when each rated visit took place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import numpy as np

from tracker.demo.footfall import BoolArray, Calendar, FloatArray, IntArray
from tracker.demo.places import CHANNEL_MIX, CHANNELS, TEAMS, TOUCHPOINTS, WORK

TOUCHPOINT_KEYS = tuple(touchpoint.key for touchpoint in TOUCHPOINTS)
CHANNEL_KEYS = tuple(channel.key for channel in CHANNELS)
TILLS, RETURNS = TOUCHPOINT_KEYS.index("tills"), TOUCHPOINT_KEYS.index("returns")
BUSY_QUEUE = 6
DAY = 24 * 60
# Minutes a customer needs to answer by each channel, in the order of CHANNELS.
ANSWER_DELAY = (95, 40, 4, 1, 120, 2)
# Minutes of service at each touchpoint, in the order of TOUCHPOINTS.
SERVICE = (12, 4, 9, 22, 7, 11, 14)
LONGEST_SERVICE = 35


@dataclass(frozen=True, slots=True)
class Visits:
    """Equal-length arrays, in order of rating time; minutes count from local midnight of the calendar's first day.

    `queue` is -1 where nobody counts; `place` is a number (till, line, desk, route) whose name `place_name` tells.
    """

    person: IntArray
    team: IntArray
    day: IntArray
    touchpoint: IntArray
    channel: IntArray
    started: IntArray
    ended: IntArray
    rated: IntArray
    queue: IntArray
    place: IntArray

    @property
    def busy(self) -> BoolArray:
        return self.queue >= BUSY_QUEUE


def visits(counts: IntArray, teams: IntArray, calendar: Calendar, *, seed: int) -> Visits:
    """One entry for every rating in `counts` (people x days)."""
    rng = np.random.default_rng([seed, 31])
    person, day = (np.repeat(axis, counts[np.nonzero(counts)]) for axis in np.nonzero(counts))
    team = teams[person, day]
    touchpoint = _touchpoints(team, rng)
    channel = _channels(touchpoint, rng)
    ended, closes, crowd = _service_ends(team, day, calendar, rng)
    lasted = 1 + rng.poisson(np.array(SERVICE)[touchpoint])
    waited = rng.exponential(np.array(ANSWER_DELAY)[channel]).astype(np.int64) + 1
    queue = np.where(np.isin(touchpoint, (TILLS, RETURNS)), rng.poisson(1.2 + 5.2 * crowd), -1)
    started, rated = ended - np.minimum(lasted, LONGEST_SERVICE), np.minimum(ended + waited, closes - 1)
    order = np.lexsort((person, rated))
    columns = (person, team, day, touchpoint, channel, started, ended, rated, queue, _places(team, touchpoint, rng))
    return Visits(*(column[order] for column in columns))


def _touchpoints(team: IntArray, rng: np.random.Generator) -> IntArray:
    mixes = [WORK[one.key].mix if one.key in WORK else {} for one in TEAMS]
    shares = np.array([[mix.get(key, 0.0) for key in TOUCHPOINT_KEYS] for mix in mixes])
    return _drawn(shares[team], rng)


def _channels(touchpoint: IntArray, rng: np.random.Generator) -> IntArray:
    shares = np.array([[CHANNEL_MIX[one].get(key, 0.0) for key in CHANNEL_KEYS] for one in TOUCHPOINT_KEYS])
    return _drawn(shares[touchpoint], rng)


def _drawn(shares: FloatArray, rng: np.random.Generator) -> IntArray:
    """One column per row, drawn by the row's shares, which sum to one."""
    reached = np.cumsum(shares, axis=1)
    return np.asarray((rng.random(len(shares))[:, None] * reached[:, -1:] >= reached).sum(axis=1))


def _service_ends(
    team: IntArray, day: IntArray, calendar: Calendar, rng: np.random.Generator
) -> tuple[IntArray, IntArray, FloatArray]:
    """Minute service ended, minute the doors close, and how crowded it was then (about 0.3 to 1.6)."""
    weekday = np.where(calendar.holiday, 7, calendar.weekday)[day]
    minute, closes = np.zeros(len(team), dtype=np.int64), np.zeros(len(team), dtype=np.int64)
    draws = rng.random(len(team))
    for index, kind in {(int(a), int(b)) for a, b in zip(team, weekday, strict=True)}:
        chosen = np.flatnonzero((team == index) & (weekday == kind))
        opens_at, closes_at = opening_minutes(index, kind)
        open_minutes = np.arange(opens_at + LONGEST_SERVICE, closes_at - 8)
        reached = np.cumsum(_crowd(open_minutes))
        minute[chosen] = open_minutes[np.searchsorted(reached, draws[chosen] * reached[-1])]
        closes[chosen] = closes_at
    crowd = _crowd(minute) * np.where(weekday == 5, 1.25, 1.0)
    return minute + day * DAY, closes + day * DAY, crowd


def opening_minutes(team: int, weekday: int) -> tuple[int, int]:
    """Opening and closing minute of the day; weekday 7 stands for a public holiday. Raises StopIteration if closed."""
    one = TEAMS[team]
    if weekday == 7 and one.holiday_hours is not None:
        return _minutes(one.holiday_hours[0]), _minutes(one.holiday_hours[1])
    hours = next(hours for hours in one.hours if hours.weekday == weekday)
    return _minutes(hours.opens_at), _minutes(hours.closes_at)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _crowd(minute: IntArray) -> FloatArray:
    """Crowd over the day: a peak at lunch and one after work."""
    lunch = np.exp(-(((minute - 13 * 60) / 65.0) ** 2))
    after_work = np.exp(-(((minute - 17.6 * 60) / 60.0) ** 2))
    return np.asarray(0.45 + 0.95 * lunch + 0.75 * after_work)


def _places(team: IntArray, touchpoint: IntArray, rng: np.random.Generator) -> IntArray:
    return np.asarray(np.minimum(rng.geometric(0.28, len(team)), 4 + (team + touchpoint) % 3))
