"""Whom the tills of Nairobi Central asked for a rating in the last 13 weeks: nearly everybody, but for one who picks.

Zainab asks customers who bought something and hardly ever one who brought something back; her grade says so.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update

from tracker.core import clock
from tracker.core.db import db
from tracker.demo.records import Company, Rating
from tracker.ratings.models import Interaction
from tracker.ratings.models import Rating as StoredRating

PICKS, TEAM = "N-0377", "nairobi-central-tills"
SOURCE, WEEKS = "till system", 13
REFUNDS = 0.3
ANSWER_RATE = 0.35
ASKED = {"sold": 0.84, "refund": 0.84}
PICKED = {"sold": 0.93, "refund": 0.12}


def note_who_was_asked(company: Company, people: dict[str, int], teams: dict[str, int]) -> None:
    """Interactions as a till system would report them: those behind the ratings, and those nobody answered about."""
    since = _since(company)
    rated = [one for one in company.ratings if one.team_key == TEAM and one.rated_at >= since]
    rng = np.random.default_rng([company.seed, 77])
    rows = [row for one in rated for row in _around(one, company, rng, people[one.staff_number], teams[TEAM])]
    if not rows:
        return
    db.session.execute(insert(Interaction), rows)
    behind = select(Interaction.id).where(
        Interaction.source == SOURCE, Interaction.external_id == StoredRating.external_id
    )
    linked = update(StoredRating).where(StoredRating.external_id.in_([one.reference for one in rated]))
    db.session.execute(
        linked.values(interaction_id=behind.scalar_subquery()), execution_options={"synchronize_session": False}
    )


def _since(company: Company) -> datetime:
    monday = company.today - timedelta(days=company.today.weekday())
    return clock.moment_at(monday - timedelta(weeks=WEEKS), clock.WorkCalendar().starts, company.zone)


def _around(
    rating: Rating, company: Company, rng: np.random.Generator, person: int, team: int
) -> Iterator[dict[str, Any]]:
    """The service that was rated, then as many others as stand behind one answer: asked without one, and never asked."""
    share = PICKED if rating.staff_number == PICKS else ASKED
    overall = REFUNDS * share["refund"] + (1 - REFUNDS) * share["sold"]
    behind_one = 1 / (ANSWER_RATE * overall)
    was_refund = rng.random() < REFUNDS * share["refund"] / overall
    yield _service(rating, company, person, team, "refund" if was_refund else "sold", number=0)
    # The one that was rated was asked for certain: of the others so many fewer.
    less = (overall * behind_one - 1) / (overall * (behind_one - 1))
    for number in range(1, int(rng.poisson(behind_one - 1)) + 1):
        outcome = "refund" if rng.random() < REFUNDS else "sold"
        asked = bool(rng.random() < share[outcome] * less)
        yield _service(rating, company, person, team, outcome, number=number, asked=asked)


def _service(
    rating: Rating, company: Company, person: int, team: int, outcome: str, *, number: int, asked: bool = True
) -> dict[str, Any]:
    ended_at = rating.ended_at - timedelta(minutes=3 * number)
    return {
        "person_id": person,
        "team_id": team,
        "place": rating.place,
        "ended_at": ended_at,
        "ended_on": clock.local_day(ended_at, company.zone),
        "source": SOURCE,
        "external_id": rating.reference if number == 0 else f"{rating.reference}-{number}",
        "started_at": rating.started_at - timedelta(minutes=3 * number),
        "queue_length": rating.queue_length,
        "outcome": outcome,
        "invited_at": ended_at if asked else None,
    }
