"""Migrations make exactly what the models say, on the database under test, and start from nothing."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text

from tests.conftest import pg_admin
from tracker import create_app
from tracker.core.db import db

ROOT = Path(__file__).parents[2]


@pytest.fixture
def migrated(tmp_path: Path, database_url: str) -> Flask:
    """An application whose database was made by the migrations alone."""
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    if database_url.startswith("postgresql"):
        name = f"migrated_{tmp_path.name.replace('-', '_')}"[:60]
        with pg_admin(database_url) as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = make_url(database_url).set(database=name).render_as_string(hide_password=False)
    app = create_app(
        {"TESTING": True, "INSTANCE_PATH": tmp_path, "DATABASE_URL": url, "SECRET_KEY": "0123456789abcdef" * 2}
    )
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    return app


def test_migrations_equal_models(migrated: Flask) -> None:
    with migrated.app_context():
        engine = create_engine(db.engine.url)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, db.metadata)
        engine.dispose()
        db.engine.dispose()
    assert differences == []


def test_upgrading_twice_changes_nothing(migrated: Flask) -> None:
    with migrated.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()
