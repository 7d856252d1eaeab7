"""Databases that a test may hand to other processes: copies of the one it has filled."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from tests.conftest import pg_admin
from tracker.core.db import db


@contextmanager
def copied(url: str, folder: Path) -> Iterator[str]:
    """A copy of the database at `url`, which goes when the block ends."""
    db.session.rollback()
    db.session.remove()
    if url.startswith("sqlite"):
        yield _copied_file(Path(url.removeprefix("sqlite:///")), folder)
        return
    db.engine.dispose()  # PostgreSQL copies only what nobody is connected to
    name = f"copy_{secrets.token_hex(4)}"
    with pg_admin(str(make_url(url).set(database="postgres").render_as_string(hide_password=False))) as admin:
        admin.execute(text(f'CREATE DATABASE {name} TEMPLATE "{make_url(url).database}"'))
    yield make_url(url).set(database=name).render_as_string(hide_password=False)


def _copied_file(source: Path, folder: Path) -> str:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(folder / "copy.db")) as new:
        old.backup(new)
    return f"sqlite:///{folder / 'copy.db'}"
