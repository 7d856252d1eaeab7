"""The same drivers where staff write them down, and what stood in the way: in groups of five people or more."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.interviews.models import Encounter
from tracker.obstacles.report import Period, by_cause, said_in, tally
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause
from tracker.recovery.models import RecoveryCase, RecoveryRating
from tracker.reports.periods import Year
from tracker.statistics.disclosure import SMALLEST_GROUP, hidden_parts

SEEN = ("well", "partly", "not")


def complained_of(year: Year) -> dict[str, int]:
    """Driver -> complaints of the year whose closing named it; those about too few people are left out."""
    columns = (RecoveryCase.driver, RecoveryCase.id, Rating.person_id, RecoveryCase.named_id)
    rows = db.session.execute(
        select(*columns)
        .outerjoin(RecoveryRating, RecoveryRating.case_id == RecoveryCase.id)
        .outerjoin(Rating, Rating.id == RecoveryRating.rating_id)
        .where(
            RecoveryCase.opened_on >= year.since,
            RecoveryCase.opened_on < year.until,
            RecoveryCase.driver.is_not(None),
            func.coalesce(RecoveryCase.outcome, "") != "taken_back",
        )
    )
    cases: dict[str, set[int]] = defaultdict(set)
    people: dict[str, set[int]] = defaultdict(set)
    for driver, case_id, person, named in rows:
        cases[str(driver)].add(case_id)
        people[str(driver)].update(one for one in (person, named) if one is not None)
    left_out = hidden_parts(people)
    return {driver: len(found) for driver, found in cases.items() if driver not in left_out}


def observed(year: Year) -> dict[str, list[int]]:
    """Driver -> how often it was seen in observations that stand, and how often done well; of five people or more."""
    rows = db.session.execute(
        select(Encounter.person_id, Encounter.marks).where(
            Encounter.kind == "observation",
            Encounter.taken_back_at.is_(None),
            Encounter.happened_on >= year.since,
            Encounter.happened_on < year.until,
        )
    )
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    people: dict[str, set[int]] = defaultdict(set)
    for person, marks in rows:
        for driver, mark in _seen(marks).items():
            seen[driver][0] += 1
            seen[driver][1] += mark == "well"
            people[driver].add(person)
    return {driver: counts for driver, counts in seen.items() if len(people[driver]) >= SMALLEST_GROUP}


def _seen(marks: Mapping[str, str]) -> dict[str, str]:
    return {driver: mark for driver, mark in marks.items() if mark in SEEN}


def obstacles_named(year: Year) -> list[dict[str, Any]]:
    """What stood in the way of how many ratings, the most first; of five people or more, and none without a name."""
    names = dict(iter(db.session.execute(select(Cause.id, Cause.name))))
    tallies = {cause: tally(said) for cause, said in by_cause(said_in(Period(year.since, year.until))).items()}
    found = [
        {"name": names[cause], "ratings": one.ratings, "low": sum(one.stars[2:])}
        for cause, one in tallies.items()
        if one is not None and cause is not None
    ]
    return sorted(found, key=lambda one: (-one["ratings"], one["name"]))
