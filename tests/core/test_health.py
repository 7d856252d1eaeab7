"""Signs of life, and what people see while the database is away: a plain page, soon, and no traceback."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import postgres
from tests.conftest import NOW
from tests.core.instances import an_instance
from tests.core.smtp_sink import free_port, silent_server
from tracker.core import health, outbox
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due

# Seconds; an answer comes within five on a machine that is not busy. Without a limit of our own it would be minutes.
GIVEN_UP = 30


def test_ready_needs_a_recent_heartbeat(app: Flask, browse: Any) -> None:
    stranger, now = browse(None), NOW
    assert (stranger.get("/healthz/ready").status_code, stranger.get("/healthz/live").status_code) == (503, 200)
    run_due(app, [], at=now - health.SILENT_AFTER - timedelta(seconds=1))
    answer = stranger.get("/healthz/ready")
    assert (answer.status_code, answer.json["timetable"]) == (503, "silent")
    run_due(app, [], at=now)
    answer = stranger.get("/healthz/ready")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_ready_tells_how_much_mail_waits_and_no_address(app: Flask, cast: Any, browse: Any) -> None:
    now = NOW
    with transaction():
        for hours in (1, 3):
            at = now - timedelta(hours=hours)
            outbox.post("invitation", to=cast.amina.id, key=f"k{hours}", due_at=at, at=at)
        outbox.post("invitation", to=cast.amina.id, key="later", due_at=now + timedelta(hours=1), at=now)
    run_due(app, [], at=now)
    answer = browse(None).get("/healthz/ready")
    assert answer.json["outbox_waiting"] == 2
    assert datetime.fromisoformat(answer.json["outbox_oldest_due_at"]) == now - timedelta(hours=3)
    assert cast.amina.email not in answer.text


@contextmanager
def client_of(url: str, folder: Path) -> Iterator[FlaskClient]:
    """A client of an application whose database is at `url`; it has been signed in to, as far as its cookie says."""
    with an_instance(url, folder) as app:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = "some token"
        yield client


def assert_a_plain_503(client: FlaskClient) -> float:
    """Pages of every kind, asked for with a cookie; returns the seconds that the slowest took."""
    slowest = 0.0
    for method, path in (
        ("GET", "/"),
        ("GET", "/sign-in"),
        ("GET", "/me"),
        ("POST", "/sign-in"),
        ("POST", "/forgotten"),
    ):
        started = time.monotonic()
        with client.application.app_context():
            answer = client.open(path, method=method, data={"identifier": "N-1", "password": "x"})
        slowest = max(slowest, time.monotonic() - started)
        assert answer.status_code == 503, path
        assert answer.mimetype == "text/html"
        assert "can’t be reached right now" in answer.text
        for word in ("Traceback", "sqlalchemy", "psycopg", "sqlite", "OperationalError", "SELECT"):
            assert word not in answer.text, word
        assert answer.headers["Retry-After"] == "60"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    with client.application.app_context():
        assert client.get("/healthz/live").status_code == 200
        ready = client.get("/healthz/ready")
    assert (ready.status_code, ready.json) == (503, {"status": "failing", "database": "unreachable"})
    assert client.get("/me", headers={"Accept": "application/json"}).json["reference"] is None
    return slowest


def test_without_its_sqlite_file_every_page_is_a_plain_503(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "tracker.db").mkdir()
    with client_of(f"sqlite:///{tmp_path / 'tracker.db'}", tmp_path) as client:
        assert assert_a_plain_503(client) < GIVEN_UP


def test_a_file_that_is_no_database_is_a_plain_error_too(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_bytes(b"not a database at all" * 100)
    with client_of(f"sqlite:///{tmp_path / 'tracker.db'}", tmp_path) as client:
        answer = client.get("/me")
    assert answer.status_code in {500, 503}
    assert "not a database" not in answer.text


def test_a_refused_connection_is_a_plain_503(app: Flask, tmp_path: Path) -> None:
    with client_of(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/x", tmp_path) as client:
        assert assert_a_plain_503(client) < GIVEN_UP


def test_a_database_host_that_does_not_answer_is_a_503_within_five_seconds(app: Flask, tmp_path: Path) -> None:
    with silent_server() as port, client_of(f"postgresql+psycopg://nobody@127.0.0.1:{port}/x", tmp_path) as client:
        started = time.monotonic()
        answer = client.get("/me")
        took = time.monotonic() - started
    assert answer.status_code == 503
    assert took < GIVEN_UP


def test_a_stopped_postgresql_is_a_503_within_five_seconds(app: Flask, tmp_path: Path) -> None:
    """Connections of the pool are open when the server goes: the first request after it must notice as well."""
    with postgres.server(durable=False) as url:
        context = client_of(url, tmp_path)
        client = context.__enter__()
        with client.application.app_context():
            db.create_all()
        assert client.get("/sign-in").status_code == 302
    try:
        assert assert_a_plain_503(client) < GIVEN_UP
    finally:
        context.__exit__(None, None, None)


def test_a_crash_is_told_with_a_reference_and_nothing_else(
    app: Flask, tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with client_of(database_url, tmp_path) as client:
        client.application.view_functions["health.live"] = _crashing
        with client.application.app_context():
            answer = client.get("/healthz/live")
    assert answer.status_code == 500
    assert "Secret" not in answer.text
    logged = capsys.readouterr().err
    reference = next(word for word in logged.split() if word.startswith("reference=")).removeprefix("reference=")
    assert reference in answer.text


def _crashing() -> str:
    raise ZeroDivisionError("Secret")


_crashing.audience = health.live.audience  # type: ignore[attr-defined]  # as the decorator would
