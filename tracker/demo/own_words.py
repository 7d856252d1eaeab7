"""What people of the demo's tills added to their own feedback: a side, ratings kept for a talk, what they read, points to bring.

Chosen by order alone, without a die: the demo's other stories keep theirs.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.ratings.own_actions import acknowledge_ratings, add_point, save_for_talk, tick_point, write_side
from tracker.ratings.rules import LOW_STARS

AMINA, KEVIN = "N-0412", "N-0398"
SIDES = {
    AMINA: "The card machine was down and I had to send her to the other till. I wish I had said sorry first.",
    KEVIN: "Two tills were open at lunch. I told everybody how long it would take, but I could not make it shorter.",
}
POINTS = {
    AMINA: ("May I learn returns next month?", "A stool for the long shifts"),
    KEVIN: ("Could till 3 be open at noon?", "I’d like to swap one early shift a week"),
}
SPOKEN_ABOUT = "Who may approve a refund when Brian is away?"
READ = 8


def add_own_words(at: datetime) -> None:
    """Of the last weeks; nothing about a rating where the seed gave none."""
    with transaction():
        for staff_number in (AMINA, KEVIN):
            person = db.session.scalars(select(Person.id).where(Person.staff_number == staff_number)).one()
            _add(person, SIDES[staff_number], POINTS[staff_number], at)
            done = add_point(SPOKEN_ABOUT, by=person, at=at - timedelta(days=40))
            db.session.flush()
            tick_point(done, is_done=True, at=at - timedelta(days=33))


def _add(person: int, side: str, points: tuple[str, ...], at: datetime) -> None:
    worded = (
        select(Rating)
        .where(Rating.person_id == person, Rating.comment.is_not(None), Rating.rated_at < at - timedelta(hours=30))
        .order_by(Rating.rated_at.desc(), Rating.id.desc())
    )
    newest = list(db.session.scalars(worded.limit(READ)))
    low = db.session.scalar(worded.where(Rating.stars <= LOW_STARS).limit(1))
    if low is not None:
        write_side(low, side, by=person, at=at - timedelta(hours=26))
        save_for_talk(low, by=person, at=at - timedelta(hours=25))
    praised = next((rating for rating in newest if rating.stars > LOW_STARS), None)
    if praised is not None:
        save_for_talk(praised, by=person, at=at - timedelta(hours=25))
    acknowledge_ratings([rating.id for rating in newest], by=person, at=at - timedelta(hours=25))
    for words in points:
        add_point(words, by=person, at=at - timedelta(days=2))
