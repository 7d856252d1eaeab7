"""A file of ratings: stored once, found its people, counted at the end, taken back whole, and nothing of it when it is killed."""

import csv
import gzip
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.conftest import Cast
from tests.factories import a_channel, a_person, a_rating, a_team, a_touchpoint, joins
from tracker.audit.models import AuditEntry
from tracker.core.clock import monday_of, week_of
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid, Refused
from tracker.intake.actions import import_ratings, undo_import, undo_imports_cut_off
from tracker.intake.importing import ImportResult
from tracker.intake.occurrences import Occurrences
from tracker.intake.queries import rejected_rows
from tracker.intake.rows import Choices
from tracker.organisation.models import Membership, Person, Team
from tracker.ratings import rollup
from tracker.ratings.actions import exclude_rating, reassign_rating
from tracker.ratings.import_models import Import
from tracker.ratings.models import Attribution, CellWeek, Channel, Customer, Rating, ScoreCard, ScoreWeek, Touchpoint
from tracker.ratings.survey_actions import ensure_default_drivers

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
HEADERS = ("external_id", "rated_at", "stars", "employee", "team", "touchpoint", "channel", "customer", "comment")


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """write(rows) -> the path of a CSV with these rows; each is a dict, what is missing is made up or empty."""

    def writes(rows: Sequence[dict[str, Any]], headers: Sequence[str] = HEADERS, name: str = "ratings.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(headers)
            for number, row in enumerate(rows):
                given = {"external_id": f"R{number}", "rated_at": "2026-11-10T10:00:00", "stars": 4, **row}
                writer.writerow([given.get(header, "") for header in headers])
        return path

    return writes


def brings(path: Path, *, headers: Sequence[str] = HEADERS, **options: Any) -> ImportResult:
    choices = {name: options.pop(name) for name in set(options) & {field.name for field in fields(Choices)}}
    return import_ratings(
        path, Choices(**{"mapping": {h: h for h in headers}, **choices}), **{"by": None, "at": NOW, **options}
    )


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """stored, unchanged, waiting, rejected"""
    return (result.stored, result.unchanged, result.waiting, result.rejected)


def undo(result: ImportResult, *, at: datetime = NOW) -> None:
    with transaction():
        undo_import(result.import_id, by=None, at=at)


def everything() -> dict[str, int]:
    """How many rows each table holds, but for what an undone import leaves on purpose."""
    kept = {"rating_import", "import_reject", "audit_entry"}
    return {
        table.name: db.session.scalars(select(func.count()).select_from(table)).one()
        for table in db.metadata.sorted_tables
        if table.name not in kept
    }


def ratings() -> list[Rating]:
    db.session.rollback()
    return list(db.session.scalars(select(Rating).order_by(Rating.id).execution_options(populate_existing=True)))


def reasons(result: ImportResult) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in rejected_rows(result.import_id)]


# It does


def test_a_row_becomes_a_rating_of_the_person_and_team_of_that_day(cast: Cast, write: Any) -> None:
    with transaction():
        touchpoint, channel = a_touchpoint("Tills"), a_channel("Kiosk")
    row = {"employee": "N-0412", "touchpoint": "tills", "channel": "Kiosk", "customer": "C9", "comment": "Quick"}
    assert counts(brings(write([row]))) == (1, 0, 0, 0)
    [rating] = ratings()
    assert (rating.person_id, rating.handled_by_id, rating.team_id) == (cast.amina.id, cast.amina.id, cast.tills.id)
    assert (rating.touchpoint_id, rating.channel_id) == (touchpoint.id, channel.id)
    assert (rating.stars, rating.original_value, rating.original_scale, rating.comment) == (4, "4", "stars", "Quick")
    assert rating.rated_at == datetime(2026, 11, 10, 7, tzinfo=UTC), "ten in Nairobi"
    assert (rating.rated_on, rating.received_at, rating.employee_reference) == (date(2026, 11, 10), NOW, "N-0412")
    assert db.session.get_one(Customer, rating.customer_id).reference == "C9"
    assert (rating.emotions, rating.drivers, rating.excluded_at) == ([], [], None)
    assert rollup.differences() == {}


@pytest.mark.parametrize("reference", ["N-0412", "n-0412", "amina otieno", "AMINA OTIENO", "amina@zawadora.example"])
def test_an_employee_is_found_by_number_address_or_name(cast: Cast, write: Any, reference: str) -> None:
    with transaction():
        db.session.merge(cast.amina).email = "amina@zawadora.example"
    brings(write([{"employee": reference}]))
    assert ratings()[0].person_id == cast.amina.id


