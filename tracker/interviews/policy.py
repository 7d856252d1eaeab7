"""Who notes interviews and observations, and who reads them."""

from datetime import date

from sqlalchemy import Date, Select, and_, literal, or_, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.interviews.models import KINDS, Encounter
from tracker.organisation.models import Person
from tracker.organisation.policy import allowed, by_role
from tracker.organisation.queries import still_here


def people_noted_by(viewer: Viewer, kind: str) -> Select[Person]:
    """About whom the viewer may note one: people led today; an interview about oneself too."""
    people = select(Person).where(allowed(f"{kind}.create", viewer, Person.id))
    return still_here(people, viewer.today).order_by(Person.name, Person.id)


def reads_of_day(viewer: Viewer, kind: str, person_id: int, day: date) -> bool:
    """Whether the viewer reads what was noted of that day: nobody writes what they could not read a moment later."""
    of_day = allowed(f"{kind}.read", viewer, Person.id, dated=literal(day, Date))
    return db.session.scalar(select(Person.id).where(Person.id == person_id, of_day)) is not None


def encounters_seen_by(viewer: Viewer) -> Select[Encounter]:
    """Those about oneself at once, whoever noted them; those about people one leads, from the present tenure."""
    kinds = (
        and_(Encounter.kind == kind, allowed(f"{kind}.read", viewer, Encounter.person_id, dated=Encounter.happened_on))
        for kind in KINDS
    )
    return select(Encounter).where(or_(*kinds))


def reads_groups(viewer: Viewer) -> bool:
    return by_role("interview.read_groups", viewer)
