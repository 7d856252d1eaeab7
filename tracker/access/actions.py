"""Letting people in and shutting the door: accounts, sessions, one-time links, roles."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from tracker.access import rules, terminal_rules
from tracker.access.models import Account, AccountLink, RoleGrant, SignInSession, Throttle
from tracker.access.queries import account_of_person
from tracker.audit.actions import record
from tracker.core import outbox
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Refused
from tracker.organisation.models import Person
from tracker.organisation.ports import announce, outranks

LAST_ADMIN = "There must always be somebody with the admin role. Give it to somebody else first."


def open_account(person: Person, *, by: int | None, at: datetime) -> Account:
    """The right to sign in, still without a password."""
    account = Account(person_id=person.id, created_at=at)
    db.session.add(account)
    record("account.opened", by=by, about=account, person=person.id, at=at)
    return account


def account_for(person: Person, *, by: int | None, at: datetime) -> Account:
    """The person's account, opened when there is none yet."""
    return account_of_person(person.id) or open_account(person, by=by, at=at)


def set_password(
    account: Account, password_hash: str, *, at: datetime, by: int, keep_session: int | None = None
) -> None:
    """A new password ends every other session: whoever had the old one is out. Hashed by the caller, who holds no lock yet."""
    account.password_hash = password_hash
    account.password_set_at = at
    end_sessions(account.id, at=at, but=keep_session)
    record("account.password_set", by=by, about=account, person=account.person_id, at=at)


def use_link(link: AccountLink, account: Account, password_hash: str, *, at: datetime) -> None:
    """Spend a one-time link on a new password. Of two who hold it, one wins."""
    spent = update(AccountLink).where(AccountLink.id == link.id, AccountLink.used_at.is_(None)).values(used_at=at)
    if db.session.execute(spent).rowcount != 1:  # type: ignore[attr-defined]  # CursorResult, typed as Result
        raise Conflict("This link has just been used.")
    others = (
        update(AccountLink)
        .where(AccountLink.account_id == account.id, AccountLink.used_at.is_(None))
        .values(used_at=at)
    )
    db.session.execute(others)
    set_password(account, password_hash, at=at, by=account.person_id)
    clear_failures([f"account:{account.id}"])


def make_link(account: Account, kind: str, *, at: datetime, by: int | None) -> str:
    """A new one-time link or slip; returns the secret, which is stored nowhere."""
    secret = rules.new_slip_code() if kind == "slip" else rules.new_token()
    link = AccountLink(
        account_id=account.id,
        kind=kind,
        token_hash=rules.token_hash(secret),
        created_at=at,
        created_by_id=by,
        expires_at=at + rules.LINK_LENGTH[kind],
    )
    db.session.add(link)
    record(f"account.{kind}_made", by=by, about=link, person=account.person_id, at=at)
    return secret


def invite(account: Account, *, by: int, at: datetime) -> None:
    """Mail an invitation; the link in it is made when the mail is sent."""
    outbox.post("invitation", to=account.person_id, key=f"invitation|{account.id}|{at:%Y%m%d%H%M}", due_at=at, at=at)
    record("account.invited", by=by, about=account, person=account.person_id, at=at)


def ask_for_reset(account: Account, *, at: datetime) -> None:
    """Mail a reset link, at most one an hour."""
    outbox.post("reset", to=account.person_id, key=f"reset|{account.id}|{at:%Y%m%d%H}", due_at=at, at=at)


def start_session(
    account: Account,
    *,
    browser: str,
    remember: bool,
    at: datetime,
    terminal_id: int | None = None,
    by_pin: bool = False,
) -> str:
    """Sign a browser in; returns the token for its cookie, which is stored nowhere. A shared terminal remembers nobody."""
    token, remember = rules.new_token(), remember and terminal_id is None
    length = rules.REMEMBERED_LENGTH if remember else rules.SESSION_LENGTH
    length = length if terminal_id is None else terminal_rules.SESSION_LENGTH
    session = SignInSession(
        account_id=account.id,
        token_hash=rules.token_hash(token),
        browser=browser[:80],
        is_remembered=remember,
        terminal_id=terminal_id,
        is_by_pin=by_pin,
        created_at=at,
        last_used_on=at.date(),
        expires_at=at + length,
    )
    db.session.add(session)
    record("session.started", by=account.person_id, about=session, person=account.person_id, at=at)
    return token


def end_session(session: SignInSession, *, by: int, at: datetime) -> None:
    session.ended_at = at
    record("session.ended", by=by, about=session, person=by, at=at)


