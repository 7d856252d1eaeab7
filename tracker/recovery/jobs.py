"""What happens to complaints by themselves: clocks, owners who are gone, ends that nobody writes, contacts that are forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from tracker.access.models import Account
from tracker.core.clock import local_day
from tracker.core.db import db, reading, transaction
from tracker.organisation.models import Absence, Person
from tracker.ratings.import_models import Import
from tracker.recovery import owners, rules
from tracker.recovery.actions import give_to
from tracker.recovery.cases import calendar_of
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import open_cases_of_import
from tracker.recovery.steps import end_unreachable, take_step

ONE_DAY = timedelta(days=1)
ENDED_AT_ONCE = 500  # a round of the timetable stays short; the next one goes on


def take_up_files(at: datetime) -> int:
    """What files brought that somebody should hear about, some at a time; the number of files."""
    waiting = (Import.finished_at.is_not(None), Import.undone_at.is_(None), Import.complaints_taken_at.is_(None))
    with reading():
        files = list(db.session.scalars(select(Import.id).where(*waiting).order_by(Import.id)))
    for import_id in files:
        after: int | None = 0
        while after is not None:
            after = _take_up(import_id, after, at)
    return len(files)


def _take_up(import_id: int, after: int, at: datetime) -> int | None:
    with transaction():
        file = db.session.get(Import, import_id, with_for_update=True, populate_existing=True)
        if file is None or file.complaints_taken_at is not None or file.undone_at is not None:
            return None
        return open_cases_of_import(file, after=after, at=at)


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
    # Somewhere it is tomorrow already: each case is looked at again by the day of its own team.
    first, last = (at - ONE_DAY).date(), (at + ONE_DAY).date()
    away = select(Absence.person_id).where(Absence.started_on <= last, Absence.ended_on >= first)
    gone = (
        select(Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(or_(Account.id.is_(None), Account.deactivated_at.is_not(None), Person.ended_on <= last))
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
        day = local_day(at, calendar_of(case, at).zone)
        if case.owner_id is not None and not owners.is_gone(case.owner_id, day):
            return 0
        owner = owners.owner_of(case.team_id, owners.handlers_of(case.id), day)
        if owner is None or owner == case.owner_id:
            return 0
        give_to(case, owner, by=None, at=at)
        return 1


def close_forgotten(at: datetime) -> int:
    """What nobody could call anyone about, and nobody wrote an end to, ends by itself after 14 days; the number of them."""
    stale = (
        RecoveryCase.closed_at.is_(None),
        RecoveryCase.clock_at.is_(None),
        RecoveryCase.is_public.is_(False),  # whoever answered in public says how it ended
        RecoveryCase.opened_at < at - rules.UNREACHABLE_ENDS_AFTER,
    )
    with reading():
        cases = list(db.session.scalars(select(RecoveryCase.id).where(*stale).limit(ENDED_AT_ONCE)))
    return sum(_end(case_id, at) for case_id in cases)


def _end(case_id: int, at: datetime) -> int:
    with transaction():
        return int(end_unreachable(case_id, at=at))


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
