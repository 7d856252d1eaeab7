"""What the reliability tests run in processes of their own, so that these can be killed like a server.

Each function is started through `started`, opens its own application and database connections, and tells what it did in a
file of lines, because a pipe or a queue would not survive its writer being killed.
"""

import contextlib
import multiprocessing
import os
import time
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from flask import Flask

from tracker import create_app
from tracker.access.actions import count_failure
from tracker.core import clock, outbox, tasks
from tracker.core.db import transaction
from tracker.webhooks.outbound_sending import send_due

PARENT_GONE = 900.0  # a test that died must not leave processes that run for ever
AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

# Processes are forked from a server that has imported everything and opened nothing: a restart takes milliseconds.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.reliability.processes"])


def started(target: Any, *arguments: Any) -> BaseProcess:
    process = _forks.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def an_app(url: str, folder: Path, **settings: str) -> Flask:
    """An application on an existing database, with its keys in `folder`."""
    return create_app(
        {
            "DATABASE_URL": url,
            "INSTANCE_PATH": folder / "instance",
            "SECRET_KEY": "0123456789abcdef" * 4,
            "BASE_URL": "http://localhost",
            "SMTP_URL": "",
            **settings,
        }
    )


def count_for(url: str, folder: Path, seconds: float, report: Path) -> None:
    """Read a number, add one, write it back, as fast as possible. Reports the milliseconds of each, and each error by name."""
    app = an_app(url, folder)
    took: list[str] = []
    with app.app_context():
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            begun = time.monotonic()
            try:
                with transaction():
                    count_failure("everybody", at=AT)
                took.append(f"{1000 * (time.monotonic() - begun):.2f}")
            except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to name it
                took.append(f"{type(error).__name__} {error}".splitlines()[0])
    report.write_text("\n".join(took), encoding="utf-8")


def keep_the_timetable(url: str, folder: Path, smtp_url: str) -> None:
    """Do what is due at the moment that the file `now` names; tell in `log` when that began and ended."""
    app = an_app(url, folder, SMTP_URL=smtp_url, KEY_DIR=str(folder / "keys"))
    seen, ends_at = "", time.monotonic() + PARENT_GONE
    while time.monotonic() < ends_at:
        moment = (folder / "now").read_text(encoding="utf-8")
        if moment == seen:
            time.sleep(0.003)
            continue
        _tell(folder, f"begun {moment} {os.getpid()}")
        at = datetime.fromisoformat(moment)
        with clock.set_to(at):
            done = tasks.run_due(app, app.extensions["timetable"], at=at)
        # A job that failed (a server that the other process was killed in the middle of using) is tried again at once.
        if -1 not in done.values():
            _tell(folder, f"done {moment} {os.getpid()}")
            seen = moment


def send_webhooks(url: str, folder: Path, private_hosts: str) -> None:
    """Send rounds of events at the moment that the file `now` names, until a round finds nothing; tell in `log` when that is so."""
    app = an_app(url, folder, PRIVATE_HOSTS=private_hosts)
    seen, ends_at = "", time.monotonic() + PARENT_GONE
    while time.monotonic() < ends_at:
        moment = (folder / "now").read_text(encoding="utf-8")
        if moment == seen:
            time.sleep(0.003)
            continue
        with app.app_context():
            while send_due(datetime.fromisoformat(moment)):
                continue
        _tell(folder, f"done {moment} {os.getpid()}")
        seen = moment


def write_and_tell(url: str, folder: Path, name: str) -> None:
    """Put mails into the outbox one by one; tell of each only after its commit has been answered."""
    app = an_app(url, folder)
    with app.app_context(), contextlib.suppress(KeyboardInterrupt):
        for number in range(1_000_000):
            key = f"{name}|{os.getpid()}|{number}"
            with transaction():
                outbox.post("invitation", to=1, key=key, due_at=AT, at=AT)
            _tell(folder, key)


def _tell(folder: Path, line: str) -> None:
    """One write of one short line at the end of the file: whole or not at all, whoever else writes."""
    descriptor = os.open(folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)
