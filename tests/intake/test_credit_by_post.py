"""An answer that names nobody is credited to who alone held the post as service ended, through whichever door it comes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.conftest import NOW, Cast
from tests.factories import a_shift, a_team
from tests.statements import statements
from tracker.core.db import db, transaction
from tracker.intake.actions import import_ratings, open_link, undo_import
from tracker.intake.checking import check_file
from tracker.intake.importing import ImportResult
from tracker.intake.kiosk_actions import make_kiosk, take_answers
from tracker.intake.kiosk_rules import Answer
from tracker.intake.models import Kiosk
from tracker.intake.queries import notes_of
from tracker.intake.rows import Choices
from tracker.ratings import rollup
from tracker.ratings.ledger_models import Contribution, Transfer
from tracker.ratings.models import Interaction, Rating

TWO = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)  # two in the afternoon in Nairobi
HOUR = timedelta(hours=1)
FIELDS = ("external_id", "rated_at", "stars", "employee", "place", "contributors", "team")


@pytest.fixture
def shifts(cast: Cast) -> None:
    """Amina until two, then Kevin; at Till 4 both."""
    with transaction():
        a_shift("Till 3", cast.amina, TWO - 6 * HOUR, TWO)
        a_shift("Till 3", cast.kevin, TWO, TWO + 8 * HOUR)
        a_shift("Till 4", cast.amina, TWO, TWO + HOUR)
        a_shift("Till 4", cast.kevin, TWO, TWO + HOUR)


@pytest.fixture
def bring(app: Flask, cast: Cast, tmp_path: Path) -> Any:
    """bring(line, ...) -> the result of importing these lines, which the preview foretold."""

    def save(*lines: str, header: str = ",".join(FIELDS), only_if_clean: bool = False) -> ImportResult:
        file = tmp_path / "ratings.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        mapping = {name: name for name in header.split(",")}
        choices = Choices(source="till", mapping=mapping)
        check = check_file(file, choices, at=NOW)
        result = import_ratings(file, choices, by=cast.ruth.id, at=NOW, only_if_clean=only_if_clean)
        assert (check.ready, check.waiting, check.transferred, check.left_out, check.unchanged) == (
            result.stored,
            result.waiting,
            result.transferred,
            result.rejected,
            result.unchanged,
        )
        return result

    return save


def ratings() -> list[Rating]:
    db.session.rollback()
    return list(db.session.scalars(select(Rating).order_by(Rating.external_id)))


def credited() -> list[tuple[int | None, str | None]]:
    return [(rating.person_id, rating.handled_how) for rating in ratings()]


def test_a_file_of_places(bring: Any, shifts: None, cast: Cast) -> None:
    result = bring(
        "1,2026-11-17 13:59:59,5,,Till 3,,",
        "2,2026-11-17 14:00,4,,till 3,,",
        "3,2026-11-17 14:10,4,,Till 4,,",  # two held it
        "4,2026-11-17,4,,Till 3,,",  # nobody says at which hour
        "5,2026-11-17 14:10,4,Achieng O.,Till 3,,",  # somebody is named, and is nobody here
        "6,2026-11-17 14:10,4,N-0412,Till 3,,",  # named, whoever held it
        "7,2026-11-17 14:10,4,,Till 9,,",
    )
    assert (result.stored, result.waiting) == (7, 4)
    nobody = (None, None)
    assert credited() == [
        (cast.amina.id, "post"),
        (cast.kevin.id, "post"),
        nobody,
        nobody,
        nobody,
        (cast.amina.id, "explicit"),
        nobody,
    ]
    assert [rating.team_id for rating in ratings()][:2] == [cast.tills.id] * 2
    assert ratings()[0].place == "Till 3"
    assert rollup.differences() == {}


def test_hours_are_those_of_the_posts_own_zone(bring: Any, cast: Cast) -> None:
    with transaction():
        tokyo = a_team("Tokyo", time_zone="Asia/Tokyo")
        a_shift("Desk", cast.amina, TWO, TWO + HOUR, team=tokyo)
    bring("1,2026-11-17 20:30,5,,Desk,,", "2,2026-11-17 14:30,5,,Desk,,")  # two in Nairobi is eight in Tokyo
    assert credited() == [(cast.amina.id, "post"), (None, None)]


def test_a_batch_asks_as_often_for_many_rows_as_for_few(bring: Any, shifts: None, cast: Cast) -> None:
    def asked(count: int, start: int) -> int:
        with statements() as sent:
            bring(*(f"{start + n},2026-11-17 {9 + n % 5}:30,5,,Till 3,," for n in range(count)))
        return len(sent)

    assert abs(asked(5, 0) - asked(400, 1000)) <= 2


def test_a_kiosk_asks_who_held_its_post(shifts: None, cast: Cast) -> None:
    with transaction():
        kiosk = make_kiosk(
            place="Till 3",
            team_id=cast.tills.id,
            touchpoint_id=None,
            asks_who=True,
            language="en",
            pin_hash="x",
            by=None,
            at=NOW,
        )
        db.session.flush()
        kiosk = db.session.get_one(Kiosk, kiosk.id, options=[joinedload(Kiosk.team)])
        answers = [
            Answer("a", 5, TWO - HOUR),
            Answer("b", 2, TWO + HOUR),
            Answer("c", 4, TWO + HOUR, cast.amina.id),  # the customer says who helped
            Answer("d", 4, TWO + HOUR, cast.dora.id),  # and here somebody who was not in the team
            Answer("e", 4, TWO - 10 * HOUR),
        ]
        take_answers(kiosk, answers, at=NOW)
    assert credited() == [
        (cast.amina.id, "post"),
        (cast.kevin.id, "post"),
        (cast.amina.id, "explicit"),
        (None, None),
        (None, None),
    ]
    assert rollup.differences() == {}


def test_a_link_names_who_served(cast: Cast, shifts: None) -> None:
    with transaction():
        open_link(cast.amina, ended_at=TWO + HOUR, by=None, at=NOW, place="Till 3")
    db.session.rollback()
    (served,) = db.session.scalars(select(Interaction)).all()
    assert (served.person_id, served.handled_how) == (cast.amina.id, "explicit")


def test_a_later_file_that_names_somebody_else_moves_no_credit(bring: Any, cast: Cast) -> None:
    bring("1,2026-11-17 14:10,2,N-0412,,,", "2,2026-11-17 14:10,4,N-0412,,,")
    later = bring("1,2026-11-17 14:10,2,Kevin Odhiambo,,,", "2,2026-11-17 14:10,4,Amina Otieno,,,", only_if_clean=True)
    assert (later.stored, later.transferred, later.unchanged, later.rejected) == (0, 1, 1, 0)
    flagged, same = ratings()
    assert (flagged.person_id, flagged.handled_by_id) == (cast.amina.id, cast.amina.id)
    assert flagged.transferred_at is not None
    assert same.transferred_at is None
    (entry,) = db.session.scalars(select(Transfer)).all()
    assert (entry.from_person_id, entry.to_person_id, entry.after_rating) == (cast.amina.id, cast.kevin.id, True)
    (note,) = db.session.scalars(notes_of(later.import_id)).all()
    assert (note.line, "Handed on after the rating" in note.reason) == (2, True)
    again = bring("1,2026-11-17 14:10,2,Kevin Odhiambo,,,")
    assert (again.transferred, again.unchanged) == (0, 1)
    assert rollup.differences() == {}


def test_other_content_is_still_refused(bring: Any, cast: Cast) -> None:
    bring("1,2026-11-17 14:10,2,N-0412,,,")
    assert bring("1,2026-11-17 14:10,3,Kevin Odhiambo,,,").rejected == 1
    assert bring("1,2026-11-17 14:10,2,,,,").rejected == 1  # names nobody any more


def test_undoing_the_later_file_takes_its_mark_away(bring: Any, cast: Cast) -> None:
    bring("1,2026-11-17 14:10,2,N-0412,,,")
    later = bring("1,2026-11-17 14:10,2,Kevin Odhiambo,,,")
    assert ratings()[0].transferred_at is not None
    with transaction():
        undo_import(later.import_id, by=None, at=NOW)
    assert ratings()[0].transferred_at is None
    assert db.session.scalars(select(Transfer)).all() == []


def test_who_helped_comes_with_the_file(bring: Any, cast: Cast) -> None:
    result = bring(
        "1,2026-11-17 14:10,5,N-0412,,Kevin Odhiambo; N-0412; Nobody Here,", "2,2026-11-17 14:10,5,N-0412,,,"
    )
    (helper,) = db.session.scalars(select(Contribution)).all()
    assert (helper.person_id, helper.rating_id) == (cast.kevin.id, ratings()[0].id)
    (note,) = db.session.scalars(notes_of(result.import_id)).all()
    assert "Nobody Here" in note.reason
    assert (result.stored, result.rejected) == (2, 0)


def test_a_file_without_places_has_the_keys_it_always_had(bring: Any, cast: Cast) -> None:
    bring("2026-11-17 14:10,5,N-0412", header="rated_at,stars,employee")
    assert ratings()[0].external_id == "7ab3ec619823d49f66e61533ca2a0315"
