"""Migrations make exactly what the models say, on the database under test, and start from nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text

from tests.conftest import pg_admin
from tracker import create_app
from tracker.core.db import db
from tracker.ratings.drivers import DEFAULT_DRIVERS
from tracker.ratings.surveys import STAGES, default_survey

ROOT = Path(__file__).parents[2]


# One row of each kind that somebody would miss.
FIRST_RELEASE: dict[str, dict[str, Any]] = {
    "team": {
        "id": 1, "name": "Tills", "time_zone": "Africa/Nairobi", "working_days": "0123456", "work_starts": "08:30:00.000000",
        "work_ends": "20:00:00.000000",
    },
    "person": {"id": 1, "staff_number": "N-1", "name": "Amina Otieno", "language": "en"},
    "rating": {
        "id": 1, "source": "till", "external_id": "1", "rated_at": "2026-11-02 10:00:00", "rated_on": "2026-11-02", "stars": 5,
        "original_value": "5", "original_scale": "stars", "handled_by_id": 1, "person_id": 1, "team_id": 1, "emotions": "[]",
        "drivers": "[]", "received_at": "2026-11-02 10:00:00",
    },
    "import_draft": {
        "id": 1, "owner_id": 1, "token": "t", "file_name": "a.csv", "source": "file", "mapping": "{}", "scale": "stars",
        "create_missing": False, "remember": True, "people": "{}", "created_at": "2026-11-02 10:00:00",
    },
}  # fmt: skip


@pytest.fixture
def migrated(tmp_path: Path, database_url: str) -> Flask:
    """An application whose database was made by the migrations alone."""
    app = _empty_app(tmp_path, database_url)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    return app


def _empty_app(tmp_path: Path, database_url: str) -> Flask:
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    if database_url.startswith("postgresql"):
        name = f"migrated_{tmp_path.name.replace('-', '_')}"[:60]
        with pg_admin(database_url) as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = make_url(database_url).set(database=name).render_as_string(hide_password=False)
    return create_app(
        {"TESTING": True, "INSTANCE_PATH": tmp_path, "DATABASE_URL": url, "SECRET_KEY": "0123456789abcdef" * 2}
    )


def test_migrations_equal_models(migrated: Flask) -> None:
    with migrated.app_context():
        engine = create_engine(db.engine.url)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, db.metadata)
        engine.dispose()
        db.engine.dispose()
    assert differences == []


def test_an_instance_begins_with_the_products_own_questions(migrated: Flask) -> None:
    with migrated.app_context():
        with db.engine.connect() as connection:
            names = dict(connection.execute(text("SELECT key, name FROM driver")).all())
            rows = connection.execute(text("SELECT stage, content FROM survey_version WHERE number = 1")).all()
        db.engine.dispose()
    contents = {stage: json.loads(content) if isinstance(content, str) else content for stage, content in rows}
    assert names == DEFAULT_DRIVERS
    assert contents == {stage: default_survey(stage).content for stage in STAGES}


def test_upgrading_twice_changes_nothing(migrated: Flask) -> None:
    with migrated.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()


def test_data_of_the_first_release_lives_on(tmp_path: Path, database_url: str) -> None:
    """Everything that was stored under 0001 is there after all later migrations, on the database under test."""
    app = _empty_app(tmp_path, database_url)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"), revision="0001")
        with db.engine.begin() as connection:
            for table, row in FIRST_RELEASE.items():
                columns = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)  # noqa: S608 - ours
        upgrade(directory=str(ROOT / "migrations"))
        for table, row in FIRST_RELEASE.items():
            with db.engine.connect() as connection:
                found = connection.execute(text(f"SELECT * FROM {table} WHERE id = 1")).mappings().one()  # noqa: S608 - ours
            assert {name: _plain(found[name]) for name in row} == {name: _plain(value) for name, value in row.items()}
        db.engine.dispose()


def _plain(value: Any) -> Any:
    """The same for both databases: SQLite answers moments as text and truth as a number."""
    return value if isinstance(value, int) else str(value)[:8]
