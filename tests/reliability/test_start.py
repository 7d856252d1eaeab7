"""`python run.py` on a bad day: one clear sentence, exit code 1, and nothing made half."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from tests.core.smtp_sink import free_port, silent_server, wait_until
from tests.reliability.databases import copied

KEY = "0123456789abcdef" * 4
OURS = {
    "HOST",
    "PORT",
    "DATABASE_URL",
    "SECRET_KEY",
    "BASE_URL",
    "CONTENT_URL",
    "SMTP_URL",
    "MAIL_FROM",
    "DATA_KEY",
    "KEY_DIR",
    "TASKS",
}


def environment(folder: Path, **values: str) -> dict[str, str]:
    """Nothing of the surrounding settings; every file of the instance in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    own = {"DATABASE_URL": f"sqlite:///{folder / 'tracker.db'}", "SECRET_KEY": KEY, "KEY_DIR": str(folder / "keys")}
    return {**inherited, **own, "PORT": str(free_port()), **values}


def refused(folder: Path, **values: str) -> str:
    """What run.py says on standard error, when it ends by itself with 1 and one line."""
    made_before = set(folder.rglob("*"))
    ended = subprocess.run(
        [sys.executable, "run.py"],
        cwd=ROOT,
        env=environment(folder, **values),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert set(folder.rglob("*")) == made_before
    return ended.stderr


def test_a_secret_key_that_is_too_easy_is_refused(tmp_path: Path) -> None:
    assert "SECRET_KEY is too easy to guess" in refused(tmp_path, SECRET_KEY="changeme")


def test_a_public_address_without_https_is_refused(tmp_path: Path) -> None:
    assert "without https" in refused(tmp_path, BASE_URL="http://tracker.zawadora.example")


def test_a_database_that_refuses_is_told_in_one_sentence(tmp_path: Path) -> None:
    sentence = refused(tmp_path, DATABASE_URL=f"postgresql+psycopg://nobody:secret@127.0.0.1:{free_port()}/x")
    assert "database cannot be used" in sentence
    assert "secret" not in sentence


def test_a_database_host_that_does_not_answer_is_given_up_soon(tmp_path: Path) -> None:
    started = time.monotonic()
    with silent_server() as port:
        assert "database cannot be used" in refused(tmp_path, DATABASE_URL=f"postgresql+psycopg://x@127.0.0.1:{port}/x")
    assert time.monotonic() - started < 120


def test_a_database_file_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    sentence = refused(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/missing/tracker.db")
    assert "database cannot be used" in sentence


@pytest.fixture
def filled(app: Flask, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an SQLite database with all tables."""
    if not database_url.startswith("sqlite"):
        pytest.skip("run.py is tried on SQLite")
    with copied(database_url, tmp_path) as url:
        yield url


def test_a_port_in_use_is_told_with_the_way_out(filled: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        sentence = refused(tmp_path, DATABASE_URL=filled, PORT=str(other.getsockname()[1]))
    assert "The port is in use by another program" in sentence
    assert "PORT=5001" in sentence


def test_packages_have_a_second_port_and_do_without_when_it_is_taken(filled: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"http://localhost:{other.getsockname()[1]}"
        with running(tmp_path, DATABASE_URL=filled, CONTENT_URL=taken) as (_process, address):
            assert answer(f"{address}/healthz/live") == 200
        assert "packages of courses cannot be opened" in (tmp_path / "output").read_text(encoding="utf-8")
    port = free_port()
    with running(tmp_path, DATABASE_URL=filled, CONTENT_URL=f"http://localhost:{port}") as (process, address):
        assert answer(f"{address}/healthz/live") == 200
        assert answer(f"http://127.0.0.1:{port}/healthz/live") == 200, "by that name and port it is the product"
        assert answer(f"http://localhost:{port}/healthz/live") == 404, "and by this one the packages’ site"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert "Traceback" not in (tmp_path / "output").read_text(encoding="utf-8")


@contextmanager
def running(folder: Path, **values: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """run.py at work, and its address; killed at the end if need be."""
    settings = environment(folder, **values)
    address = f"http://127.0.0.1:{settings['PORT']}"
    with (folder / "output").open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "run.py"], cwd=ROOT, env=settings, stdout=output, stderr=subprocess.STDOUT, text=True
        )
        try:
            wait_until(lambda: answer(f"{address}/healthz/live") == 200 or process.poll() is not None, seconds=60)
            yield process, address
        finally:
            process.kill()
            process.wait(timeout=60)


def answer(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_gets_ready_by_itself_and_stops_when_told(filled: str, tmp_path: Path, told: signal.Signals) -> None:
    with running(tmp_path, DATABASE_URL=filled) as (process, address):
        wait_until(lambda: answer(f"{address}/healthz/ready") == 200, seconds=30)
        assert answer(f"{address}/sign-in") == 200
        process.send_signal(told)
        assert process.wait(timeout=30) == 0
    assert "Traceback" not in (tmp_path / "output").read_text(encoding="utf-8")


def test_killed_with_kill_9_it_starts_again_on_a_sound_database(filled: str, tmp_path: Path) -> None:
    for _start in range(2):
        with running(tmp_path, DATABASE_URL=filled) as (process, address):
            wait_until(lambda address=address: answer(f"{address}/healthz/ready") == 200, seconds=30)  # type: ignore[misc]
            process.kill()
            process.wait(timeout=60)
    with closing(sqlite3.connect(filled.removeprefix("sqlite:///"))) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
