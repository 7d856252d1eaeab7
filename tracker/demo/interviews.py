"""Six interviews and four observations at the demo's tills: what Brian asked and watched, and what Amina asked herself."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.interviews.actions import Asked, note, reply
from tracker.interviews.models import Encounter
from tracker.organisation.models import Person
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Touchpoint
from tracker.ratings.queries import version_asked

KEVIN, AMINA = "N-0398", "N-0412"
ZONE, WHERE = "Africa/Nairobi", "Tills"
# Whom it is about, days ago, local hour, and what the customer said to whoever asked; `own`: Amina asked herself.
INTERVIEWS: tuple[tuple[str, int, int, bool, dict[str, Any]], ...] = (
    (AMINA, 33, 11, False, {"stars": 5, "drivers": ["friendliness", "speed"], "emotions": ["at_ease"],
        "words": "She had my change ready before I had found my purse.", "notes": "A regular customer, alone at the till."}),
    (KEVIN, 29, 13, False, {"stars": 3, "drivers": ["speed"], "emotions": ["rushed"],
        "words": "He was polite, but I stood there for a quarter of an hour.", "notes": "Two of five tills were open."}),
    (AMINA, 20, 16, True, {"stars": 5, "drivers": ["use_explained"], "emotions": ["cared_for"],
        "words": "Sasa najua jinsi ya kutumia kadi yangu. Asante.", "notes": "She asked how the points on the card work."}),
    (KEVIN, 15, 12, False, {"stars": 2, "drivers": ["speed", "price_clear"], "emotions": ["frustrated"],
        "words": "The shelf said 180 and the till said 210. Nobody could tell me why.", "notes": "The label was an old one."}),
    (AMINA, 9, 10, False, {"stars": 4, "drivers": ["knowledge"], "emotions": [],
        "words": "She knew that the guarantee needs the receipt and said so.", "notes": None}),
    (KEVIN, 6, 15, False, {"stars": 4, "drivers": ["friendliness"], "emotions": ["at_ease"],
        "words": "Good man. He laughed with my son while the machine was slow.", "notes": "After the new till plan."}),
)  # fmt: skip
# Whom it is about, days ago, local hour, what was seen (in the order of POINTS), what was done well, one thing to try, the answer.
POINTS = ("friendliness", "speed", "knowledge", "price_clear", "returns_clear", "use_explained", "no_pressure")
OBSERVATIONS: tuple[tuple[str, int, int, str, str, str | None, str | None], ...] = (
    (KEVIN, 27, 12, "well partly well not unseen unseen well", "Greeted everybody in the queue, also the third and fourth.",
        "Say the total aloud before you take the money.", "I will. At noon I forget it when the queue grows."),
    (AMINA, 24, 11, "well well well well unseen well well", "Explained the card without being asked, in two sentences.", None, None),
    (KEVIN, 13, 12, "well partly well partly unseen unseen well", "Called for a second till before the queue reached the shelf.",
        "Say the total aloud: it was every second time now.", None),
    (AMINA, 4, 17, "well partly well well well unseen unseen", "Stayed calm when the printer jammed, and said how long it takes.",
        "Ask Kevin to show you the trick with the paper roll.", None),
)  # fmt: skip


def note_interviews(at: datetime) -> None:
    """Through the product's own actions, a quarter of an hour after each."""
    with transaction():
        for staff_number, days, hour, is_own, answer in INTERVIEWS:
            _note("interview", staff_number, _moment(at, days, hour), answer, is_own=is_own)
        for staff_number, days, hour, seen, went_well, to_try, reply_text in OBSERVATIONS:
            marks = dict(zip(POINTS, seen.split(), strict=True))
            given = {"marks": marks, "went_well": went_well, "to_try": to_try}
            noted = _note("observation", staff_number, _moment(at, days, hour), given)
            if reply_text:
                reply(noted, text=reply_text, at=noted.written_at + timedelta(hours=3))


def _moment(at: datetime, days: int, hour: int) -> datetime:
    return clock.moment_at(clock.local_day(at, ZONE) - timedelta(days=days), time(hour, 5), ZONE)


def _note(kind: str, staff_number: str, when: datetime, given: dict[str, Any], *, is_own: bool = False) -> Encounter:
    person = db.session.scalars(select(Person).where(Person.staff_number == staff_number)).one()
    leader = person.id if is_own else next(iter(leaders_on(when.date()).above(person.id)))
    version = version_asked("purchase", None)
    touchpoint = db.session.scalars(select(Touchpoint.id).where(Touchpoint.name == WHERE)).one()
    form_key = f"{kind}-{staff_number}-{when:%y%m%d%H}"
    asked = Asked(kind, person, form_key, touchpoint, version.id if version else None)
    noted, _is_new = note(asked, {**given, "happened_at": when}, by=leader, at=when + timedelta(minutes=15))
    return noted
