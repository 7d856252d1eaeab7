"""Files of ratings may tell of the service behind each: how long the queue was, when it began and ended, how it ended."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tracker.core.db import db, transaction
from tracker.intake.actions import import_ratings, undo_import
from tracker.intake.column_names import RATING_COLUMNS
from tracker.intake.importing import ImportResult
from tracker.intake.queries import notes_of
from tracker.intake.rows import Choices
from tracker.intake.rules import FIELDS
from tracker.ratings import rollup
from tracker.ratings.models import Interaction, Rating

HEADER = "external_id,rated_at,stars,employee,queue_length,started_at,ended_at,outcome"


@pytest.fixture
def bring(app: Flask, cast: Cast, tmp_path: Path) -> Any:
    def save(*lines: str) -> ImportResult:
        file = tmp_path / "ratings.csv"
        file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        choices = Choices(source="till", mapping={name: name for name in HEADER.split(",")})
        return import_ratings(file, choices, by=cast.ruth.id, at=NOW)

    return save


def services() -> list[Interaction]:
    db.session.rollback()
    return list(db.session.scalars(select(Interaction).order_by(Interaction.external_id)))


def reasons(result: ImportResult) -> list[str]:
    return [row.reason for row in db.session.scalars(notes_of(result.import_id))]


def test_each_fact_is_kept_with_its_rating(cast: Cast, bring: Any) -> None:
    result = bring(
        "R1,2026-11-10 10:20,5,N-0412,7,2026-11-10 10:05,2026-11-10 10:15,sold",
        "R2,2026-11-10 11:00,4,N-0412,,,,refused",
        "R3,2026-11-10 12:00,4,N-0412,,,,",
    )
    assert (result.stored, result.rejected) == (3, 0)
    first, second = services()
    assert (first.queue_length, first.outcome, first.person_id) == (7, "sold", cast.amina.id)
    assert first.started_at == datetime(2026, 11, 10, 7, 5, tzinfo=UTC)
    assert first.ended_at == datetime(2026, 11, 10, 7, 15, tzinfo=UTC)
    assert (second.outcome, second.ended_at) == ("refused", datetime(2026, 11, 10, 8, 0, tzinfo=UTC))
    linked = dict(db.session.execute(select(Rating.external_id, Rating.interaction_id)).all())
    assert linked == {"R1": first.id, "R2": second.id, "R3": None}
    assert rollup.differences() == {}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("many,,,", "The queue length “many” is no number"),
        ("-1,,,", "The queue length “-1” is no number"),
        ("99999,,,", "The queue length “99999” is no number"),
        (",yesterday,,", "The beginning of service can’t be read"),
        (",,31/31/2026,", "The end of service can’t be read"),
        (",2026-11-10 11:00,2026-11-10 10:00,", "Service began after it had ended"),
    ],
)
def test_a_fact_that_cannot_be_costs_no_rating(bring: Any, facts: str, words: str) -> None:
    result = bring(f"R1,2026-11-10 10:20,5,N-0412,{facts}")
    assert result.stored == 1
    assert services() == []
    (reason,) = reasons(result)
    assert words in reason
    assert "The rating is saved" in reason


def test_the_same_file_twice_changes_nothing_and_undo_leaves_nothing(cast: Cast, bring: Any) -> None:
    line = "R1,2026-11-10 10:20,5,N-0412,7,,,sold"
    first = bring(line)
    again = bring(line)
    assert (again.stored, again.unchanged, len(services())) == (0, 1, 1)
    with transaction():
        undo_import(first.import_id, by=cast.ruth.id, at=NOW)
    assert services() == []
    assert db.session.scalar(select(func.count()).select_from(Rating)) == 0


def test_a_service_known_already_keeps_its_own_facts(cast: Cast, bring: Any) -> None:
    at = datetime(2026, 11, 10, 7, 0, tzinfo=UTC)
    with transaction():
        db.session.add(
            Interaction(source="till", external_id="R1", ended_at=at, queue_length=2, person_id=cast.amina.id)
        )
    bring("R1,2026-11-10 10:20,5,N-0412,7,,,sold")
    (known,) = services()
    assert known.queue_length == 2
    assert db.session.scalars(select(Rating)).one().interaction_id == known.id


def test_a_service_rated_by_another_door_keeps_that_rating(cast: Cast, bring: Any) -> None:
    at = datetime(2026, 11, 10, 7, 0, tzinfo=UTC)
    with transaction():
        served = Interaction(source="till", external_id="R1", ended_at=at, person_id=cast.amina.id)
        db.session.add(served)
        db.session.flush()
        before = a_rating(cast.amina, 2, at=at, interaction_id=served.id).id
    bring("R1,2026-11-10 10:20,5,N-0412,7,,,sold", "R2,2026-11-10 10:30,5,N-0412,8,,,sold")
    linked = dict(
        db.session.execute(select(Rating.external_id, Rating.interaction_id).where(Rating.id != before)).all()
    )
    assert linked["R1"] is None
    assert linked["R2"] is not None


def test_their_columns_are_known_by_their_names() -> None:
    assert set(RATING_COLUMNS) == set(FIELDS)