def test_a_staff_number_goes_before_a_name(cast: Cast, write: Any) -> None:
    with transaction():
        a_person("N-0412", team=cast.tills)
    brings(write([{"employee": "N-0412"}]))
    assert ratings()[0].person_id == cast.amina.id


def test_a_name_that_two_people_have_waits_in_the_tray(cast: Cast, write: Any) -> None:
    with transaction():
        a_person("Amina Otieno", team=cast.floor)
    result = brings(write([{"employee": "Amina Otieno"}, {"employee": ""}]), create_missing=True)
    assert counts(result) == (2, 0, 2, 0)
    assert [(rating.person_id, rating.employee_reference) for rating in ratings()] == [
        (None, "Amina Otieno"),
        (None, None),
    ]


def test_somebody_unknown_waits_with_the_reference(cast: Cast, write: Any) -> None:
    assert counts(brings(write([{"employee": "N-0977"}]))) == (1, 0, 1, 0)
    [rating] = ratings()
    assert (rating.person_id, rating.team_id, rating.employee_reference) == (None, None, "N-0977")
    assert rollup.differences() == {}


def test_a_reference_settled_by_hand_is_that_person(cast: Cast, write: Any) -> None:
    rows = [{"employee": "till 9"}, {"employee": "Till 9"}]
    assert counts(brings(write(rows), people={"till 9": cast.kevin.id})) == (2, 0, 0, 0)
    assert {rating.person_id for rating in ratings()} == {cast.kevin.id}


def test_the_files_team_goes_before_the_persons(cast: Cast, write: Any) -> None:
    brings(write([{"employee": "N-0412", "team": "nairobi central floor"}, {"employee": "N-0412", "team": "Nowhere"}]))
    assert [rating.team_id for rating in ratings()] == [cast.floor.id, cast.tills.id]


def test_the_team_is_that_of_the_day_not_of_today(app: Flask, write: Any) -> None:
    with transaction():
        old, new = a_team("Old"), a_team("New")
        mover = a_person("Mover", staff_number="M-1")
        joins(mover, old, since=date(2020, 1, 1), until=date(2026, 11, 10))
        joins(mover, new, since=date(2026, 11, 10))
    brings(write([{"employee": "M-1", "rated_at": day} for day in ("2026-11-09", "2026-11-10", "2019-12-31")]))
    assert [rating.team_id for rating in ratings()] == [old.id, new.id, None]


def test_a_day_is_the_teams_own(cast: Cast, write: Any) -> None:
    with transaction():
        tokyo = a_team("Tokyo", time_zone="Asia/Tokyo")
        a_person("Yuki", team=tokyo, staff_number="Y-1")
    at = ["2026-11-10", "2026-11-10T23:30:00", "2026-11-10T16:00:00Z", "10 Nov 2026"]
    brings(write([{"employee": "Y-1", "rated_at": text} for text in at]))
    assert [(rating.rated_at, rating.rated_on) for rating in ratings()] == [
        (datetime(2026, 11, 10, 3, tzinfo=UTC), date(2026, 11, 10)),
        (datetime(2026, 11, 10, 14, 30, tzinfo=UTC), date(2026, 11, 10)),
        (datetime(2026, 11, 10, 16, tzinfo=UTC), date(2026, 11, 11)),
        (datetime(2026, 11, 10, 3, tzinfo=UTC), date(2026, 11, 10)),
    ]


def test_scales_are_converted_and_the_original_kept(cast: Cast, write: Any) -> None:
    brings(write([{"stars": value, "employee": "N-0412"} for value in (0, 6, 9)]), scale="nps")
    assert [(r.stars, r.original_value, r.original_scale) for r in ratings()] == [
        (1, "0", "nps"),
        (3, "6", "nps"),
        (5, "9", "nps"),
    ]


def test_drivers_are_known_by_key_or_name(cast: Cast, write: Any) -> None:
    with transaction():
        ensure_default_drivers()
    headers = (*HEADERS[:4], "drivers")
    rows = [{"drivers": "Speed; Little effort, speed"}, {"drivers": "own theme"}, {}]
    path = write(rows, headers)
    brings(path, headers=headers)
    assert [rating.drivers for rating in ratings()] == [["speed", "effort"], ["own theme"], []]
    assert counts(brings(path, headers=headers)) == (0, 3, 0, 0)


