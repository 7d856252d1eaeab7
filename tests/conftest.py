"""The application on a real database (SQLite, or PostgreSQL by TEST_DATABASE_URL), the cast, and a browser for each of them."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import TextClause, create_engine, make_url, text
from werkzeug.test import TestResponse

from tests.factories import a_person, a_team, account_of
from tracker import create_app
from tracker.access.actions import start_session
from tracker.audit.jobs import anchor_file
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday, noon in Nairobi


_noon: ContextVar[datetime | None] = ContextVar("noon", default=NOW)
_nobody_set_it: ContextVar[datetime | None] = ContextVar("nobody_set_it", default=None)


@pytest.fixture(scope="session", autouse=True)
def _no_test_depends_on_the_day() -> Iterator[None]:
    """The product's clock stands at NOW in every thread, until a test sets it: a real midnight may come in their midst."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_replaced", _noon)
        yield


@pytest.fixture
def real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what reads the hour of the machine itself: the clock, a program of others."""
    monkeypatch.setattr(clock, "_replaced", _nobody_set_it)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only what opens a database: everything else has just run, the same, beside SQLite."""
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    chosen = [item for item in items if _depends_on_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def _depends_on_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & {"database_url", "demo"}) and item.get_closest_marker("one_database") is None


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """An empty database for this test process."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'tracker.db'}"
        return
    name = f"tracker_{worker_id}_{secrets.token_hex(3)}"
    with pg_admin(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def session_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests of a process; `app` empties its database around each test."""
    application = create_app(
        {
            "TESTING": True,
            "INSTANCE_PATH": tmp_path_factory.mktemp("instance"),
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_hex(32),
            "BASE_URL": "http://localhost",
        }
    )
    with application.app_context():
        db.create_all()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(session_app: Flask) -> Iterator[Flask]:
    """The application with an empty database, inside an application context."""
    with session_app.app_context():
        yield session_app
        db.session.rollback()
        db.session.remove()
        empty_database()


def empty_database() -> None:
    """Delete every row; sequences go on, which no test may care about. The audit's anchor goes too."""
    anchor_file().unlink(missing_ok=True)
    with transaction():
        if db.engine.dialect.name == "postgresql":
            names = ", ".join(f'"{name}"' for name in db.metadata.tables)
            db.session.execute(text(f"TRUNCATE {names} CASCADE"))
        else:
            db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
            for name in db.session.scalars(
                _filled_tables()
            ).all():  # most are empty, and to ask is quicker than to delete
                db.session.execute(db.metadata.tables[name].delete())


@cache
def _filled_tables() -> TextClause:
    names = db.metadata.tables
    return text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names))  # noqa: S608 - our own names


@dataclass(frozen=True)
class Cast:
    """Amina and Kevin work at the tills, which Brian leads; Dora leads the floor; Faith leads them both."""

    root: Team
    tills: Team
    floor: Team
    amina: Person
    brian: Person
    chloe: Person
    dora: Person
    ruth: Person
    kevin: Person
    faith: Person


@pytest.fixture
def cast(app: Flask) -> Cast:
    with transaction():
        root = a_team("Zawadora")
        faith = a_person("Faith Wambui", team=root)
        store = a_team("Nairobi Central", parent=root, led_by=faith)
        brian, dora = a_person("Brian Kamau", team=store), a_person("Dora Mwangi", team=store)
        tills = a_team("Nairobi Central tills", parent=store, led_by=brian)
        floor = a_team("Nairobi Central floor", parent=store, led_by=dora)
        made = Cast(
            root,
            tills,
            floor,
            amina=a_person("Amina Otieno", team=tills, staff_number="N-0412"),
            brian=brian,
            chloe=a_person("Chloe Yusuf", team=root, roles=["hr"]),
            dora=dora,
            ruth=a_person("Ruth Kiprop", team=root, roles=["admin"]),
            kevin=a_person("Kevin Odhiambo", team=tills),
            faith=faith,
        )
    db.session.expire_on_commit = False
    return made


class Browser:
    """A signed-in client that sends the CSRF token a page would have given it."""

    def __init__(self, app: Flask, client: FlaskClient, csrf_token: str) -> None:
        self.app, self.client, self.csrf_token = app, client, csrf_token

    def get(self, url: str, **options: Any) -> TestResponse:
        with self._as_the_server_would():
            return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        with self._as_the_server_would():
            return self.client.post(url, data={"csrf_token": self.csrf_token, **(data or {})}, **options)

    def _as_the_server_would(self) -> Any:
        """Each request gets an application context of its own, so nothing loaded by the test leaks into it."""
        db.session.rollback()
        return self.app.app_context()


@pytest.fixture
def browse(app: Flask) -> Any:
    """browse(person) -> a Browser signed in as that person; browse(None) -> one that is not signed in."""

    def sign_in(person: Person | None, *, at: datetime | None = None) -> Browser:
        client = app.test_client()
        raw = secrets.token_hex(20)
        with client.session_transaction() as session:
            session["csrf_token"] = raw
            if person is not None:
                person_id = person.id
                with transaction():
                    session["_user_id"] = start_session(
                        account_of(db.session.get_one(Person, person_id)),
                        browser="Test",
                        remember=False,
                        at=at or clock.now(),
                    )
                session["_fresh"] = True
        token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
        return Browser(app, client, str(token))

    return sign_in


@pytest.fixture
def people(cast: Cast, browse: Any) -> dict[str, Browser]:
    """Everybody of the cast, signed in, by first name."""
    names = ("amina", "brian", "chloe", "dora", "ruth", "kevin", "faith")
    return {name: browse(getattr(cast, name), at=NOW) for name in names}


@contextmanager
def pg_admin(url: str) -> Iterator[Any]:
    """A connection to the server that can create databases."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
