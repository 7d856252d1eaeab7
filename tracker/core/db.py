"""The database: one session a request, read-only for GET, IMMEDIATE for writers on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask, request
from flask.wrappers import Response
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 15_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table; constraints get predictable names so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMES)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, in UTC on the way in and out: SQLite drops the zone, PostgreSQL answers in that of its session."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RoutedSession(FlaskSession):
    """Sends a reader to a read-only transaction, so that readers never queue behind writers and a GET cannot write."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **kwargs)
        return _read_only(bind) if self.info.get("read_only") and isinstance(bind, Engine) else bind


# One read-only twin an engine: a session keys its connections by engine object, and must find the same one again.
_twins: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def _read_only(engine: Engine) -> Engine:
    if engine not in _twins:
        _twins[engine] = engine.execution_options(read_only=True, postgresql_readonly=True)
    return _twins[engine]


db = SQLAlchemy(model_class=Model, session_options={"class_": RoutedSession})


def engine_options(url: str) -> dict[str, Any]:
    """Parameters stay out of errors and so out of logs: they hold people's names and words.

    On PostgreSQL a cut network must show within seconds, not hang.
    """
    if not url.startswith("postgresql"):
        return {"hide_parameters": True}
    alive = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 3, "tcp_user_timeout": 5000, **alive},
    }


def start(app: Flask) -> None:
    """Bind the database to the app, and one transaction to each request."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
    app.before_request(_choose_transaction)
    app.after_request(_end_transaction)


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself; _begin_sqlite does
    for pragma in ("foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _choose_transaction() -> None:
    db.session().info["read_only"] = request.method in SAFE_METHODS


def _end_transaction(response: Response) -> Response:
    """A non-GET answer below 400 commits; everything else is rolled back when the session is removed."""
    if request.method not in SAFE_METHODS and response.status_code < 400:
        db.session.commit()
    return response


@contextmanager
def reading() -> Iterator[None]:
    """Read for a while inside a writing request without holding the write lock (slow work such as hashing goes here)."""
    session = db.session()
    before = session.info.get("read_only", False)
    session.rollback()
    session.info["read_only"] = True
    try:
        yield
    finally:
        session.rollback()
        session.info["read_only"] = before


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work outside a request: commits at the end, or leaves nothing behind."""
    db.session.rollback()
    db.session().info["read_only"] = False
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def upsert(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the bound database."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)
