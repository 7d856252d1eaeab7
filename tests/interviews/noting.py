"""What the tests of interviews and observations send and look for."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from tests.conftest import NOW, Browser
from tracker.core.db import db
from tracker.interviews.models import Encounter
from tracker.notifications.models import Message
from tracker.organisation.models import Person

_keys = count(1)
YESTERDAY = NOW - timedelta(days=1)
WORDS = "She packed my eggs on top without my asking."


def a_key() -> str:
    return f"{next(_keys):032x}"


def an_answer(**values: Any) -> dict[str, Any]:
    """An interview as the form sends it: yesterday noon in Nairobi."""
    return {
        "key": a_key(), "stars": "5", "praised": ["friendliness", "speed"], "wished": ["price_clear"], "emotions": ["at_ease"],
        "words": WORDS, "notes": "Asked at the door.", "customer": "C-77", "agreed": "y", "place": "till 4",
        "happened_on": YESTERDAY.date().isoformat(), "happened": "12:00", **values,
    }  # fmt: skip


def a_watch(**values: Any) -> dict[str, Any]:
    """An observation as the form sends it."""
    marks = {"mark_friendliness": "well", "mark_speed": "partly", "mark_knowledge": "not", "mark_price_clear": "unseen"}
    rest = dict.fromkeys(("mark_returns_clear", "mark_use_explained", "mark_no_pressure"), "unseen")
    return {
        "key": a_key(), **marks, **rest, "went_well": "Looked up and greeted everybody.", "to_try": "Say the price aloud.",
        "happened_on": YESTERDAY.date().isoformat(), "happened": "12:00", **values,
    }  # fmt: skip


def interview(browser: Browser, person: Person, **values: Any) -> Any:
    return browser.post(f"/interviews?person={person.id}&touchpoint=", an_answer(**values))


def observation(browser: Browser, person: Person, **values: Any) -> Any:
    return browser.post(f"/observations?person={person.id}&touchpoint=", a_watch(**values))


def noted() -> list[Encounter]:
    db.session.rollback()
    return list(db.session.scalars(select(Encounter).order_by(Encounter.id).execution_options(populate_existing=True)))


def told(person: Person) -> list[str]:
    db.session.rollback()
    of_interviews = Message.kind.startswith("interview.")
    mine = select(Message.kind).where(Message.person_id == person.id, of_interviews)
    return list(db.session.scalars(mine.order_by(Message.id)))
