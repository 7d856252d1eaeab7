"""What is known of the customers behind everybody's ratings: who was served, asked, and answered, in the last 13 weeks."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from tracker.core import clock
from tracker.core.db import db
from tracker.ratings.models import Interaction, Rating
from tracker.statistics.signal import Sample

WEEKS = 13
CUSTOMERS_FILE = "customers to ask"  # a file that holds only who is to be asked tells nothing of who was served
HOUR_MARK = {"sqlite": "%Y-%m-%d %H", "postgresql": "YYYY-MM-DD HH24"}


def samples(on: int) -> dict[int, Sample]:
    """Person id -> sample of the 13 weeks that end with week `on`."""
    since, until = clock.monday_of(on - WEEKS + 1), clock.monday_of(on + 1)
    served, asked, answered = _services(since, until)
    floods, loudest = _most_in_an_hour(since, until), _most_by_a_customer(since, until)
    return {
        person: Sample(
            served=served.get(person, {}),
            asked=asked.get(person, {}),
            answered=answered.get(person, 0),
            ratings=ratings,
            most_in_an_hour=floods.get(person, 0),
            most_by_a_customer=loudest.get(person, 0),
        )
        for person, ratings in _ratings(since, until).items()
    }


Counts = dict[int, dict[str, int]]


def _services(since: date, until: date) -> tuple[Counts, Counts, dict[int, int]]:
    """Customers served and asked by person and outcome, and how many of those asked answered.

    Only systems that say whom they asked: our own links, and files of customers to ask, tell nothing of who was not asked.
    """
    telling = select(Interaction.source).where(
        Interaction.source.is_not(None), Interaction.source != CUSTOMERS_FILE, Interaction.invited_at.is_not(None)
    )
    statement = (
        select(
            Interaction.person_id,
            Interaction.outcome,
            func.count(),
            func.count(Interaction.invited_at),
            func.count(Rating.id).filter(Interaction.invited_at.is_not(None)),
        )
        .outerjoin(Rating, Rating.interaction_id == Interaction.id)
        .where(
            Interaction.person_id.is_not(None),
            Interaction.source.in_(telling),
            Interaction.ended_on >= since,
            Interaction.ended_on < until,
        )
        .group_by(Interaction.person_id, Interaction.outcome)
    )
    served: Counts = defaultdict(dict)
    asked: Counts = defaultdict(dict)
    answered: dict[int, int] = defaultdict(int)
    for person, outcome, count, invited, replies in db.session.execute(statement):
        if person is None:
            continue
        served[person][outcome or ""], asked[person][outcome or ""] = count, invited
        answered[person] += replies
    return served, asked, answered


def _ratings(since: date, until: date) -> dict[int, int]:
    counts = select(Rating.person_id, func.count()).where(*_counted(since, until)).group_by(Rating.person_id)
    return _by_person(counts)


def _most_in_an_hour(since: date, until: date) -> dict[int, int]:
    """Person id -> ratings in the fullest hour by the clock. A file of a till's evening comes at once but was not given at once."""
    mark = HOUR_MARK[db.engine.dialect.name]
    hour = (
        func.strftime(mark, Rating.rated_at)
        if db.engine.dialect.name == "sqlite"
        else func.to_char(Rating.rated_at, mark)
    )
    each = (
        select(Rating.person_id, func.count().label("n"))
        .where(*_counted(since, until))
        .group_by(Rating.person_id, hour)
    ).subquery()
    return _largest(each)


def _most_by_a_customer(since: date, until: date) -> dict[int, int]:
    each = (
        select(Rating.person_id, func.count().label("n"))
        .where(*_counted(since, until), Rating.customer_id.is_not(None))
        .group_by(Rating.person_id, Rating.customer_id)
    ).subquery()
    return _largest(each)


def _largest(each: Any) -> dict[int, int]:
    found = select(each.c.person_id, func.max(each.c.n)).group_by(each.c.person_id)
    return _by_person(found)


def _by_person(statement: Select[Any, int]) -> dict[int, int]:
    rows: Iterable[Any] = db.session.execute(statement)
    return {int(person): count for person, count in rows}


def _counted(since: date, until: date) -> tuple[Any, ...]:
    return (
        Rating.person_id.is_not(None),
        Rating.excluded_at.is_(None),
        Rating.rated_on >= since,
        Rating.rated_on < until,
    )
