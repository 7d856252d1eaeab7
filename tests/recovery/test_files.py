"""Files of ratings bring complaints too: by a job, some at a time, each once, and taken back with the file."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW, Cast
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import undo_import
from tracker.intake.importing import ImportResult, import_ratings
from tracker.intake.rows import Choices
from tracker.notifications.models import Message
from tracker.ratings.import_models import Import
from tracker.recovery import jobs, opening
from tracker.recovery.models import RecoveryCase

HEADERS = ("external_id", "rated_at", "stars", "employee")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def file(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImportResult:
    """Seven unhappy customers of last week, three happy ones, and two unhappy ones of a month ago. Three at a time are taken up."""
    monkeypatch.setattr(opening, "TAKEN_AT_ONCE", 3)
    stars = [(1, "2026-11-12"), (2, "2026-11-13")] * 3 + [(1, "2026-11-16")] + [(4, "2026-11-12")] * 3
    rows = [*stars, (1, "2026-10-12"), (2, "2026-10-13")]
    path = tmp_path / "ratings.csv"
    lines = [f"R{number},{day}T10:00:00,{given},N-0412" for number, (given, day) in enumerate(rows)]
    path.write_text("\n".join([",".join(HEADERS), *lines]))
    return import_ratings(path, Choices(mapping={name: name for name in HEADERS}), by=None, at=NOW)


def complaints() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(RecoveryCase)).one()


def test_what_a_file_brings_is_taken_up_once(cast: Cast, file: ImportResult) -> None:
    assert complaints() == 0  # the import itself waits for nobody
    assert jobs.take_up_files(NOW + MINUTE) == 1
    assert complaints() == 7
    assert jobs.take_up_files(NOW + 2 * MINUTE) == 0
    assert complaints() == 7
    told = select(Message.is_urgent).where(Message.kind == "recovery.opened", Message.person_id == cast.brian.id)
    assert db.session.scalars(told).all() == [False] * 7  # one mail a day tells of them together


def test_whoever_goes_on_after_a_kill_opens_none_twice(cast: Cast, file: ImportResult) -> None:
    with transaction():
        row = db.session.get_one(Import, file.import_id)
        assert opening.open_cases_of_import(row, after=0, at=NOW) is not None
    assert complaints() == 3
    assert jobs.take_up_files(NOW + MINUTE) == 1
    assert complaints() == 7


def test_a_file_that_was_taken_back_brings_none(cast: Cast, file: ImportResult) -> None:
    with transaction():
        undo_import(file.import_id, by=None, at=NOW)
    assert jobs.take_up_files(NOW + MINUTE) == 0
    assert complaints() == 0


def test_what_a_file_brought_goes_with_it(cast: Cast, file: ImportResult) -> None:
    jobs.take_up_files(NOW + MINUTE)
    with transaction():
        undo_import(file.import_id, by=None, at=NOW + 2 * MINUTE)
    assert complaints() == 0