def test_what_is_missing_is_made(cast: Cast, write: Any) -> None:
    rows = [
        {"employee": "L1", "team": "Physics", "touchpoint": "Lecture", "channel": "Web", "rated_at": "2026-11-02"},
        {"employee": "l1", "team": "Physics", "touchpoint": "lecture", "channel": "web", "rated_at": "2026-10-05"},
        {"employee": "L1", "team": "Maths", "touchpoint": "Lecture", "channel": "Web", "rated_at": "2026-11-03"},
    ]
    result = brings(write(rows), create_missing=True)
    assert counts(result) == (3, 0, 0, 0)
    person = db.session.scalars(select(Person).where(Person.staff_number == "L1")).one()
    assert (person.name, person.created_by_import_id) == ("L1", result.import_id)
    membership = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    physics = db.session.scalars(select(Team).where(Team.name == "Physics")).one()
    assert (membership.team_id, membership.started_on, membership.ended_on) == (physics.id, date(2026, 10, 5), None)
    assert (physics.time_zone, physics.created_by_import_id) == ("Africa/Nairobi", result.import_id)
    made = [*db.session.scalars(select(Touchpoint)), *db.session.scalars(select(Channel))]
    assert [(row.name, row.created_by_import_id) for row in made] == [
        ("Lecture", result.import_id),
        ("Web", result.import_id),
    ]
    assert rollup.differences() == {}


def test_an_empty_database_can_be_filled(app: Flask) -> None:
    """Real ratings of lecturers, into a database that has not even an organisation."""
    mapping = {
        "external_id": "rating_id",
        "rated_at": "semester_start",
        "stars": "stars",
        "employee": "lecturer",
        "team": "department",
        "touchpoint": "course_kind",
        "customer": "student",
    }
    data = ROOT.parent / "shared" / "data" / "university-ratings.csv.gz"
    if not data.exists():
        pytest.skip("the ratings of lecturers are not on this machine")
    result = brings(data, mapping=mapping, create_missing=True)
    assert counts(result) == (37_246, 0, 0, 0)
    assert db.session.scalars(select(func.count(Rating.person_id.distinct()))).one() == 556
    assert rollup.differences() == {}
    assert counts(brings(data, mapping=mapping, create_missing=True)) == (0, 37_246, 0, 0)
    undo(result)
    assert {name: n for name, n in everything().items() if n} == {}


def test_readers_see_an_import_only_when_it_is_finished(cast: Cast, write: Any, monkeypatch: Any) -> None:
    seen = []
    monkeypatch.setattr("tracker.intake.rows.BATCH", 2)

    def looks(_share: float, _rows: int) -> None:
        db.session.rollback()
        facts = db.session.execute(rollup.facts()).all()
        seen.append((len(facts), db.session.scalars(select(func.count()).select_from(Rating)).one()))
        db.session.rollback()

    brings(write([{"employee": "N-0412"}] * 5), progress=looks)
    assert seen == [(0, 2), (0, 4), (0, 5)]
    assert len(db.session.execute(rollup.facts()).all()) == 1


def test_frozen_means_from_the_first_day_on_are_worked_out_again(cast: Cast, write: Any) -> None:
    week = week_of(date(2026, 11, 10))
    with transaction():
        for number in (week - 1, week, week + 1):
            db.session.add(CellWeek(touchpoint_id=0, channel_id=0, week=number, mu=4.0))
    brings(write([{"employee": "N-0412"}]))
    db.session.rollback()
    assert list(db.session.scalars(select(CellWeek.week))) == [week - 1]


