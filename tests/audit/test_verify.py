"""The audit's hash chain: every way of touching it is named, and nothing else is."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from tracker.audit.actions import head, record, seal
from tracker.audit.jobs import anchor_file, seal_audit
from tracker.audit.models import AuditEntry, AuditSeal
from tracker.audit.queries import Verdict, verify
from tracker.core.db import db, transaction

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_anchor(app: Flask, tmp_path: Path) -> Iterator[None]:
    before = app.config["KEY_DIR"]
    app.config["KEY_DIR"] = str(tmp_path / "keys")
    yield
    app.config["KEY_DIR"] = before


@pytest.fixture
def entries(app: Flask) -> list[int]:
    """Twelve sealed entries in three batches of four."""
    for batch in range(3):
        deeds(4, at=AT + timedelta(minutes=batch))
        seal_audit(AT + timedelta(minutes=batch, seconds=30))
    return ids()


def deeds(count: int, *, at: datetime = AT) -> None:
    with transaction():
        for number in range(count):
            record(
                "team.changed", by=1, about="team", person=number, at=at, reason="Grüße", details_of=[1, {"a": None}]
            )


def ids() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def verdict(*, at: datetime = AT + timedelta(minutes=5)) -> Verdict:
    db.session.rollback()
    db.session.expire_all()
    return verify(at=at, anchor=anchor_file())


def touch(statement: Any) -> None:
    with transaction():
        db.session.execute(statement)


def test_an_untouched_chain_verifies(entries: list[int]) -> None:
    found = verdict(at=LATER)
    assert (found.sealed, found.unsealed, found.problems) == (12, 0, [])
    assert found.head == head()[1]


@pytest.mark.parametrize("position", [0, 5, 11])
@pytest.mark.parametrize(
    "change",
    [
        {"action": "team.closed"},
        {"by_id": 2},
        {"by_id": None},
        {"about_id": 7},
        {"person_id": 99},
        {"reason": None},
        {"details": {}},
        {"at": AT + timedelta(microseconds=1)},
    ],
)
def test_one_changed_field_of_one_entry_is_named(entries: list[int], position: int, change: dict[str, Any]) -> None:
    touch(update(AuditEntry).where(AuditEntry.id == entries[position]).values(**change))
    assert verdict().problems == [f"entry {entries[position]} was changed or moved (seal {position + 1})"]


@pytest.mark.parametrize("position", [0, 5, 11])
def test_a_deleted_entry_is_named(entries: list[int], position: int) -> None:
    touch(delete(AuditEntry).where(AuditEntry.id == entries[position]))
    assert verdict().problems == [f"entry {entries[position]} was deleted (seal {position + 1})"]


def test_an_entry_deleted_with_its_seal_leaves_a_gap_and_a_break(entries: list[int]) -> None:
    touch(delete(AuditSeal).where(AuditSeal.sequence == 6))
    touch(delete(AuditEntry).where(AuditEntry.id == entries[5]))
    problems = verdict().problems
    assert "seal 6 is missing" in problems
    assert f"entry {entries[6]} was changed or moved (seal 7)" in problems


def test_an_inserted_entry_is_named_once_it_is_too_old_to_be_waiting(entries: list[int]) -> None:
    touch(AuditEntry.__table__.insert().values(at=AT, action="x.y", about_kind="team", details={}))
    inserted = ids()[-1]
    assert verdict(at=AT + timedelta(minutes=9)).problems == []
    assert verdict(at=LATER).problems == [
        f"entry {inserted} has no seal: it was inserted later, or sealing has stopped"
    ]


def test_two_entries_that_changed_places_are_both_named(entries: list[int]) -> None:
    touch(update(AuditSeal).where(AuditSeal.sequence == 3).values(entry_id=-1))
    touch(update(AuditSeal).where(AuditSeal.sequence == 4).values(entry_id=entries[2]))
    touch(update(AuditSeal).where(AuditSeal.sequence == 3).values(entry_id=entries[3]))
    problems = verdict().problems
    assert f"entry {entries[3]} was changed or moved (seal 3)" in problems
    assert f"entry {entries[2]} was changed or moved (seal 4)" in problems


@pytest.mark.parametrize("kept", [0, 3, 8, 11])
def test_a_cut_off_end_is_told_by_the_head_outside(entries: list[int], kept: int) -> None:
    touch(delete(AuditSeal).where(AuditSeal.sequence > kept))
    touch(delete(AuditEntry).where(AuditEntry.id.in_(entries[kept:])))
    assert "the chain differs from the head written outside at seal 12" in verdict().problems


def test_an_end_cut_off_and_grown_again_is_told_too(entries: list[int]) -> None:
    touch(delete(AuditSeal).where(AuditSeal.sequence > 8))
    touch(delete(AuditEntry).where(AuditEntry.id.in_(entries[8:])))
    deeds(4, at=AT)
    seal_audit(LATER)
    assert verdict(at=LATER).problems == ["the chain differs from the head written outside at seal 12"]


def test_a_chain_rewritten_from_the_start_is_told_by_the_head_outside(entries: list[int]) -> None:
    """With full power over the database everything inside it can be made consistent; the file outside cannot."""
    touch(update(AuditEntry).where(AuditEntry.id == entries[2]).values(reason="nothing happened"))
    touch(delete(AuditSeal))
    with transaction():
        seal()
    assert verify(at=AT, anchor=None).problems == []
    assert verdict().problems == [
        f"the chain differs from the head written outside at seal {number}" for number in (4, 8, 12)
    ]


def test_a_broken_line_of_the_file_outside_is_told_and_the_rest_still_counts(entries: list[int]) -> None:
    with anchor_file().open("a", encoding="utf-8") as out:
        out.write('{"sequence": 12, "ha')
    assert verdict().problems == ["line 4 of the heads written outside cannot be read"]


def test_the_unsealed_end_is_counted_and_named_when_sealing_has_stopped(entries: list[int]) -> None:
    deeds(3, at=AT + timedelta(minutes=4))
    found = verdict(at=AT + timedelta(minutes=5))
    assert (found.sealed, found.unsealed, found.problems) == (12, 3, [])
    assert len(verdict(at=LATER).problems) == 3


def test_the_database_server_s_time_zone_changes_no_seal(entries: list[int]) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no time zone")
    db.session.rollback()
    db.session.expire_all()
    db.session.execute(text("SET TIME ZONE 'America/Santiago'"))
    problems = verify(at=AT, anchor=anchor_file()).problems
    db.session.rollback()
    assert problems == []


def test_what_is_rolled_back_leaves_no_entry(app: Flask) -> None:
    with transaction():
        record("team.changed", by=1, about="team", at=AT)
        db.session.flush()
        db.session.rollback()
    assert ids() == []


def test_two_that_seal_at_once_make_one_chain(app: Flask) -> None:
    deeds(300)
    db.session.rollback()
    start = threading.Barrier(4)
    sealed: list[int] = []

    def seal_it(number: int) -> None:
        with app.app_context():
            start.wait()
            sealed.append(seal_audit(AT + timedelta(microseconds=number)))

    threads = [threading.Thread(target=seal_it, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(sealed) == 300
    found = verdict()
    assert (found.sealed, found.unsealed, found.problems) == (300, 0, [])


def test_sealing_again_adds_nothing_and_anchors_nothing(entries: list[int]) -> None:
    before = anchor_file().read_text()
    assert seal_audit(LATER) == 0
    assert anchor_file().read_text() == before
    assert len(before.splitlines()) == 3


def test_an_entry_holds_ids_and_never_a_name(app: Flask, cast: Any) -> None:
    names = [person.name for person in (cast.amina, cast.brian, cast.ruth)]
    stored = repr(db.session.execute(select(AuditEntry.__table__)).all())
    assert not [name for name in names if name in stored]
