"""More than one instance on the same database, as after a restart or behind a balancer."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tracker import create_app
from tracker.core.db import db


@contextmanager
def an_instance(database_url: str, folder: Path, **settings: object) -> Iterator[Flask]:
    """An application of its own, without CSRF tokens; its connections are closed at the end."""
    app = create_app(
        {
            "DATABASE_URL": database_url,
            "INSTANCE_PATH": folder / "instance",
            "SECRET_KEY": secrets.token_hex(32),
            "BASE_URL": "http://localhost",
            "WTF_CSRF_ENABLED": False,
            **settings,
        }
    )
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
