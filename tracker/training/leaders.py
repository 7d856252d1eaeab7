"""Who leads a learner today, who stands in where nobody does, and telling them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from tracker.access.queries import people_with_role
from tracker.core.audience import Viewer
from tracker.core.clock import local_day
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.organisation.models import Membership, Person, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import calendar_of, leaders_on, still_here


def leader_of(person_id: int, at: datetime) -> int | None:
    """The nearest who leads the person today: the manager, a deputy while the manager is away, else above."""
    return next(iter(leaders_on(_day_of(person_id, at)).above(person_id)), None)


def tell_leader(kind: str, person_id: int, *, key: str, about_id: int, at: datetime, **parameters: Any) -> None:
    """Put a message about a learner into their leader's inbox; nothing where nobody leads them."""
    leader = leader_of(person_id, at)
    if leader is not None:
        tell(kind, to=leader, key=key, at=at, about_id=about_id, **parameters)


def tell_who_acts(kind: str, person_id: int, *, key: str, about_id: int, at: datetime) -> None:
    """The same about what cannot go on without somebody: where nobody leads the learner, all of HR but the learner hears it."""
    if leader_of(person_id, at) is not None:
        tell_leader(kind, person_id, key=key, about_id=about_id, at=at)
        return
    for one in people_with_role("hr"):
        if one != person_id:
            tell(kind, to=one, key=f"{key}|{one}", at=at, about_id=about_id)


def stood_in_for(viewer: Viewer, people: Select[int]) -> set[int]:
    """Of these people those for whom the viewer acts because nobody leads them directly: the nearest leader above, else HR."""
    if not viewer.manages and "hr" not in viewer.roles:
        return set()
    unled = select(Person.id).where(Person.id.in_(people), ~_is_managed(viewer.today), Person.id != viewer.person_id)
    found = set(db.session.scalars(still_here(unled, viewer.today)))
    if not found:  # nearly always: then nobody's leaders are loaded
        return found
    leaders = leaders_on(viewer.today)
    return {one for one in found if _acts(viewer, leaders.above(one))}


def _acts(viewer: Viewer, above: list[int]) -> bool:
    return above[0] == viewer.person_id if above else "hr" in viewer.roles


def _is_managed(day: date) -> ColumnElement[bool]:
    """Whether a person of a statement is in a team that somebody else manages today."""
    return exists(
        select(Membership.id)
        .join(Tenure, Tenure.team_id == Membership.team_id)
        .where(Membership.person_id == Person.id, Tenure.person_id != Person.id, Tenure.kind == "manager")
        .where(*holds_on(Membership, day), *holds_on(Tenure, day))
        .correlate(Person)
    )


def _day_of(person_id: int, at: datetime) -> date:
    return local_day(at, calendar_of(person_id, at.date()).zone)
