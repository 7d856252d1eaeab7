"""Half a year in which the demo’s other teams took complaints, read what customers wrote, and asked some of them face to face.

What the shown people did has its own stories; here is the rest of the company, so that the report about customers has a year behind
it. Drawn from a generator of its own, and put in as an import would: the other stories keep their dice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from tracker.core.db import db, transaction
from tracker.demo.complaints import TEAM, UNHAPPY
from tracker.interviews.models import Encounter
from tracker.organisation.models import Team
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Rating
from tracker.ratings.own_models import Acknowledgement
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryEntry, RecoveryRating

SEED = 6_406
SINCE, BEFORE = timedelta(weeks=34), timedelta(weeks=3)  # what is newer is the shown people’s
COMPLAINS, CONTACTED, GOOD, ASKED, ANSWERED = 0.7, 0.82, 0.63, 0.6, 0.5
READS = (0.9, 0.75, 0.5, 0.2)  # how much of it people read, in turn
CAUSES = ("process", "process", "product", "person")
ONE_ASKED_IN = 90  # ratings there is an interview
KINDER = (3, 4, 5, 5, 5)  # what is said to one’s face, by the stars somebody else gave
Chances = np.random.Generator


def listen_elsewhere(at: datetime) -> None:
    """In every team but the tills that are shown."""
    random = np.random.default_rng(SEED)
    with transaction():
        rows = _rated(at)
        _complaints([row for row in rows if row.stars <= UNHAPPY and row.customer_id], at, random)
        _readings([row for row in rows if row.comment], random)
        _interviews(rows, at)


def _rated(at: datetime) -> Sequence[Any]:
    tills = db.session.scalars(select(Team.id).where(Team.name == TEAM)).one()
    columns = (Rating.id, Rating.rated_at, Rating.rated_on, Rating.stars, Rating.person_id, Rating.team_id)
    rated = select(*columns, Rating.touchpoint_id, Rating.customer_id, Rating.drivers, Rating.comment).where(
        Rating.source == "demo",
        Rating.team_id != tills,
        Rating.rated_at >= at - SINCE,
        Rating.rated_at < at - BEFORE,
        Rating.excluded_at.is_(None),
    )
    return db.session.execute(rated.order_by(Rating.rated_at, Rating.external_id)).all()


def _complaints(unhappy: Sequence[Any], at: datetime, random: Chances) -> None:
    leaders = leaders_on(at.date())
    owners = {team: next(iter(leaders.up_from(team)), None) for team in {row.team_id for row in unhappy}}
    taken = [(row, _case(row, owners[row.team_id], random)) for row in unhappy if random.random() < COMPLAINS]
    if not taken:
        return
    cases = [case for _row, case in taken]
    ids = db.session.scalars(insert(RecoveryCase).returning(RecoveryCase.id, sort_by_parameter_order=True), cases).all()
    links = [{"rating_id": row.id, "case_id": id} for id, (row, _case) in zip(ids, taken, strict=True)]
    db.session.execute(insert(RecoveryRating), links)
    entries = [entry for id, case in zip(ids, cases, strict=True) for entry in _entries(id, case)]
    db.session.execute(insert(RecoveryEntry), entries)
    asked = [(id, case) for id, case in zip(ids, cases, strict=True) if case["survey_sent_at"]]
    answers = [_answer(id, case) for id, case in asked if random.random() < ANSWERED]
    if answers:
        db.session.execute(insert(RecoveryAnswer), answers)


def _case(row: Any, owner: int | None, random: Chances) -> dict[str, Any]:
    """Whether and when somebody was reached, and how it ended."""
    waited, chance = float(random.gamma(1.5, 6.0)), random.random(3)
    reached = chance[0] < CONTACTED
    good = reached and chance[1] < GOOD
    closed = row.rated_at + timedelta(hours=30 + 4 * waited)
    asked = closed + timedelta(days=2)
    return {
        "team_id": row.team_id,
        "touchpoint_id": row.touchpoint_id,
        "customer_id": row.customer_id,
        "opened_at": row.rated_at,
        "opened_on": row.rated_on,
        "owner_id": owner,
        "contacted_at": row.rated_at + timedelta(hours=1 + waited) if reached else None,
        "contact_minutes": int(20 * (1 + waited)) if reached else None,
        "closed_at": closed,
        "closed_by_id": owner,
        "outcome": "solved" if good else "unsolved" if reached else "not_reached",
        "cause": CAUSES[row.id % len(CAUSES)],
        "driver": row.drivers[0] if row.drivers else None,
        "survey_due_at": asked,
        "survey_decided_at": asked,
        "survey_sent_at": asked if reached and chance[2] < ASKED else None,
    }


def _entries(id: int, case: dict[str, Any]) -> list[dict[str, Any]]:
    given = {"case_id": id, "by_id": None, "to_id": None, "words": None}
    found = [{**given, "at": case["opened_at"], "kind": "opened", "to_id": case["owner_id"]}]
    if case["contacted_at"]:
        by = {"by_id": case["owner_id"], "words": "Spoke about what happened."}
        found.append({**given, **by, "at": case["contacted_at"], "kind": "contact"})
    ended = {"by_id": case["owner_id"], "words": "Closed after what could be done."}
    return [*found, {**given, **ended, "at": case["closed_at"], "kind": "closed"}]


def _answer(id: int, case: dict[str, Any]) -> dict[str, Any]:
    solved, stars = ("yes", 4) if case["outcome"] == "solved" else ("no", 2)
    return {"case_id": id, "answered_at": case["survey_sent_at"] + timedelta(days=1), "solved": solved, "stars": stars}


def _readings(worded: Sequence[Any], random: Chances) -> None:
    """Some read nearly all of it, others hardly any."""
    place = {person: number for number, person in enumerate(dict.fromkeys(row.person_id for row in worded))}
    read = [row for row in worded if random.random() < READS[place[row.person_id] % len(READS)]]
    values = [
        {
            "rating_id": row.id,
            "person_id": row.person_id,
            "read_at": row.rated_at + timedelta(hours=float(random.gamma(1.2, 20.0))),
        }
        for row in read
    ]
    if values:
        db.session.execute(insert(Acknowledgement), values)


def _interviews(rows: Sequence[Any], at: datetime) -> None:
    """By whoever leads the team, of the touchpoints and days on which customers rated too."""
    leaders = leaders_on(at.date())
    values: list[dict[str, Any]] = []
    for row in rows[::ONE_ASKED_IN]:
        by = next(iter(leaders.up_from(row.team_id)), row.person_id)
        values.append(
            {
                "kind": "interview",
                "person_id": row.person_id,
                "by_id": by,
                "team_id": row.team_id,
                "touchpoint_id": row.touchpoint_id,
                "form_key": f"demo-listening-{len(values)}",
                "happened_at": row.rated_at,
                "happened_on": row.rated_on,
                "written_at": row.rated_at + timedelta(minutes=20),
                "stars": KINDER[row.stars - 1],
                "drivers": list(row.drivers),
            }
        )
    if values:
        db.session.execute(insert(Encounter), values)
