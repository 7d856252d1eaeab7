"""What stays of obstacles: through the migration, and when a file of ratings is undone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import select, text

from tests.conftest import NOW, Cast
from tests.house.test_migrations import ROOT, _empty_app
from tests.obstacles.making import causes, obstacles, rating_of, said, said_by_people, the_cause
from tracker.core.db import db, transaction
from tracker.intake.actions import undo_import
from tracker.obstacles.actions import give, say
from tracker.ratings.import_models import Import
from tracker.ratings.models import Rating
from tracker.ratings.obstacles import Named

REVISION = "0026"
SAID_AT = "2026-11-02 10:00:00.000000"
BEFORE: list[tuple[str, dict[str, Any]]] = [
    ("team", {"id": 1, "name": "Tills", "time_zone": "UTC", "working_days": "12345", "work_starts": "08:00:00.000000",
        "work_ends": "17:00:00.000000"}),
    ("person", {"id": 1, "staff_number": "N-1", "name": "Amina Otieno", "language": "en"}),
    ("person", {"id": 2, "staff_number": "N-2", "name": "Brian Kamau", "language": "en"}),
    *(
        ("rating", {"id": id, "source": "till", "external_id": str(id), "rated_at": rated_at, "rated_on": rated_at[:10], "stars": stars,
            "original_value": str(stars), "original_scale": "stars", "handled_by_id": 1, "person_id": 1, "team_id": 1, "emotions": "[]",
            "drivers": "[]", "received_at": rated_at})
        for id, stars, rated_at in ((1, 2, "2026-11-02 09:00:00.000000"), (2, 1, "2026-11-01 09:00:00.000000"))
    ),
    *(
        ("recovery_case", {"id": id, "team_id": 1, "opened_at": SAID_AT, "opened_on": "2026-11-02", "is_loyal": False, "is_public": False,
            "step": 0})
        for id in (1, 2)
    ),
    ("recovery_rating", {"rating_id": 1, "case_id": 1}),
    ("recovery_rating", {"rating_id": 2, "case_id": 1}),
    ("obstacle", {"id": 7, "kind": "stock", "case_id": 1, "team_id": 1, "driver": "speed", "said_by_id": 2, "said_at": SAID_AT}),
    ("obstacle", {"id": 9, "kind": "policy", "case_id": 2, "team_id": 1, "said_by_id": 2, "said_at": SAID_AT}),
]  # fmt: skip


def test_obstacles_of_earlier_complaints_live_on(tmp_path: Path, database_url: str) -> None:
    """With what is kept of the first rating of each; a complaint without one keeps its kind."""
    app, folder = _empty_app(tmp_path, database_url), str(ROOT / "migrations")
    settings = Config()
    settings.set_main_option("script_location", folder)
    before = ScriptDirectory.from_config(settings).get_revision(REVISION).down_revision
    with app.app_context():
        upgrade(directory=folder, revision=str(before))
        with db.engine.begin() as connection:
            for table, row in BEFORE:
                values = ", ".join(f":{name}" for name in row)
                statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"  # noqa: S608 - ours
                connection.execute(text(statement), row)
        upgrade(directory=folder, revision=REVISION)
        with db.engine.begin() as connection:
            asked = (
                "SELECT id, kind, case_id, rating_id, stars, person_id, driver, said_by_id FROM obstacle ORDER BY id"
            )
            found = [tuple(row) for row in connection.execute(text(asked))]
            new = "INSERT INTO obstacle (kind, said_by_id, said_at) VALUES ('system', 2, :at)"
            connection.execute(text(new), {"at": SAID_AT})
            newest = connection.execute(text("SELECT max(id) FROM obstacle")).scalar_one()
        db.engine.dispose()
    assert found == [(7, "stock", 1, 2, 1, 1, "speed", 2), (9, "policy", 2, None, None, None, None, 2)]
    assert newest > 9, "numbers go on after those that came along"


def test_a_file_that_is_undone_takes_what_was_said_along(cast: Cast) -> None:
    with transaction():
        row = Import(source="file", file_name="a.csv", started_at=NOW, alive_until=NOW, finished_at=NOW)
        db.session.add(row)
        db.session.flush()
        rating = rating_of(cast.amina)
        rating.import_id = row.id
        say(rating, Named(kind="stock", name="No bags left"), words="None.", shares=False, at=NOW)
        said(cast.amina)
    with transaction():
        undo_import(row.id, by=cast.ruth.id, at=NOW + timedelta(hours=1))
    assert causes() == ["Returns need a receipt"]
    assert len(obstacles()) == 1
    assert list(db.session.scalars(select(Rating.id))) == [obstacles()[0].rating_id]


def test_what_has_a_team_stays_on_the_list_without_an_author(cast: Cast) -> None:
    with transaction():
        [author] = said_by_people(cast.tills, 1, at=datetime(2026, 11, 2, 9, tzinfo=UTC))
        give(the_cause(), cast.floor, due_on=NOW.date() + timedelta(days=9), by=cast.chloe.id, at=NOW)
        mine = db.session.scalars(select(Rating).where(Rating.person_id == author.id)).one()
        say(mine, Named(kind="stock", name="No bags left"), words=None, shares=False, at=NOW)
    assert causes() == ["No bags left", "Returns need a receipt"]
