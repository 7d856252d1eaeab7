"""What stands beside Kevin's open talk in the demo: points of both for the follow-up, one of them a rating, and a private note of Brian's.

No private note of a true author could be shown to a visitor; this one belongs to Brian, whom a visitor may be.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.coaching.agenda import add_to_agenda, tick_point
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.notes import write_private_note
from tracker.core.db import db, transaction
from tracker.demo.story import KEVIN
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.ratings.rules import LOW_STARS

TALKED_ABOUT = "The till plan at noon: who decides when the third till opens?"
STILL_TO_COME = "A second person from 12:30 to 14:00: what did the store say?"
OF_BRIAN = "What I found out about the Friday plan"
PRIVATE = "Begin with the plan, not with the figures. Ask how he is before anything else."


def note_talks(at: datetime) -> None:
    """Some days after the first talk, and at the end of last week; nothing where the demo has no open talk of Kevin's."""
    with transaction():
        found = db.session.execute(
            select(CoachingCase, CoachingSession)
            .join(CoachingSession, CoachingSession.case_id == CoachingCase.id)
            .join(Person, Person.id == CoachingCase.person_id)
            .where(Person.staff_number == KEVIN, CoachingCase.closed_at.is_(None), CoachingSession.held_at.is_not(None))
        ).first()
        if found is not None:
            _note(*found, at)


def _note(case: CoachingCase, talk: CoachingSession, at: datetime) -> None:
    kevin, brian = case.person_id, talk.led_by_id
    before = talk.starts_at - timedelta(hours=20)
    point = add_to_agenda(case, by=kevin, text=TALKED_ABOUT, at=before)
    tick_point(point, case, done=True, by=brian, at=talk.starts_at + timedelta(minutes=12))
    lately = at - timedelta(days=3)
    add_to_agenda(case, by=kevin, text=STILL_TO_COME, at=lately)
    rating = _low_rating(kevin, since=talk.starts_at, until=lately)
    if rating is not None:
        add_to_agenda(case, by=kevin, text="", rating_id=rating, at=lately)
    add_to_agenda(case, by=brian, text=OF_BRIAN, at=lately + timedelta(hours=2))
    write_private_note(case, by=brian, text=PRIVATE, at=lately + timedelta(hours=2))


def _low_rating(person: int, *, since: datetime, until: datetime) -> int | None:
    """The newest low one with words since the talk."""
    low = (Rating.person_id == person, Rating.stars <= LOW_STARS, Rating.has_words())
    between = (Rating.rated_at > since, Rating.rated_at < until, Rating.excluded_at.is_(None))
    return db.session.scalar(
        select(Rating.id).where(*low, *between).order_by(Rating.rated_at.desc(), Rating.id).limit(1)
    )
