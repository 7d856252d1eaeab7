"""One transaction a request: who may write, who is refused, and what stays when something fails."""

import hashlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from tests.conftest import NOW, Cast
from tests.core.instances import an_instance
from tests.factories import a_history, account_of, an_organisation
from tracker.access.actions import make_link
from tracker.audit.models import AuditEntry
from tracker.coaching.jobs import check_falls, share_cards
from tracker.core import db as core_db
from tracker.core.audience import checked_elsewhere, public
from tracker.core.db import db, reading, transaction
from tracker.core.models import Heartbeat
from tracker.core.tasks import advance, done_until
from tracker.notifications.actions import tell
from tracker.organisation.models import Membership, Organisation

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def client(app: Flask, database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of an application on the same database with one more route: GET or POST /writes/<status> writes a row, then
    answers as told. `/writes/299` asks for what the database refuses only at the commit."""

    @public
    def write(status: int) -> ResponseReturnValue:
        checked_elsewhere()
        db.session.add(Heartbeat(name="written", beat_at=AT))
        db.session.flush()
        if status == 500:
            raise ZeroDivisionError
        if status == 299:
            db.session.add(Heartbeat(name="written", beat_at=AT))
        return abort(status) if status >= 400 else ("", status)

    with an_instance(database_url, tmp_path) as other:
        other.add_url_rule("/writes/<int:status>", "writes", write, methods=["GET", "POST"])
        yield other.test_client()


def _ask(client: FlaskClient, method: str, status: int) -> int:
    """In an application context of its own, as a server would."""
    with client.application.app_context():
        return client.open(f"/writes/{status}", method=method).status_code


def written() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Heartbeat)).all())


@pytest.mark.parametrize("status", [200, 204, 303])
def test_a_post_answered_below_400_is_kept(client: FlaskClient, status: int) -> None:
    assert _ask(client, "POST", status) == status
    assert written() == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
def test_a_post_answered_with_an_error_leaves_nothing(client: FlaskClient, status: int) -> None:
    assert _ask(client, "POST", status) == status
    assert written() == 0


def test_a_get_that_writes_is_refused_by_the_database(client: FlaskClient) -> None:
    assert _ask(client, "GET", 200) == 500
    assert written() == 0


def test_a_commit_that_fails_is_an_error_page_and_leaves_nothing(client: FlaskClient) -> None:
    """The view has answered 299 by then; nobody may read that it was saved."""
    assert _ask(client, "POST", 299) == 409  # it is the same row twice: somebody else was quicker
    assert written() == 0


def test_sqlite_is_set_up_to_lose_nothing(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own settings")
    found = {
        name: db.session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert db.session.scalar(text("PRAGMA busy_timeout")) == core_db.BUSY_TIMEOUT_MS


def test_a_foreign_key_that_leads_nowhere_is_refused(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Membership(person_id=987654, team_id=cast.tills.id, started_on=AT.date()))


def test_a_reader_cannot_write(app: Flask) -> None:
    with reading(), pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.execute(text("DELETE FROM heartbeat"))
    db.session.rollback()
    with transaction():
        db.session.execute(text("DELETE FROM heartbeat"))  # the connection of before, and it writes again


def test_a_writer_holds_the_lock_from_its_first_statement(app: Flask) -> None:
    """BEGIN IMMEDIATE: two that read and then write cannot both have read the same."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    with transaction():
        db.session.scalar(select(Heartbeat.name))
        with pytest.raises(OperationalError, match="locked"):
            _write_without_waiting(app)


def test_reading_gives_the_lock_back_and_sees_what_is_committed(app: Flask) -> None:
    with transaction():
        db.session.scalar(select(Heartbeat.name))
        with reading():
            _write_without_waiting(app)
            assert db.session.scalars(select(Heartbeat.name)).all() == ["elsewhere"]
        db.session.add(Heartbeat(name="afterwards", beat_at=AT))
    assert written() == 2


def _write_without_waiting(app: Flask) -> None:
    """Another connection, that gives up at once when it finds the database locked."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA busy_timeout=0")  # type: ignore[attr-defined]  # the driver's own
        try:
            connection.execute(Heartbeat.__table__.insert(), {"name": "elsewhere", "beat_at": AT})
            connection.commit()
        finally:
            if connection.dialect.name == "sqlite":
                connection.connection.execute(f"PRAGMA busy_timeout={core_db.BUSY_TIMEOUT_MS}")  # type: ignore[attr-defined]


def test_a_reader_never_waits_for_a_writer(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.amina)
    took: list[float] = []
    with transaction():
        db.session.add(Heartbeat(name="unfinished", beat_at=AT))
        db.session.flush()

        def read() -> None:
            with app.app_context():
                started = time.monotonic()
                assert browser.client.get("/account").status_code == 200
                took.append(time.monotonic() - started)

        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=120)
    assert took, "the reader waited for the writer"
    assert took[0] < core_db.BUSY_TIMEOUT_MS / 1000, "it waited for the lock"


def test_a_transaction_that_fails_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        _written_and_failed()
    assert written() == 0


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="without a time zone"), transaction():
        db.session.add(Heartbeat(name="x", beat_at=datetime(2026, 11, 18, 9)))  # noqa: DTZ001 - that is the point


def _written_and_failed() -> None:
    db.session.add(Heartbeat(name="x", beat_at=AT))
    db.session.flush()
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 18, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 11, 18, 9, tzinfo=ZoneInfo("Africa/Nairobi")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(1999, 12, 31, 18, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_moment_comes_back_aware_in_utc_and_equal(app: Flask, moment: datetime) -> None:
    with transaction():
        db.session.add(Heartbeat(name="x", beat_at=moment))
    db.session.expire_all()
    found = db.session.scalars(select(Heartbeat.beat_at)).one()
    assert found == moment.astimezone(UTC)
    assert found.utcoffset() == timedelta(0)
    assert found.isoformat() == moment.astimezone(UTC).isoformat()


def test_a_server_in_another_time_zone_changes_no_day(app: Flask) -> None:
    """A watermark of Monday 00:00 UTC is a Sunday in Santiago: whoever asks for its date must get Monday."""
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    with transaction():
        advance("x", since=None, to=monday)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET TIME ZONE 'America/Santiago'"))
    found = done_until("x")
    db.session.rollback()
    assert found == monday
    assert found.date() == monday.date()


def test_an_error_of_the_database_names_no_values(app: Flask, cast: Cast) -> None:
    """Errors end in logs; logs hold no names."""
    with pytest.raises(IntegrityError) as caught, transaction():
        db.session.execute(
            text("INSERT INTO team (id, name, time_zone) VALUES (:id, :name, NULL)"), {"id": 1, "name": "Secret"}
        )
    assert "Secret" not in str(caught.value) or db.engine.dialect.name == "postgresql"
    assert "parameters: (" not in str(caught.value)


def test_no_get_of_any_route_changes_the_database(app: Flask, cast: Cast, browse: Any) -> None:
    """Every GET route of the url map, with ids that exist, as each of the cast and as a stranger."""
    links = _a_full_database(cast)
    browsers = [browse(person) for person in (None, cast.amina, cast.brian, cast.chloe, cast.ruth)]
    before = _content()
    statuses = {}
    for url in _get_addresses(app, links):
        for number, browser in enumerate(browsers):
            statuses[url, number] = browser.get(url).status_code
    assert {status for status in statuses.values() if status >= 500} <= {503}  # no heartbeat: not ready
    assert sum(status == 200 for status in statuses.values()) > 20
    assert _content() == before


def _a_full_database(cast: Cast) -> dict[str, Any]:
    """Ratings, cards, a message, an audit entry and an open link, so that pages have something to be tempted by."""
    with transaction():
        an_organisation()
        a_history([cast.amina, cast.kevin], until=datetime(2026, 11, 16, tzinfo=UTC).date(), weeks=20)
        token = make_link(account_of(cast.amina), "invitation", at=NOW, by=None)
        tell("week", to=cast.amina.id, key="x", at=AT, visible_at=AT, state="plain", count=1)
    check_falls(NOW)
    share_cards(NOW + timedelta(days=3))
    return {"token": token, "id": cast.amina.id}


def _get_addresses(app: Flask, values: dict[str, Any]) -> list[str]:
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "static":
                arguments = {name: values.get(name, "customers" if name == "name" else 1) for name in rule.arguments}
                found.append(adapter.build(rule.endpoint, arguments))
    return found


def _content() -> str:
    """A fingerprint of every row of every table."""
    db.session.rollback()
    digest = hashlib.sha256()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table).order_by(*table.primary_key.columns)):
            digest.update(repr(tuple(row)).encode())
    assert db.session.get(Organisation, 1) is not None
    assert db.session.scalars(select(AuditEntry.id)).first() is not None
    db.session.rollback()
    return digest.hexdigest()
