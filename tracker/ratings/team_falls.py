"""Teams that fell as a whole: found by the weekly check, said beside each person's figures, kept for who leads above."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from tracker.core.clock import monday_of
from tracker.ratings.fall_models import TeamFall
from tracker.statistics.falls import TEAM_WINDOW_WEEKS, Parameters, team_falls
from tracker.statistics.weeks import FloatArray, IntArray, WeekRows

LIKELY = 1.96


def teams_fallen(
    rows: WeekRows,
    team: IntArray,
    on: int,
    parameters: Parameters,
    *,
    mu: FloatArray,
    baseline_end: IntArray | None,
) -> dict[int, dict[str, Any]]:
    """Team id -> what is said of it (see as_said), of the teams that fell; arguments as for statistics.falls.team_falls."""
    found = team_falls(rows, team, on, parameters, mu=mu, baseline_end=baseline_end)
    return {
        int(found.team[i]): as_said(
            on, n=int(found.n[i]), people=int(found.people[i]), shift=float(found.shift[i]), sd=float(found.sd[i])
        )
        | {"z": round(float(found.z[i]), 4)}
        for i in np.flatnonzero(found.fell)
    }


def as_said(week: int, *, n: int, people: int, shift: float, sd: float) -> dict[str, Any]:
    """Plain JSON: n ratings by `people` since a day, by how much they lie under what was expected, and where that likely lies (95 %)."""
    return {
        "since": monday_of(week - TEAM_WINDOW_WEEKS + 1).isoformat(),
        "n": n,
        "people": people,
        "shift": round(shift, 4),
        "low": round(shift - LIKELY * sd, 4),
        "high": round(shift + LIKELY * sd, 4),
        "sd": round(sd, 4),
    }


def with_team(notices: Select[TeamFall]) -> Select[TeamFall]:
    return notices.options(joinedload(TeamFall.team))


def said_of(row: TeamFall) -> Mapping[str, Any]:
    return as_said(row.week, n=row.n, people=row.people, shift=row.shift, sd=row.sd)
