"""Cards and cases with the figures a test wants, without the weekly run."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tracker.coaching.actions import open_case
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.ratings.actions import store_fall
from tracker.ratings.models import ScoreCard

ON = clock.week_of(date(2026, 11, 9))


def figures(**values: Any) -> dict[str, Any]:
    """What a card stores of somebody inside the expected range; `values` replace single figures."""
    points = [
        [clock.monday_of(ON - 11 + point).isoformat(), 4.3 + 0.01 * point, 4.1, 4.7, 20 + point] for point in range(12)
    ]
    working = {"n": 182, "mean": 4.52, "expected_mean": 4.4, "prior": 0.02, "effect": 0.11, "score": 4.51, "low": 4.38}
    working |= {"high": 4.64, "prior_weight": 17.8, "sigma2": 0.9, "standard_mean": 4.4}
    card = {"score": 4.5, "n": 46, "weeks": 4, "needed": 0, "low": 4.2, "high": 4.6, "lean": False, "gap": False}
    card |= {"stars": [1, 2, 2, 12, 29], "trend": points, "check": check(), "working": working}
    return card | values


def check(**values: Any) -> dict[str, Any]:
    found = {"weeks": 4, "since": "2026-10-19", "n": 24, "observed": 4.4, "expected": 4.4, "fall": 0.0, "p": 0.6}
    return found | {"one_in": 1, "watch": False, "alert": False} | values


def fallen(**values: Any) -> dict[str, Any]:
    """Figures of somebody whose ratings fell by more than chance explains."""
    alert = check(observed=3.6, expected=4.4, fall=0.8, p=0.0004, one_in=2_000, watch=True, alert=True)
    return figures(score=3.6, low=4.1, high=4.7, check=alert, **values)


def too_few(**values: Any) -> dict[str, Any]:
    points = [[clock.monday_of(ON - 11 + point).isoformat(), None, None, None, 0] for point in range(12)]
    nothing = {"score": None, "low": None, "high": None, "check": None, "stars": [0] * 5, "trend": points}
    return figures(n=3, weeks=0, needed=7, **nothing, **values)


def a_card(
    person: Person, card: Mapping[str, Any], *, audience: str = "own", shares_at: datetime | None = None
) -> ScoreCard:
    made = ScoreCard(person_id=person.id, audience=audience, week=ON, figures=dict(card), shares_at=shares_at)
    db.session.add(made)
    db.session.flush()
    return made


def a_case(person: Person, *, shares_at: datetime, team_id: int | None = None) -> CoachingCase:
    """An open case after an alert; shared (as the timetable would) when its head start is over by now."""
    at = clock.now()
    fall = store_fall(
        person.id,
        ON,
        fallen()["check"],
        team_id=team_id,
        parameters={},
        formula="three-window/1",
        shares_at=shares_at,
        at=min(at, shares_at) - timedelta(hours=1),
    )
    case = open_case(fall, reminds_at=None, at=min(at, shares_at) - timedelta(hours=1))
    case.shared_at = shares_at if shares_at <= at else None
    return case
