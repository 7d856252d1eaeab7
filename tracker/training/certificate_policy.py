"""Who reads certificates: oneself, who leads the person now, HR. Who attests: who leads the person now."""

from sqlalchemy import Select, select

from tracker.core.audience import Viewer
from tracker.organisation.models import Person
from tracker.organisation.policy import allowed, by_role, cell, manages
from tracker.training.certificate_models import Certificate


def certificates_seen_by(viewer: Viewer) -> Select[Certificate]:
    return select(Certificate).where(allowed("certificate.read", viewer, Certificate.person_id))


def people_read_by(viewer: Viewer) -> Select[Person]:
    """Whose certificates the viewer reads, by name; oneself among them."""
    return select(Person).where(allowed("certificate.read", viewer, Person.id)).order_by(Person.name, Person.id)


def people_overseen_by(viewer: Viewer) -> Select[Person]:
    """Whose certificates the viewer looks after: of people led now, for HR everybody's."""
    people = people_read_by(viewer)
    return people if reads_all(viewer) else people.where(Person.id != viewer.person_id)


def people_of_own_teams(viewer: Viewer) -> Select[Person]:
    """Of people led now alone, whatever else the viewer may read."""
    return people_read_by(viewer).where(manages(viewer, Person.id))


def people_attested_by(viewer: Viewer) -> Select[Person]:
    return select(Person).where(allowed("training.attest", viewer, Person.id)).order_by(Person.name, Person.id)


def reads_all(viewer: Viewer) -> bool:
    return by_role("certificate.read", viewer)


def is_open_to_anybody() -> bool:
    """Whether whoever holds a certificate’s number may ask whether it is true."""
    return cell("certificate.verify", "anon") == "A"
