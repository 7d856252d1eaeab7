"""Who is asking, which accounts and sessions there are, and whether somebody has tried too often."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, null, or_, select

from tracker.access.models import Account, AccountLink, RoleGrant, SignInSession, Throttle
from tracker.access.rules import token_hash
from tracker.access.terminal_models import SharedTerminal
from tracker.core import clock, outbox
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.models import OutboxMail
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.organisation.policy import allowed


def viewer_of_session(token: str, *, terminal: str | None = None, at: datetime) -> Viewer | None:
    """The person behind a session token, or None when the session, account or employment has ended. One query.

    `terminal`: the token of the shared terminal that the browser is. A session begun there holds nowhere else, and ends with it.
    The joins multiply (memberships x tenures x roles), but each is a handful of rows for one person.
    """
    rows = db.session.execute(
        _person_with_relations(SignInSession)
        .join(Account, Account.person_id == Person.id)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .outerjoin(SharedTerminal, SharedTerminal.id == SignInSession.terminal_id)
        .where(
            or_(SignInSession.terminal_id.is_(None), _is_terminal(terminal)),
            SignInSession.token_hash == token_hash(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > at,
            Account.deactivated_at.is_(None),
        )
    ).all()
    return _viewer([tuple(row) for row in rows], at) if rows else None


def _is_terminal(token: str | None) -> ColumnElement[bool]:
    if token is None:
        return false()
    return and_(SharedTerminal.token_hash == token_hash(token), SharedTerminal.revoked_at.is_(None))


def viewer_of_person(person_id: int, *, at: datetime) -> Viewer | None:
    """The person as a viewer without a session: the recipient of a mail, at the moment it is written. None once shut out."""
    is_shut_out = select(Account.id).where(Account.person_id == person_id, Account.deactivated_at.is_not(None)).exists()
    rows = db.session.execute(_person_with_relations(null()).where(Person.id == person_id, ~is_shut_out)).all()
    return _viewer([tuple(row) for row in rows], at) if rows else None


def _person_with_relations(session: Any) -> Select[Any]:
    return (
        select(session, Person, Membership, Team, Tenure, RoleGrant.role)
        .select_from(Person)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .outerjoin(Tenure, Tenure.person_id == Person.id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    )


def _viewer(rows: list[tuple[Any, ...]], at: datetime) -> Viewer | None:
    session, person = rows[0][0], rows[0][1]
    # Around midnight the team depends on the day and the day on the team's zone: take the team of the UTC day for the zone.
    team = _team_on(rows, at.astimezone(UTC).date())
    zone = team.time_zone if team else "UTC"
    today = clock.local_day(at, zone)
    if not person.works_on(today) and not person.works_on(today + timedelta(days=1)):
        return None
    team = _team_on(rows, today) or team
    by_pin = bool(session and session.is_by_pin)
    return Viewer(
        person_id=person.id,
        name=person.name,
        at=at,
        today=today,
        roles=frozenset(row[5] for row in rows if row[5] and not by_pin),
        manages=not by_pin and any(row[4] and _holds(row[4], today) for row in rows),
        place=team.name if team else "",
        language=person.language,
        time_zone=zone,
        session_id=session.id if session else None,
        staff_number=person.staff_number,
        terminal_id=session.terminal_id if session else None,
        by_pin=by_pin,
        until=session.expires_at if session else None,
    )


def _team_on(rows: list[tuple[Any, ...]], day: Any) -> Team | None:
    return next((row[3] for row in rows if row[2] and _holds(row[2], day)), None)


def _holds(dated: Any, day: Any) -> bool:
    return dated.started_on <= day and (dated.ended_on is None or day < dated.ended_on)


def account_of(identifier: str) -> tuple[Account, Person] | None:
    """The account of a staff number or an e-mail address, as somebody types it."""
    typed = identifier.strip()
    return db.session.execute(
        select(Account, Person)
        .join(Person, Person.id == Account.person_id)
        .where(or_(Person.staff_number == typed, Person.staff_number == typed.upper(), Person.email == typed.lower()))
        .order_by((Person.staff_number == typed).desc())
    ).first()


def account_of_person(person_id: int) -> Account | None:
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def blocked_until(keys: list[str], *, at: datetime) -> datetime | None:
    """Until when any of these keys is held back; None when none is."""
    blocks = db.session.scalars(
        select(Throttle.blocked_until).where(Throttle.key.in_(keys), Throttle.blocked_until > at)
    )
    return max((moment for moment in blocks if moment), default=None)


def open_sessions_of(person_id: int, *, at: datetime) -> Select[SignInSession]:
    """The browsers in which one's own account is signed in. (Only ever asked for oneself.)"""
    return (
        select(SignInSession)
        .join(Account, Account.id == SignInSession.account_id)
        .where(Account.person_id == person_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > at)
        .order_by(SignInSession.id.desc())
    )


def usable_link(token: str, *, at: datetime) -> tuple[AccountLink, Account, Person] | None:
    """The unused, unexpired link of a token, with its account and person."""
    return db.session.execute(
        select(AccountLink, Account, Person)
        .join(Account, Account.id == AccountLink.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            AccountLink.token_hash == token_hash(token),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > at,
            Account.deactivated_at.is_(None),
        )
    ).first()


def roles_of(person_ids: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {person_id: set() for person_id in person_ids}
    for person_id, role in db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(person_ids))
    ):
        found[person_id].add(role)
    return found


def people_with_role(role: str) -> list[int]:
    return list(db.session.scalars(select(RoleGrant.person_id).where(RoleGrant.role == role).order_by(RoleGrant.id)))


def accounts_managed_by(viewer: Viewer) -> Select[Person]:
    """People whose account the viewer may look after (`account.invite`): never their own."""
    return select(Person).where(allowed("account.invite", viewer, Person.id)).order_by(Person.name, Person.id)


def without_password(person_ids: Iterable[int]) -> list[int]:
    """Who of them has never signed in and is not shut out either."""
    wanted = set(person_ids)
    has_way_in = select(Account.person_id).where(
        Account.person_id.in_(wanted), or_(Account.password_hash.is_not(None), Account.deactivated_at.is_not(None))
    )
    return sorted(wanted - set(db.session.scalars(has_way_in)))


def mail_waiting(person_id: int) -> bool:
    """Whether an invitation is still in the outbox, with or without a server to send it."""
    waiting = select(OutboxMail.id).where(
        OutboxMail.person_id == person_id, OutboxMail.kind == "invitation", outbox.is_open()
    )
    return db.session.scalars(waiting.limit(1)).first() is not None
