"""What the tests of thanks and praise send and look for."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from tests.conftest import NOW, Browser
from tests.factories import a_rating
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.recognition.jobs import share_praise
from tracker.recognition.models import Thanks

_keys = count(1)
WORDS = "You stayed an hour longer so that I could fetch my son."
PRAISE = "So patient while I looked for my coins."
STORY = "A man had lost his receipt and his courage. We looked through the whole evening’s paper, and found it."


def a_key() -> str:
    return f"{next(_keys):032x}"


def to(people: Sequence[Person]) -> str:
    return "&".join(f"to={person.id}" for person in people)


def thank(browser: Browser, *people: Person, **values: Any) -> Any:
    return browser.post(f"/thanks?{to(people)}", {"key": a_key(), "text": WORDS, "driver": "", **values})


def tell_story(browser: Browser, *people: Person, about: int | None = None, **values: Any) -> Any:
    address = f"/thanks/stories?{to(people)}" + (f"&about={about}" if about else "")
    return browser.post(address, {"key": a_key(), "title": "The lost receipt", "text": STORY, **values})


def praised(person: Person, comment: str = PRAISE, *, at: datetime = NOW, **values: Any) -> Rating:
    """A rating with the best answer, and the timetable run right after it."""
    with transaction():
        rating = a_rating(person, values.pop("stars", 5), at=at, comment=comment, **values)
    share_praise(at)
    return rating


def read_at(moment: datetime, browser: Browser, address: str = "/thanks") -> str:
    with clock.set_to(moment):
        return str(browser.get(address).text)


def the_thanks() -> list[Thanks]:
    db.session.rollback()
    return list(db.session.scalars(select(Thanks).order_by(Thanks.id).execution_options(populate_existing=True)))


def told(person: Person) -> list[str]:
    db.session.rollback()
    ours = Message.kind.like("thanks.%") | Message.kind.like("story.%") | Message.kind.like("praise.%")
    return list(
        db.session.scalars(select(Message.kind).where(Message.person_id == person.id, ours).order_by(Message.id))
    )
