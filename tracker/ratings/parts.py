"""What a card says by touchpoint and by driver, over the last 13 weeks; worked out by the weekly run with everything else on it.

By touchpoint from the rollup: n, mean, likely range. By driver from the ratings themselves, for the rollup does not hold what they
are about: how often it was praised (4 stars and more) or could be better (fewer), of how many ratings that name anything.
"""

import json
import math
from collections import defaultdict
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import String, cast, func, select

from tracker.core import clock
from tracker.core.db import db
from tracker.ratings.models import Driver, Rating, Touchpoint
from tracker.ratings.policy import counted
from tracker.ratings.rules import FEWEST_RATINGS, LOW_STARS
from tracker.statistics.parts import parts
from tracker.statistics.weeks import WeekRows

WEEKS = 13
Stored = dict[str, list[dict[str, Any]]]


def parts_stored(
    people: list[int], rows: WeekRows, cells: list[tuple[int, int]], *, on: int, sigma2: float
) -> dict[int, Stored]:
    """Person id -> {"touchpoints": [...] by name, "drivers": [...] by how often they are named}, as ScoreCard.figures keeps it (see
    Figures.touchpoints and Figures.drivers)."""
    by_driver = _by_driver(on)
    touchpoints = _by_touchpoint(people, rows, cells, on, sigma2)
    return {
        person: {"touchpoints": touchpoints.get(person, []), "drivers": by_driver.get(person, [])} for person in people
    }


def _by_touchpoint(
    people: list[int], rows: WeekRows, cells: list[tuple[int, int]], on: int, sigma2: float
) -> dict[int, list[dict[str, Any]]]:
    ids, kind = np.unique([touchpoint for touchpoint, _channel in cells], return_inverse=True)
    names: dict[int, str] = dict(db.session.execute(select(Touchpoint.id, Touchpoint.name)).all())
    found = parts(rows, kind, (len(people), len(ids)), on, sigma2=sigma2)
    said: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for position, place in np.argwhere(found.n > 0):
        id, n = int(ids[place]), int(found.n[position, place])
        values = ((name, float(getattr(found, name)[position, place])) for name in ("mean", "low", "high"))
        figures = {name: None if math.isnan(value) else round(value, 4) for name, value in values}
        said[people[position]].append({"id": id, "name": names.get(id), "n": n, **figures})
    return {person: sorted(one, key=lambda part: (part["name"] is None, part["name"])) for person, one in said.items()}


def _by_driver(on: int) -> dict[int, list[dict[str, Any]]]:
    """Only of people whose ratings name something at least ten times: from fewer nothing is said."""
    names: dict[str, str] = dict(db.session.execute(select(Driver.key, Driver.name)).all())
    naming: dict[int, int] = defaultdict(int)
    counts: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for person, stars, written, count in db.session.execute(_named(on)):
        keys = _keys(written)
        naming[person] += count if keys else 0
        for key in keys:
            counts[person][key][stars <= LOW_STARS] += count
    return {
        person: [
            {"key": key, "name": names.get(key, key), "praised": praised, "wished": wished, "of": naming[person]}
            for key, (praised, wished) in sorted(of_person.items(), key=lambda item: (-sum(item[1]), item[0]))
        ]
        for person, of_person in counts.items()
        if naming[person] >= FEWEST_RATINGS
    }


def _named(on: int) -> Any:
    """(person, stars, drivers as JSON text, how many) over the 13 weeks: far fewer rows than ratings."""
    written = cast(Rating.drivers, String)
    return (
        select(Rating.person_id, Rating.stars, written, func.count())
        .where(
            Rating.person_id.is_not(None),
            Rating.excluded_at.is_(None),
            Rating.rated_on >= clock.monday_of(on - WEEKS + 1),
            Rating.rated_on < clock.monday_of(on + 1),
            counted(),
        )
        .group_by(Rating.person_id, Rating.stars, written)
    )


@lru_cache(maxsize=4096)
def _keys(written: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(json.loads(written))) if written else ()
