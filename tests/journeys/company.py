"""The demo company in a database of its own, for tests and pictures that only look."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from tracker import create_app
from tracker.core.db import db
from tracker.core.tasks import run_due
from tracker.demo.loading import load_demo


@contextmanager
def demo_app(
    folder: Path, *, at: datetime, database_url: str | None = None, progress: Callable[[float], None]
) -> Iterator[Flask]:
    """The application with the demo company as of `at`. `folder` holds what it keeps, and a SQLite file when no database is named."""
    app = create_app(
        {
            "TESTING": True,
            "INSTANCE_PATH": folder / "instance",
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'demo.db'}",
            "SECRET_KEY": secrets.token_hex(32),
            "BASE_URL": "http://localhost",
        }
    )
    with app.app_context():
        db.create_all()
        load_demo(at=at, progress=progress)
    run_due(app, app.extensions["timetable"], at=at)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