def end_sessions(account_id: int, *, at: datetime, but: int | None = None) -> None:
    """End every open session of an account, but one."""
    ending = update(SignInSession).where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
    if but is not None:
        ending = ending.where(SignInSession.id != but)
    db.session.execute(ending.values(ended_at=at))


def deactivate(account: Account, *, by: int, at: datetime) -> None:
    """Shut somebody out at once: the account and every session."""
    if account.person_id == by:
        raise Refused("You can’t shut out yourself. Ask another admin.")
    _keep_an_admin(account.person_id)
    account.deactivated_at = at
    end_sessions(account.id, at=at)
    record("account.deactivated", by=by, about=account, person=account.person_id, at=at)


def reactivate(account: Account, *, by: int, at: datetime) -> None:
    account.deactivated_at = None
    record("account.reactivated", by=by, about=account, person=account.person_id, at=at)


def set_roles(person: Person, roles: set[str], *, by: int | None, at: datetime) -> None:
    """Give and take roles so that the person holds exactly these. Nobody changes their own."""
    if by == person.id:
        raise Refused("Nobody changes their own roles. Ask another admin.")
    held = set(db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id)))
    if "admin" in held - roles:
        _keep_an_admin(person.id)
    for role in sorted(roles - held):
        db.session.add(RoleGrant(person_id=person.id, role=role, granted_at=at, granted_by_id=by))
        record("role.granted", by=by, about=person, person=person.id, at=at, role=role)
    for role in sorted(held - roles):
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role))
        record("role.taken", by=by, about=person, person=person.id, at=at, role=role)
    if held != roles:
        announce("roles.changed", to=person.id, by=by, key=f"roles|{person.id}|{at:%Y%m%d%H%M%S%f}", at=at)


def _keep_an_admin(leaving: int) -> None:
    holders = db.session.scalars(
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(RoleGrant.role == "admin", Account.deactivated_at.is_(None))
    ).all()
    if leaving in holders and len(set(holders)) == 1:
        raise Refused(LAST_ADMIN)


def count_failure(key: str, *, at: datetime, free: int = rules.FREE_FAILURES) -> rules.Block:
    """One more vain try under `key`. The caller commits it apart: it must survive the refusal."""
    # A row to lock first: of many first tries at once, each must find the one before it.
    first = upsert(Throttle).values(key=key, failures=0, expires_at=at).on_conflict_do_nothing(index_elements=["key"])
    db.session.execute(first)
    row = db.session.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    before = row.failures if row.expires_at > at else 0
    block = rules.after_failure(before, at=at, free=free)
    row.failures, row.blocked_until, row.expires_at = block.failures, block.until, at + rules.FORGOTTEN_AFTER
    return block


def clear_failures(keys: list[str]) -> None:
    db.session.execute(delete(Throttle).where(Throttle.key.in_(keys)))


def tell_of_slips(account: Account, *, at: datetime) -> list[datetime]:
    """Slips printed for this account that the person has not heard of yet; each is told once, at the next sign-in."""
    slips = db.session.scalars(
        select(AccountLink).where(
            AccountLink.account_id == account.id, AccountLink.kind == "slip", AccountLink.told_at.is_(None)
        )
    ).all()
    for slip in slips:
        slip.told_at = at
    return [slip.created_at for slip in slips]


def print_slip(account: Account, *, by: int, at: datetime) -> str:
    """A code on paper that lets its holder set a password, returned once. It never leads to a role one does not hold."""
    if account.person_id == by:
        raise Refused(_("Nobody prints a slip for themselves."))
    if account.deactivated_at:
        raise Refused(_("This account is shut out. Let the person in again first."))
    if not outranks(by, account.person_id):
        raise Refused(_("Only an admin prints a slip for somebody who holds a role."))
    return make_link(account, "slip", at=at, by=by)


def end_all_sessions(account: Account, *, by: int, at: datetime) -> None:
    """Sign somebody out everywhere; the account stays open."""
    end_sessions(account.id, at=at)
    record("account.sessions_ended", by=by, about=account, person=account.person_id, at=at)


def count_use(key: str, *, at: datetime) -> int:
    """One more use under `key`, which names its span of time itself; how many there were. Forgotten after an hour."""
    made = upsert(Throttle).values(key=key, failures=1, expires_at=at + timedelta(hours=1))
    counted = made.on_conflict_do_update(index_elements=["key"], set_={"failures": Throttle.failures + 1})
    return db.session.scalars(counted.returning(Throttle.failures)).one()
