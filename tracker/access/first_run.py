"""The first organisation and its first admin."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from tracker.access.actions import account_for, set_password
from tracker.access.models import Account, RoleGrant
from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Membership, Organisation, Person, Team


def start_organisation(
    *, name: str, time_zone: str, admin: Person, password_hash: str, at: datetime, kind: str = "real"
) -> Account:
    """An empty product becomes somebody's: the organisation, a first team, and the person who set it up as its admin."""
    today = clock.local_day(at, time_zone)
    organisation = Organisation(name=name, time_zone=time_zone, kind=kind, created_at=at)
    admin = _already_imported(admin) or admin
    admin.started_on = admin.started_on or today
    db.session.add_all([organisation, admin])
    db.session.flush()
    if db.session.scalar(select(Membership.id).where(Membership.person_id == admin.id).limit(1)) is None:
        team = db.session.scalar(select(Team).where(Team.name == name)) or Team(name=name, time_zone=time_zone)
        db.session.add(team)
        db.session.flush()
        db.session.add(Membership(person_id=admin.id, team_id=team.id, started_on=today - timedelta(days=1)))
    db.session.add(RoleGrant(person_id=admin.id, role="admin", granted_at=at, granted_by_id=None))
    record("organisation.started", by=admin.id, about=organisation, at=at)
    account = account_for(admin, by=None, at=at)
    set_password(account, password_hash, at=at, by=admin.id)
    return account


def _already_imported(admin: Person) -> Person | None:
    """People may have come by file before anybody signed in: the admin may be among them."""
    same = Person.staff_number == admin.staff_number
    return db.session.scalar(select(Person).where(or_(same, Person.email == admin.email) if admin.email else same))