def test_the_audit_remembers_who_and_how_much(cast: Cast, write: Any) -> None:
    result = brings(write([{"employee": "N-0412"}, {"stars": 9}]), by=cast.ruth.id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import.finished")).one()
    assert (entry.by_id, entry.about_kind, entry.about_id) == (cast.ruth.id, "rating_import", result.import_id)
    assert entry.details == {"stored": 1, "unchanged": 0, "waiting": 0, "rejected": 1, "transferred": 0}
    row = db.session.get_one(Import, result.import_id)
    assert (row.stored, row.unchanged, row.waiting, row.rejected) == (1, 0, 0, 1)
    assert row.finished_at is not None


# It refuses


def test_rows_that_cannot_be_taken_are_listed_with_line_and_reason(cast: Cast, write: Any) -> None:
    rows = [
        {"stars": 9},
        {"rated_at": "03/04/2026"},
        {"touchpoint": "Moon"},
        {"channel": "Pigeon"},
        {"external_id": "x" * 121},
        {"customer": "x" * 121},
        {"employee": "N-0412"},
    ]
    result = brings(write(rows))
    assert counts(result) == (1, 0, 0, 6)
    assert reasons(result) == [
        (2, "Stars go from 1 to 5"),
        (3, "03/04/2026 can be 3 April or 4 March. Say which: day first or month first."),
        (4, "The touchpoint “Moon” isn’t known here. Add it or let the import create what is missing."),
        (5, "The channel “Pigeon” isn’t known here. Add it or let the import create what is missing."),
        (6, "The id or the customer is longer than 120 characters"),
        (7, "The id or the customer is longer than 120 characters"),
    ]


def test_names_too_long_to_be_made_are_not_made(cast: Cast, write: Any) -> None:
    rows = [{"touchpoint": "x" * 121}, {"employee": "x" * 121}, {"employee": "y" * 41}]
    result = brings(write(rows), create_missing=True)
    assert counts(result) == (1, 0, 1, 2)
    assert reasons(result) == [
        (2, "The touchpoint is longer than 120 characters"),
        (3, "The employee is longer than 120 characters"),
    ]


def test_nothing_is_stored_when_all_or_nothing_was_asked_for(cast: Cast, write: Any) -> None:
    before = everything()
    rows = [{"employee": "new", "touchpoint": "New", "customer": "C1"}, {"stars": 9}]
    result = brings(write(rows), create_missing=True, only_if_clean=True)
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(result) == [(3, "Stars go from 1 to 5")]
    assert everything() == before
    assert counts(brings(write(rows[:1]), create_missing=True, only_if_clean=True)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"stars": "stars"}, "Say which column holds the date (rated_at)."),
        ({"stars": "stars", "rated_at": "when"}, "The file has no column “when”."),
        ({"stars": "stars", "rated_at": "rated_at", "shoes": "team"}, "There is no field “shoes”."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(cast: Cast, write: Any, mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        brings(write([{}]), mapping=mapping)
    assert refusal.value.sentence.startswith(sentence)
    assert db.session.scalars(select(Import)).all() == []


def test_a_file_that_breaks_off_leaves_nothing(cast: Cast, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tracker.intake.rows.BATCH", 1_000)
    lines = "".join(f"R{number},2026-11-10,{1 + number * 7 % 5},new\n" for number in range(200_000))
    packed = gzip.compress(f"external_id,rated_at,stars,employee\n{lines}".encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    before = everything()
    with pytest.raises(Invalid, match="cut short or damaged"):
        brings(path, headers=HEADERS[:4], create_missing=True)
    assert everything() == before
    assert db.session.scalars(select(Import.undone_at)).one() is not None


def test_an_error_on_the_way_leaves_nothing(cast: Cast, write: Any) -> None:
    before = everything()

    def fails(_share: float, _rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        brings(write([{"employee": "new", "team": "New"}]), create_missing=True, progress=fails)
    assert everything() == before


# Twice


def test_the_same_file_twice_changes_nothing(cast: Cast, write: Any) -> None:
    rows = [{"employee": "N-0412", "customer": "C1", "comment": "Good", "rated_at": "2026-11-10"}] * 3
    brings(write(rows))
    before = everything()
    assert counts(brings(write(rows, name="another-name.csv"))) == (0, 3, 0, 0)
    assert everything() == before
    assert rollup.differences() == {}


def test_new_rows_beside_known_ones_are_stored(cast: Cast, write: Any) -> None:
    brings(write([{}, {}]))
    assert counts(brings(write([{}, {}, {}, {"external_id": "R0"}]))) == (1, 3, 1, 0)


def test_a_known_id_with_other_content_is_not_taken(cast: Cast, write: Any) -> None:
    brings(write([{"stars": 4}, {"comment": "Good"}, {"employee": "N-0412"}]))
    result = brings(write([{"stars": 5}, {"comment": "Bad"}, {"employee": "N-9", "stars": 5}]))
    assert counts(result) == (0, 0, 0, 3)
    assert reasons(result)[0] == (2, "A rating with the id “R0” is here already, and it says something else")
    assert [rating.stars for rating in ratings()] == [4, 4, 4]


def test_an_id_that_stands_twice_in_a_file_is_one_rating(cast: Cast, write: Any) -> None:
    twice = [{"external_id": "A"}, {"external_id": "A"}, {"external_id": "A", "stars": 1}]
    result = brings(write(twice))
    assert counts(result) == (1, 1, 1, 1)
    assert reasons(result)[0][0] == 4


def test_a_rating_credited_anew_is_still_the_same_rating(cast: Cast, write: Any) -> None:
    brings(write([{"employee": "N-0412"}]))
    with transaction():
        rating = db.session.scalars(select(Rating)).one()
        reassign_rating(rating, cast.kevin, by=cast.brian.id, reason="It was Kevin", at=NOW)
    assert counts(brings(write([{"employee": "N-0412"}]))) == (0, 1, 0, 0)
    assert ratings()[0].person_id == cast.kevin.id


def test_the_same_id_from_another_source_is_another_rating(cast: Cast, write: Any) -> None:
    brings(write([{}]))
    assert counts(brings(write([{}]), source="till system")) == (1, 0, 1, 0)


def test_a_file_without_ids_twice_changes_nothing(cast: Cast, write: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("tracker.intake.rows.BATCH", 2)
    headers = HEADERS[1:]
    rows = [{"comment": "same"}] * 5 + [{"comment": "other"}]
    assert counts(brings(write(rows, headers), headers=headers)) == (6, 0, 6, 0), "five customers can say the same"
    assert counts(brings(write(rows[::-1], headers), headers=headers)) == (0, 6, 0, 0), "in any order"
    assert counts(brings(write([rows[0], *rows], headers), headers=headers)) == (1, 6, 1, 0), "a sixth is new"


def test_occurrences_are_counted_over_batches() -> None:
    counter, expected = Occurrences(), {}
    for batch in range(50):
        keys = [f"{(batch * number * 7919) % 97:032x}"[::-1] for number in range(batch % 7 * 3 + 1)]
        numbers = counter.number(keys)
        for key, number in zip(keys, numbers, strict=True):
            expected[key] = expected.get(key, 0) + 1
            assert number == expected[key]


def test_two_imports_of_one_source_do_not_run_at_once(cast: Cast, write: Any) -> None:
    path = write([{"employee": "N-0412"}])

    def starts_another(_share: float, _rows: int) -> None:
        with pytest.raises(Conflict, match="Another file from this source"):
            brings(path)
        assert counts(brings(path, source="other")) == (1, 0, 0, 0)

    assert counts(brings(path, progress=starts_another)) == (1, 0, 0, 0)
    assert rollup.differences() == {}


# Undo


def test_an_undone_import_leaves_nothing_behind(cast: Cast, write: Any) -> None:
    with transaction():
        a_rating(cast.amina, 2)
    before = everything()
    rows = [
        {"employee": "N-0412", "customer": "C1"},
        {"employee": "new", "team": "New", "touchpoint": "New", "channel": "New"},
        {"employee": "N-0412", "touchpoint": "Tills", "channel": "Mailed link", "rated_at": "2026-11-16T09:00:00Z"},
        {"employee": ""},
    ]
    result = brings(write(rows), create_missing=True)
    assert rollup.differences() == {}
    undo(result)
    assert everything() == before
    assert rollup.differences() == {}
    row = db.session.get_one(Import, result.import_id)
    assert (row.undone_at, row.stored) == (NOW, 4)


def test_what_happened_to_the_ratings_since_is_undone_with_them(cast: Cast, write: Any) -> None:
    result = brings(write([{"employee": "N-0412"}] * 3))
    with transaction():
        first, second, _third = db.session.scalars(select(Rating).order_by(Rating.id)).all()
        reassign_rating(first, cast.kevin, by=cast.brian.id, reason="It was Kevin", at=NOW)
        exclude_rating(second, by=cast.chloe.id, reason="Abusive", at=NOW)
    undo(result)
    assert ratings() == []
    assert db.session.scalars(select(Attribution)).all() == []
    assert db.session.scalars(select(ScoreWeek)).all() == []
    assert rollup.differences() == {}
    actions = list(db.session.scalars(select(AuditEntry.action)))
    assert {"rating.reassigned", "rating.excluded", "import.finished", "import.undone"} <= set(actions)


def test_what_others_use_by_now_stays(cast: Cast, write: Any) -> None:
    rows = [
        {"employee": "kept", "team": "Kept", "touchpoint": "Kept", "channel": "Kept", "customer": "kept"},
        {"employee": "moved", "team": "Gone"},
    ]
    result = brings(write(rows), create_missing=True)
    with transaction():
        kept = db.session.scalars(select(Person).where(Person.name == "kept")).one()
        moved = db.session.scalars(select(Person).where(Person.name == "moved")).one()
        used = {
            "touchpoint_id": db.session.scalars(select(Touchpoint.id).where(Touchpoint.name == "Kept")).one(),
            "channel_id": db.session.scalars(select(Channel.id).where(Channel.name == "Kept")).one(),
            "customer_id": db.session.scalars(select(Customer.id)).one(),
        }
        a_rating(kept, 5, **used)
        db.session.execute(
            update(Membership).where(Membership.person_id == moved.id).values(ended_on=date(2026, 11, 12))
        )
        joins(moved, cast.floor, since=date(2026, 11, 12))
    undo(result)
    names = set(db.session.scalars(select(Person.name)))
    assert {"kept", "moved"} <= names
    assert "Kept" in set(db.session.scalars(select(Team.name)))
    assert db.session.scalars(select(Customer.reference)).all() == ["kept"]
    assert [rating.stars for rating in ratings()] == [5]
    assert rollup.differences() == {}


def test_the_cards_it_changed_are_made_anew(cast: Cast, write: Any) -> None:
    result = brings(write([{"employee": "N-0412"}]))
    with transaction():
        for person in (cast.amina, cast.kevin):
            db.session.add(ScoreCard(person_id=person.id, audience="own", week=1, figures={}))
    undo(result)
    stale = {card.person_id: card.rewrite_at for card in db.session.scalars(select(ScoreCard))}
    assert stale == {cast.amina.id: NOW, cast.kevin.id: None}


def test_an_import_is_undone_once(cast: Cast, write: Any) -> None:
    result = brings(write([{}]))
    undo(result)
    with pytest.raises(Conflict, match="undone already"):
        undo(result)


def test_after_an_undo_the_file_can_come_again(cast: Cast, write: Any) -> None:
    path = write([{"employee": "new", "team": "New"}] * 2)
    undo(brings(path, create_missing=True))
    assert counts(brings(path, create_missing=True)) == (2, 0, 0, 0)
    assert rollup.differences() == {}


def test_after_thirty_days_it_stays(cast: Cast, write: Any) -> None:
    result = brings(write([{}]))
    with pytest.raises(Refused, match="older than 30 days"):
        undo(result, at=NOW + timedelta(days=31))
    undo(result, at=NOW + timedelta(days=29))


# Killed


KILLED = """
import os, sys
from datetime import UTC, datetime
from tracker import create_app
from tracker.intake import importing, rows
from tracker.intake.rows import Choices

url, folder, path, moment = sys.argv[1:]
rows.BATCH = 100
app = create_app({"DATABASE_URL": url, "INSTANCE_PATH": folder, "BASE_URL": "http://localhost"})
if moment == "finish":
    fold = importing.fold
    importing.fold = lambda import_id: (fold(import_id), print("here", flush=True), sys.stdin.readline())

def stops(_share, read):
    if moment == "batch" and read >= 300:
        print("here", flush=True)
        sys.stdin.readline()

with app.app_context():
    choices = Choices(mapping={h: h for h in ("external_id", "rated_at", "stars", "employee", "team")}, create_missing=True)
    importing.import_ratings(path, choices, by=None, at=datetime(2026, 11, 18, 9, tzinfo=UTC), progress=stops)
"""


@pytest.mark.parametrize("moment", ["batch", "finish"])
def test_nothing_counts_of_an_import_that_was_killed(
    cast: Cast, write: Any, database_url: str, tmp_path: Path, moment: str
) -> None:
    path = write([{"employee": f"new {number % 9}", "team": "New"} for number in range(500)], HEADERS[:5])
    before = everything()
    db.session.rollback()
    command = [sys.executable, "-c", KILLED, database_url, str(tmp_path / "instance"), str(path), moment]
    victim = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert victim.stdout.readline() == "here\n"
    victim.kill()
    assert victim.wait() == -signal.SIGKILL
    victim.stdin.close()
    victim.stdout.close()

    assert len(ratings()) == (300 if moment == "batch" else 500)
    assert db.session.execute(rollup.facts()).all() == []
    assert rollup.differences() == {}
    with pytest.raises(Conflict, match="cut off a moment ago"):
        brings(path, headers=HEADERS[:5], create_missing=True)
    assert undo_imports_cut_off(NOW + timedelta(minutes=1)) == 0, "it may still be alive"
    assert undo_imports_cut_off(NOW + timedelta(minutes=10)) == 1
    assert everything() == before
    assert undo_imports_cut_off(NOW + timedelta(minutes=10)) == 0
    assert counts(brings(path, headers=HEADERS[:5], create_missing=True)) == (500, 0, 0, 0)
    assert rollup.differences() == {}


def test_an_import_taken_for_dead_stops_when_it_wakes(cast: Cast, write: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("tracker.intake.rows.BATCH", 1)
    before = everything()

    def sleeps(_share: float, _rows: int) -> None:
        undo_imports_cut_off(NOW + timedelta(hours=1))

    with pytest.raises(Conflict, match="stood still for too long"):
        brings(write([{"employee": "N-0412"}] * 3), progress=sleeps)
    assert everything() == before


# At the edge


MEASURE = """
import resource, sys
from datetime import UTC, datetime
from tracker import create_app
from tracker.core.db import db
from tracker.intake.actions import import_ratings
from tracker.intake.rows import Choices
from tracker.ratings import rollup

url, folder, path = sys.argv[1:]
app = create_app({"DATABASE_URL": url, "INSTANCE_PATH": folder, "BASE_URL": "http://localhost"})
with app.app_context():
    db.create_all()
    mapping = {name: name for name in ("rated_at", "stars", "employee", "customer")}
    result = import_ratings(path, Choices(mapping=mapping, create_missing=True), by=None, at=datetime(2026, 11, 18, 9, tzinfo=UTC))
    print(result.stored, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak_memory(folder: Path, rows: int) -> int:
    """Megabytes at most used by a process that imports so many rows, each with a customer of its own and no id."""
    folder.mkdir()
    path = folder / "ratings.csv"
    with path.open("w") as out:
        out.write("rated_at,stars,employee,customer\n")
        first = datetime(2024, 1, 1, tzinfo=UTC)
        out.writelines(
            f"{(first + timedelta(minutes=3 * n)).isoformat()},{1 + n % 5},N{n % 300},C{n}\n" for n in range(rows)
        )
    command = [sys.executable, "-c", MEASURE, f"sqlite:///{folder}/t.db", str(folder), str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    stored, megabytes = map(int, done.stdout.split())
    assert stored == rows
    return megabytes


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """The first 30,000 rows fill every batch and cache once; 100,000 more must not add 100 bytes each."""
    small, large = peak_memory(tmp_path / "small", 30_000), peak_memory(tmp_path / "large", 130_000)
    assert large - small < 10, f"{small} MB for 30,000 rows, {large} MB for 130,000"


def test_ratings_of_long_ago_and_of_this_minute(cast: Cast, write: Any) -> None:
    rows = [{"rated_at": "1999-12-31T23:59:59", "employee": "N-0412"}, {"rated_at": NOW.isoformat()}]
    assert counts(brings(write(rows))) == (2, 0, 1, 0)
    assert rollup.differences() == {}
    assert db.session.scalars(select(func.min(ScoreWeek.week))).one() == week_of(date(1999, 12, 31))


@pytest.mark.parametrize("day", ["1999-12-31", "2024-02-29", "2026-11-09", "2026-11-15", "2026-01-01"])
def test_a_rating_counts_in_the_week_that_holds_its_day(cast: Cast, write: Any, day: str) -> None:
    brings(write([{"rated_at": day, "employee": "N-0412"}]))
    [week] = db.session.scalars(select(ScoreWeek.week)).all()
    assert monday_of(week) <= date.fromisoformat(day) <= monday_of(week) + timedelta(days=6)
    assert rollup.differences() == {}


def test_words_of_every_kind_come_through(cast: Cast, write: Any) -> None:
    words = ["=1+1", "ünï", "😀", "a\nb", '"', "\t tab", "\\N", "\\.", "x\x00y".replace("\x00", ""), "\u202eevil"]
    brings(write([{"comment": word, "employee": "N-0412"} for word in words]))
    assert [rating.comment for rating in ratings()] == words
