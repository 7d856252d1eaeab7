"""An instance of the product on a real database in a temporary folder, with the settings it has in production."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from tests.postgres import server
from tracker import create_app
from tracker.access.actions import open_account, start_session
from tracker.access.models import Account
from tracker.core.db import db, reading, transaction
from tracker.organisation.models import Person


@contextmanager
def on_sqlite() -> Iterator[Flask]:
    """WAL and synchronous=FULL, as tracker.core.db sets them."""
    with (
        tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder,
        instance(f"sqlite:///{folder}/tracker.db", Path(folder)) as app,
    ):
        yield app


@contextmanager
def on_postgres() -> Iterator[Flask]:
    """With PostgreSQL's own durable settings: a commit waits for the disk."""
    with (
        tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder,
        server(durable=True) as url,
        instance(url, Path(folder)) as app,
    ):
        yield app


@contextmanager
def instance(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(
        {
            "INSTANCE_PATH": folder / "instance",
            "DATABASE_URL": url,
            "SECRET_KEY": secrets.token_hex(32),
            "BASE_URL": "http://localhost",
        }
    )
    with app.app_context():
        db.create_all()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def settle() -> None:
    """After loading in bulk, what a PostgreSQL in use does by itself. (On SQLite the product keeps no statistics.)"""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


def rows_in(model: type) -> int:
    with reading():  # and let go at once: a session that may write holds SQLite's only place to do so
        return db.session.scalars(select(func.count()).select_from(model)).one()


def cookie_of(app: Flask, person_id: int) -> str:
    """The cookie header of a browser in which this person is signed in."""
    at = datetime.now(UTC)
    with transaction():
        open_account(db.session.get_one(Person, person_id), by=None, at=at)
        account = db.session.scalars(select(Account).where(Account.person_id == person_id)).one()
        token = start_session(account, browser="Benchmark", remember=False, at=at)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
        session["csrf_token"] = secrets.token_hex(20)  # as after the first page: a kept page is known again by it
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return f"{cookie.key}={cookie.value}"
