"""What may be done with an interview or an observation: note it, correct it, take it back, answer it.

None of it touches a rating, a week's counts or a card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.interviews.models import Encounter, EncounterChange
from tracker.interviews.rules import may_change
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.ratings.actions import customer_known_as
from tracker.ratings.models import Customer
from tracker.ratings.queries import credited_on

# What a form fills, and a later one may correct; of whom it is and where one met stays.
CORRECTED = (
    "happened_at", "place", "stars", "emotions", "drivers", "effort", "words", "notes", "marks", "went_well", "to_try",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a form was about before anything was filled in. `form_key`: made with the empty form."""

    kind: str
    person: Person
    form_key: str
    touchpoint_id: int | None = None
    survey_version_id: int | None = None


def note(asked: Asked, given: Mapping[str, Any], *, by: int, at: datetime) -> tuple[Encounter, bool]:
    """Keep it, and tell the person at once. (entry, whether it is new): the same form sent twice is one entry.

    `given`: values of CORRECTED, and `customer`, a reference or None."""
    team_id, day = credited_on(asked.person.id, given["happened_at"])
    values = {
        **_columns(given),
        "kind": asked.kind,
        "person_id": asked.person.id,
        "by_id": by,
        "team_id": team_id,
        "touchpoint_id": asked.touchpoint_id,
        "survey_version_id": asked.survey_version_id,
        "form_key": asked.form_key,
        "happened_on": day,
        "written_at": at,
    }
    once = upsert(Encounter).values(**values).on_conflict_do_nothing(index_elements=["by_id", "form_key"])
    stored = db.session.scalar(once.returning(Encounter.id))
    of_form = select(Encounter).where(Encounter.by_id == by, Encounter.form_key == asked.form_key)
    encounter = db.session.scalars(of_form).one()
    if stored is None:
        return encounter, False
    record("interview.noted", by=by, about=encounter, person=encounter.person_id, at=at, kind=encounter.kind)
    _tell_person(encounter, "interview.noted", f"interview.noted|{encounter.id}", at=at)
    return encounter, True


def correct(encounter: Encounter, given: Mapping[str, Any], *, reason: str, at: datetime) -> bool:
    """Its author puts it right within 72 hours; what stood there before is kept. False when nothing is different."""
    _lock(encounter)
    if not may_change(encounter.written_at, encounter.taken_back_at, at):
        raise Conflict("It can be put right for 72 hours, while it is not taken back. After that, note a new one.")
    after, before = _columns(given), {name: getattr(encounter, name) for name in (*CORRECTED, "customer_id")}
    if after == before:
        return False
    change = EncounterChange(encounter_id=encounter.id, before=_plain(before), reason=reason, at=at)
    db.session.add(change)
    for name, value in after.items():
        setattr(encounter, name, value)
    encounter.team_id, encounter.happened_on = credited_on(encounter.person_id, encounter.happened_at)
    db.session.flush()
    record("interview.corrected", by=encounter.by_id, about=encounter, person=encounter.person_id, at=at)
    _tell_person(encounter, "interview.corrected", f"interview.corrected|{change.id}", at=at)
    return True


def take_back(encounter: Encounter, *, reason: str, at: datetime) -> None:
    """Its author takes it back: it is no longer read or counted, and the reason stands in its place."""
    _lock(encounter)
    if encounter.taken_back_at:
        raise Conflict("This was taken back already.")
    encounter.taken_back_at, encounter.taken_back_because = at, reason
    record("interview.taken_back", by=encounter.by_id, about=encounter, person=encounter.person_id, at=at)
    _tell_person(encounter, "interview.taken_back", f"interview.taken_back|{encounter.id}", at=at)


def reply(encounter: Encounter, *, text: str, at: datetime) -> None:
    """The person's own view of what somebody else noted: once, and whoever noted it is told."""
    _lock(encounter)
    if encounter.reply == text:
        return  # sent twice
    if encounter.reply or encounter.taken_back_at or encounter.is_own_account:
        raise Conflict("Your view is kept once, beside what somebody else noted and did not take back.")
    encounter.reply, encounter.replied_at = text, at
    record("interview.replied", by=encounter.person_id, about=encounter, person=encounter.person_id, at=at)
    key = f"interview.replied|{encounter.id}"
    tell("interview.replied", to=encounter.by_id, key=key, at=at, about_id=encounter.id)


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a form fills; an observation leaves those of the customer empty, an interview those of the watcher."""
    empty: dict[str, Any] = {**dict.fromkeys(CORRECTED), "emotions": [], "drivers": [], "marks": {}}
    reference = given.get("customer")
    known = {name: value for name, value in given.items() if name in CORRECTED}
    return {**empty, **known, "customer_id": customer_known_as(reference) if reference else None}


def _plain(before: Mapping[str, Any]) -> dict[str, Any]:
    reference = select(Customer.reference).where(Customer.id == before["customer_id"])
    kept = {name: value for name, value in before.items() if name != "customer_id"}
    return {
        **kept,
        "happened_at": before["happened_at"].isoformat(),
        "customer": db.session.scalar(reference) if before["customer_id"] else None,
    }


def _tell_person(encounter: Encounter, kind: str, key: str, *, at: datetime) -> None:
    """At once and not in the next working hour: whom it is about is not to be the second to read it."""
    if not encounter.is_own_account:
        tell(kind, to=encounter.person_id, key=key, at=at, visible_at=at, about_id=encounter.id)


def _lock(encounter: Encounter) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(encounter, with_for_update={"of": Encounter})
