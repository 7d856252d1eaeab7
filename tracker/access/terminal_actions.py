"""What is done with shared terminals and PINs: set up, paired, revoked; a PIN set, tried, removed; a short session begun."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update

from tracker.access import rules, terminal_rules
from tracker.access.models import Account, SignInSession, Throttle
from tracker.access.terminal_models import SharedTerminal, TerminalPin
from tracker.access.terminal_queries import pin_of
from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.organisation.ports import announce


def make_terminal(*, name: str, team_id: int, by: int | None, at: datetime) -> SharedTerminal:
    """A terminal that no browser belongs to yet."""
    terminal = SharedTerminal(name=name, team_id=team_id, created_at=at, created_by_id=by)
    db.session.add(terminal)
    record("terminal.made", by=by, about=terminal, at=at)
    return terminal


def make_code(terminal: SharedTerminal, *, key: str, by: int | None, at: datetime) -> str:
    """A code that pairs one browser, once, within 15 minutes; returned once. A browser that is paired stays so until another is.

    A code is short, so its hash is keyed: whoever reads the database cannot try all codes against it.
    """
    code = "".join(secrets.choice(rules.SLIP_ALPHABET) for _letter in range(terminal_rules.CODE_LETTERS))
    terminal.code_hash = rules.keyed_hash(key, f"terminal:{code}")
    terminal.code_expires_at = at + terminal_rules.CODE_LENGTH
    record("terminal.code_made", by=by, about=terminal, at=at)
    return f"{code[:4]}-{code[4:]}"


def rename(terminal: SharedTerminal, *, name: str, by: int, at: datetime) -> None:
    """What people read there when they sign in. Its browser and whoever is signed in stay; the same name again is nothing done."""
    if terminal.name == name:
        return
    terminal.name = name
    record("terminal.renamed", by=by, about=terminal, at=at)


def pair(typed: str, *, key: str, at: datetime) -> str | None:
    """Spend a code on a browser: the token for its cookie, stored nowhere; None for a code that opens nothing.

    Of two browsers with one code one is paired. The browser that was the terminal before is it no longer.
    """
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    token = rules.new_token()
    spent = (
        update(SharedTerminal)
        .where(
            SharedTerminal.code_hash == rules.keyed_hash(key, f"terminal:{code}"),
            SharedTerminal.code_expires_at > at,
            SharedTerminal.revoked_at.is_(None),
        )
        .values(token_hash=rules.token_hash(token), paired_at=at, code_hash=None, code_expires_at=None)
        .returning(SharedTerminal.id)
        .execution_options(synchronize_session=False)
    )
    terminal_id = db.session.scalar(spent)
    if terminal_id is None:
        return None
    _end_sessions(terminal_id, at=at)
    record("terminal.paired", by=None, about=db.session.get_one(SharedTerminal, terminal_id), at=at)
    return token


def revoke(terminal: SharedTerminal, *, by: int, at: datetime) -> None:
    """Its browser is a terminal no longer, and whoever is signed in on it is out."""
    terminal.token_hash = terminal.code_hash = terminal.code_expires_at = None
    terminal.revoked_at = at
    _end_sessions(terminal.id, at=at)
    record("terminal.revoked", by=by, about=terminal, at=at)


def note_use(terminal: SharedTerminal, *, at: datetime) -> None:
    """Somebody signs in there: whoever forgot to sign out is out, and the day is noted."""
    _end_sessions(terminal.id, at=at)
    terminal.last_used_on = at.astimezone(UTC).date()


def _end_sessions(terminal_id: int, *, at: datetime) -> None:
    of_terminal = update(SignInSession).where(
        SignInSession.terminal_id == terminal_id, SignInSession.ended_at.is_(None)
    )
    db.session.execute(of_terminal.values(ended_at=at))


def set_pin(account: Account, pin_hash: str, *, at: datetime) -> None:
    """A person’s own PIN, new or another; hashed by the caller, who holds no lock yet. They are told: it may not have been them."""
    pin = pin_of(account.id) or TerminalPin(account_id=account.id)
    pin.pin_hash, pin.set_at = pin_hash, at
    db.session.add(pin)
    _end_pin_sessions(account, at=at)
    record("terminal.pin_set", by=account.person_id, about=account, person=account.person_id, at=at)
    key = f"pin.set|{account.id}|{at:%Y%m%d%H%M%S%f}"
    announce("pin.set", to=account.person_id, by=None, key=key, at=at)


def remove_pin(account: Account, *, at: datetime) -> None:
    """Nothing happens where there is none."""
    if pin_of(account.id) is None:
        return
    db.session.execute(delete(TerminalPin).where(TerminalPin.account_id == account.id))
    _end_pin_sessions(account, at=at)
    record("terminal.pin_removed", by=account.person_id, about=account, person=account.person_id, at=at)


def _end_pin_sessions(account: Account, *, at: datetime) -> None:
    by_pin = update(SignInSession).where(SignInSession.account_id == account.id, SignInSession.is_by_pin)
    db.session.execute(by_pin.where(SignInSession.ended_at.is_(None)).values(ended_at=at))


@dataclass(frozen=True)
class Try:
    """One PIN typed at one terminal. `blocked_until`: nothing is looked at before; this one was not either unless `is_taken`."""

    is_taken: bool
    blocked_until: datetime | None
    keys: list[str]


def take_try(terminal: SharedTerminal, account: Account | None, who: str, *, at: datetime) -> Try:
    """Count a try before it is looked at, so that of many at once none is free. The caller commits it apart, then looks.

    `who`: the account, or what stands for somebody unknown, so that both are held back alike. Two terminals never count together:
    a colleague who types wrong PINs at one till keeps nobody from another.
    """
    spans = [(f"pins:{terminal.id}:{int(at.timestamp() // length.total_seconds())}", most, _ends(length, at))
             for length, most in terminal_rules.SPANS]  # fmt: skip
    person, *counts = [_locked(key, at=at) for key in (f"pin:{terminal.id}:{who}", *(span[0] for span in spans))]
    held = [person.blocked_until] if person.blocked_until and person.blocked_until > at else []
    held += [ends for row, (_key, most, ends) in zip(counts, spans, strict=True) if row.failures >= most]
    keys = [person.key, *(row.key for row in counts)]
    if held:
        return Try(False, max(held), keys)
    for row, (_key, most, ends) in zip(counts, spans, strict=True):
        row.failures, row.expires_at = row.failures + 1, ends
        if row.failures == most:
            record("terminal.held_back", by=None, about=terminal, at=at)
    _count(person, at=at)
    if account and person.failures == terminal_rules.WARNED_AT:
        _warn(account, terminal, at=at)
    return Try(True, person.blocked_until, keys)


def forget_try(taken: Try) -> None:
    """It was the right PIN: the person starts afresh, and the terminal has one less."""
    person, *counts = taken.keys
    db.session.execute(delete(Throttle).where(Throttle.key == person))
    fewer = update(Throttle).where(Throttle.key.in_(counts), Throttle.failures > 0)
    db.session.execute(fewer.values(failures=Throttle.failures - 1).execution_options(synchronize_session=False))


def _ends(length: timedelta, at: datetime) -> datetime:
    """When the span of this length that holds `at` is over; spans are counted from 1970."""
    seconds = length.total_seconds()
    return datetime.fromtimestamp((at.timestamp() // seconds + 1) * seconds, UTC)


def _locked(key: str, *, at: datetime) -> Throttle:
    """The row of a key, ours until the transaction ends; made where there is none, so that there is one to lock."""
    first = upsert(Throttle).values(key=key, failures=0, expires_at=at).on_conflict_do_nothing(index_elements=["key"])
    db.session.execute(first)
    return db.session.get_one(Throttle, key, with_for_update=True, populate_existing=True)


def _count(row: Throttle, *, at: datetime) -> None:
    row.failures = (row.failures if row.expires_at > at else 0) + 1
    wait = terminal_rules.wait_after(row.failures)
    row.blocked_until = at + wait if wait else None
    row.expires_at = at + rules.FORGOTTEN_AFTER


def _warn(account: Account, terminal: SharedTerminal, *, at: datetime) -> None:
    record("terminal.pin_tried", by=None, about=terminal, person=account.person_id, at=at)
    key = f"pin.tried|{account.id}|{terminal.id}|{at:%Y%m%d%H}"
    announce("pin.tried", to=account.person_id, by=None, key=key, at=at, terminal=terminal.id)
