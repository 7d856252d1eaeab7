"""What the tests of shared terminals share: a terminal of the tills, a browser that is paired, and a PIN."""

import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Browser
from tests.factories import account_of
from tracker.access.rules import hash_password
from tracker.access.terminal_actions import make_code, make_terminal, set_pin
from tracker.access.terminal_models import SharedTerminal
from tracker.access.terminal_rules import peppered
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # noon in Nairobi
PIN = "8305"


class Till(Browser):
    """A browser whose forms carry a good token, also after its session was thrown away, as each page anew would give it."""

    def __init__(self, browser: Browser) -> None:
        self.raw = secrets.token_hex(20)
        signer = URLSafeTimedSerializer(browser.app.config["SECRET_KEY"], salt="wtf-csrf-token")
        super().__init__(browser.app, browser.client, str(signer.dumps(self.raw)))

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        db.session.rollback()
        with self.app.app_context(), self.client.session_transaction() as session:
            session["csrf_token"] = self.raw
        return super().post(url, data, **options)


def a_terminal(team: Team, *, name: str = "Till 2", at: datetime = NOW) -> int:
    with transaction():
        terminal = make_terminal(name=name, team_id=team.id, by=None, at=at)
        db.session.flush()
        return terminal.id


def a_code(app: Flask, terminal_id: int, *, at: datetime = NOW) -> str:
    with transaction():
        terminal = db.session.get_one(SharedTerminal, terminal_id)
        return make_code(terminal, key=app.config["SECRET_KEY"], by=None, at=at)


def a_till(app: Flask, browse: Any, team: Team, *, name: str = "Till 2") -> Till:
    """A browser that is a new terminal of a team."""
    return paired(browse(None), a_code(app, a_terminal(team, name=name)))


def paired(browser: Browser, code: str, *, at: datetime = NOW) -> Till:
    till = Till(browser)
    with clock.set_to(at):
        answer = till.post("/terminal/pairing", {"code": code})
    assert (answer.status_code, answer.location) == (303, "/terminal")
    return till


def has_pin(app: Flask, person: Person, pin: str = PIN, *, at: datetime = NOW) -> None:
    with transaction():
        account = account_of(person)
        set_pin(account, hash_password(peppered(app.config["SECRET_KEY"], account.id, pin)), at=at)


def types(till: Browser, person: Person | None, pin: str = PIN, *, at: datetime = NOW, **more: str) -> TestResponse:
    picked = {"person": str(person.id)} if person else {}
    with clock.set_to(at):
        return till.post("/terminal/sign-in", {**picked, "pin": pin, **more})


def looks(till: Browser, url: str = "/me", *, at: datetime = NOW) -> TestResponse:
    with clock.set_to(at):
        return till.get(url)


def the_terminal(terminal_id: int) -> SharedTerminal:
    db.session.rollback()
    return db.session.get_one(SharedTerminal, terminal_id, populate_existing=True)


def actions(prefix: str = "terminal.") -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.startswith(prefix)).order_by(AuditEntry.id)
        )
    )
