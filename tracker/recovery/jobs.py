"""What happens to complaints by themselves: clocks, owners who are gone, contacts that are forgotten."""

from datetime import datetime

from sqlalchemy import or_, select, update

from tracker.access.models import Account
from tracker.core.db import db, reading, transaction
from tracker.organisation.models import Absence, Person
from tracker.organisation.policy import holds_on
from tracker.recovery import owners, rules
from tracker.recovery.actions import give_to, take_step
from tracker.recovery.models import RecoveryCase


def follow_clocks(at: datetime) -> int:
    """Every clock that is due, each case in its own transaction; the number of steps taken."""
    with reading():
        due = list(
            db.session.scalars(
                select(RecoveryCase.id)
                .where(RecoveryCase.closed_at.is_(None), RecoveryCase.clock_at <= at)
                .order_by(RecoveryCase.clock_at)
            )
        )
    return sum(_step(case_id, at) for case_id in due)


def _step(case_id: int, at: datetime) -> int:
    with transaction():
        return take_step(case_id, at=at)


def replace_owners(at: datetime) -> int:
    """Open cases of whoever is away or gone, or of nobody, go to somebody who is here; the number given on."""
    day = at.date()
    away = select(Absence.person_id).where(*holds_on(Absence, day))
    gone = (
        select(Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(or_(Account.id.is_(None), Account.deactivated_at.is_not(None), Person.ended_on <= day))
    )
    with reading():
        orphaned = list(
            db.session.scalars(
                select(RecoveryCase.id).where(
                    RecoveryCase.closed_at.is_(None),
                    or_(
                        RecoveryCase.owner_id.is_(None),
                        RecoveryCase.owner_id.in_(away),
                        RecoveryCase.owner_id.in_(gone),
                    ),
                )
            )
        )
    return sum(_replace(case_id, at) for case_id in orphaned)


def _replace(case_id: int, at: datetime) -> int:
    with transaction():
        case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
        if case is None or case.closed_at is not None:
            return 0
        day = at.date()
        if case.owner_id is not None and not owners.is_gone(case.owner_id, day):
            return 0
        owner = owners.owner_of(case.team_id, owners.handlers_of(case.id), day)
        if owner is None or owner == case.owner_id:
            return 0
        give_to(case, owner, by=None, at=at)
        return 1


def forget_contacts(at: datetime) -> int:
    """How to reach a customer is forgotten 30 days after the case was closed."""
    with transaction():
        old = (
            or_(RecoveryCase.contact_sealed.is_not(None), RecoveryCase.address_sealed.is_not(None)),
            RecoveryCase.closed_at < at - rules.CONTACT_KEPT,
        )
        forgotten = (
            update(RecoveryCase).where(*old).values(contact_sealed=None, address_sealed=None).returning(RecoveryCase.id)
        )
        return len(db.session.scalars(forgotten).all())
