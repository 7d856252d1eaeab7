"""Which terminal a browser is, who may sign in there, and whose PIN it is."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.access.models import Account
from tracker.access.rules import token_hash
from tracker.access.terminal_models import SharedTerminal, TerminalPin
from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Membership, Person
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import still_here, team_tree

MOST_NAMES = 60  # a longer list helps nobody at a till, and shows the whole company to whoever stands there


@dataclass(frozen=True)
class Name:
    """Somebody to pick: first name and initial, no more."""

    id: int
    name: str


def terminal_of_token(token: str) -> SharedTerminal | None:
    """The terminal that a browser’s cookie stands for, with its team; None once it is revoked or paired anew."""
    return db.session.scalar(
        select(SharedTerminal)
        .where(SharedTerminal.token_hash == token_hash(token), SharedTerminal.revoked_at.is_(None))
        .options(joinedload(SharedTerminal.team))
    )


def terminals_listed(scope: Select[SharedTerminal]) -> list[SharedTerminal]:
    """By team and name."""
    terminals = db.session.scalars(scope.options(joinedload(SharedTerminal.team))).all()
    return sorted(terminals, key=lambda terminal: (terminal.team.name, terminal.name, terminal.id))


def names_at(terminal: SharedTerminal, *, at: datetime) -> list[Name]:
    """Who may sign in there, by name; nobody when they are too many to pick from."""
    people = db.session.scalars(_people_at(terminal, at=at).limit(MOST_NAMES + 1)).all()
    return [] if len(people) > MOST_NAMES else [Name(person.id, _shortened(person.name)) for person in people]


def account_at(terminal: SharedTerminal, *, person: int | None, staff_number: str, at: datetime) -> int | None:
    """The account of somebody of this terminal’s people, picked or by staff number; None for anybody else."""
    people = _people_at(terminal, at=at).order_by(None).with_only_columns(Account.id)
    if staff_number:
        numbers = {staff_number, staff_number.upper()}
        return db.session.scalar(people.where(Person.staff_number.in_(numbers)))
    return db.session.scalar(people.where(Person.id == person)) if person is not None else None


def pin_of(account_id: int | None) -> TerminalPin | None:
    return db.session.get(TerminalPin, account_id) if account_id is not None else None


def _people_at(terminal: SharedTerminal, *, at: datetime) -> Select[Person]:
    """The people of the terminal’s team and of the teams beneath, today, as far as they may sign in at all."""
    day = clock.local_day(at, terminal.team.time_zone)
    return still_here(_in_teams(team_tree().beneath(terminal.team_id), day), day)


def _in_teams(team_ids: set[int], day: date) -> Select[Person]:
    return (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(Membership.team_id.in_(team_ids), *holds_on(Membership, day), Account.deactivated_at.is_(None))
        .order_by(Person.name, Person.id)
    )


def _shortened(name: str) -> str:
    first, *others = name.split()
    return f"{first} {others[-1][0]}." if others else first
