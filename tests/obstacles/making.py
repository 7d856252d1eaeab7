"""What tests of obstacles need: somebody who said something, and something that several people named."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import a_person, a_rating
from tracker.core.db import db
from tracker.notifications.models import Message
from tracker.obstacles.actions import say
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, CauseEntry, Obstacle
from tracker.ratings.obstacles import Named

RECEIPT = "Returns need a receipt"
EARLIER = NOW - timedelta(weeks=2)
SENT = {"kind": "policy", "name": RECEIPT, "words": "She had the bank’s text message.", "shares": ""}


def said(
    person: Person,
    *,
    name: str = RECEIPT,
    kind: str = "policy",
    at: datetime = EARLIER,
    stars: int = 2,
    words: str = "",
) -> Obstacle:
    """A rating of theirs, and what they say stood in the way of it, both at the same moment."""
    rating = a_rating(person, stars, at=at)
    return say(rating, Named(kind=kind, name=name), words=words, shares=bool(words), at=at)


def said_by_people(team: Team, count: int, *, name: str = RECEIPT, at: datetime = EARLIER) -> list[Person]:
    """So many people of a team, each with one rating."""
    people = [a_person(team=team) for _number in range(count)]
    for person in people:
        said(person, name=name, at=at)
    return people


def the_cause(name: str = RECEIPT) -> Cause:
    return db.session.scalars(select(Cause).where(Cause.name == name)).one()


def causes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Cause.name).order_by(Cause.name)))


def obstacles() -> list[Obstacle]:
    db.session.rollback()
    return list(db.session.scalars(select(Obstacle).order_by(Obstacle.id)))


def entries(cause: Cause) -> list[str]:
    db.session.rollback()
    kinds = select(CauseEntry.kind).where(CauseEntry.cause_id == cause.id)
    return list(db.session.scalars(kinds.order_by(CauseEntry.id)))


def told(kind: str) -> list[int]:
    """Who has such a message, each as often as they have one."""
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == kind).order_by(Message.person_id)))


def ids(people: Sequence[Person]) -> list[int]:
    return sorted(person.id for person in people)


def a_day_ahead(days: int) -> date:
    return NOW.date() + timedelta(days=days)


def rating_of(person: Person, stars: int = 2, *, at: datetime = EARLIER) -> Rating:
    return a_rating(person, stars, at=at)
