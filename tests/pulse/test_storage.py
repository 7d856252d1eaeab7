"""What somebody learns who has the whole database, its log of changes and copies of it: STATISTICS.md section 5."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select, text

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import an_open_round, closed
from tracker.core.db import db, transaction
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.keys import key
from tracker.pulse.models import PulseBox, PulseComment, PulseRound

FIRST = next_items([])[0].key
SENTINEL = "the heron stands in the reeds at noon"
PEOPLE, RUNS = 40, 50
BY_CHANCE = 1.5  # of 40 drawn at random one is right on average; a single run may well have three


@pytest.fixture
def forty(cast: Cast) -> list[int]:
    with transaction():
        return [a_person(team=cast.tills).id for _number in range(PEOPLE)]


@pytest.fixture
def files(database_url: str) -> list[Path]:
    """The database, its log of changes and its index."""
    main = Path(make_url(database_url).database or "")
    return [main, main.with_name(f"{main.name}-wal"), main.with_name(f"{main.name}-shm")]


def bytes_of(files: list[Path]) -> bytes:
    db.session.rollback()
    return b"".join(file.read_bytes() for file in files if file.exists())


@pytest.mark.one_database
def test_backup_before_close_has_no_plaintext(forty: list[int], files: list[Path], tmp_path: Path) -> None:
    round_id = an_open_round()
    for person in forty[:8]:
        assert _says(round_id, person, SENTINEL) == Outcome.KEPT
    with closing(sqlite3.connect(files[0])) as live, closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        live.backup(copy)
    secret = key(db.session.get_one(PulseRound, round_id).key_name or "")
    for kept in (bytes_of(files), (tmp_path / "backup.db").read_bytes()):
        assert SENTINEL.encode() not in kept
        assert secret not in kept
        assert FIRST.encode() in kept, "the questions are no secret: the search itself finds things"


@pytest.mark.one_database
def test_box_empty_and_vacuumed_after_close(forty: list[int], files: list[Path], app: Flask) -> None:
    """Also where SQLite was built to leave deleted rows on the disk, as it is by default (Debian’s overwrites them)."""
    db.session.connection().exec_driver_sql("PRAGMA secure_delete=OFF")
    round_id = an_open_round()
    for person in forty[:8]:
        _says(round_id, person, SENTINEL)
    sealed = [bytes(box)[:64] for box in db.session.scalars(select(PulseBox.sealed))]
    before = bytes_of(files)
    assert all(box in before for box in sealed), "before the close the boxes lie there"
    name = db.session.get_one(PulseRound, round_id).key_name or ""
    secret = key(name)
    closed(round_id)
    after = bytes_of(files)
    assert not any(box in after for box in sealed)
    assert SENTINEL.encode() in after, "published, for eight answered"
    folder = Path(app.config["KEY_DIR"])
    assert name not in {path.name for path in folder.iterdir()}
    assert not any(secret in path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_no_box_and_no_member_is_left(forty: list[int]) -> None:
    round_id = an_open_round()
    for person in forty:
        _says(round_id, person, "words")
    closed(round_id)
    for table in ("pulse_box", "pulse_member", "pulse_code"):
        assert db.session.scalar(select(func.count()).select_from(text(table))) == 0
        if db.engine.dialect.name == "postgresql":
            assert db.session.scalar(select(func.pg_relation_size(table))) == 0, "not even dead rows"


def test_storage_order_does_not_link(forty: list[int]) -> None:
    """Somebody who stood by knows in which order they answered, and reads what is left in every order that the rows have."""
    random, right = Random(5), dict.fromkeys(_orders(), 0)
    for _run in range(RUNS):
        order = random.sample(forty, PEOPLE)
        round_id = an_open_round()
        for person in order:
            _says(round_id, person, f"said by {person}")
        closed(round_id)
        for name, sql in _orders().items():
            read = db.session.execute(text(sql), {"round": round_id}).scalars().all()
            assert len(read) == PEOPLE
            right[name] += sum(words == f"said by {person}" for words, person in zip(read, order, strict=True))
        db.session.rollback()
    assert {name: hits / RUNS for name, hits in right.items() if hits / RUNS >= BY_CHANCE} == {}


def test_the_search_links_everybody_where_rows_are_kept_as_they_came(forty: list[int]) -> None:
    """The naive schema: a number that counts up, and the name beside it or not, is enough."""
    with transaction():
        db.session.execute(text("CREATE TEMPORARY TABLE naive_answer (words TEXT)"))
        order = Random(5).sample(forty, PEOPLE)
        for person in order:
            db.session.execute(text("INSERT INTO naive_answer VALUES (:words)"), {"words": f"said by {person}"})
        place = text("rowid" if db.engine.dialect.name == "sqlite" else "ctid")
        read = (
            db.session.execute(select(text("words")).select_from(text("naive_answer")).order_by(place)).scalars().all()
        )
        assert sum(words == f"said by {person}" for words, person in zip(read, order, strict=True)) == PEOPLE
        db.session.execute(text("DROP TABLE naive_answer"))


def test_xmin_and_ctid_link_nothing_after_close(forty: list[int]) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL keeps the number of the transaction with each row")
    round_id = an_open_round()
    for person in forty:
        _says(round_id, person, "words")
    seen = "SELECT xmin::text FROM pulse_member UNION ALL SELECT xmin::text FROM pulse_box"
    assert len(set(db.session.execute(text(seen)).scalars())) == 2 * PEOPLE + 1, (
        "while it is open: one for each, and the others"
    )
    closed(round_id)
    for table in ("pulse_comment", "pulse_result"):
        numbers = set(db.session.execute(select(text("xmin::text")).select_from(text(table))).scalars())
        assert len(numbers) == 1, "all written by the one transaction of the close"
    assert db.session.scalar(select(func.count()).select_from(PulseComment)) == PEOPLE


def _says(round_id: int, person: int, words: str) -> Outcome:
    return answer(round_id, Voter(person_id=person), Answers({FIRST: 4}, {FIRST: words}))


def _orders() -> dict[str, str]:
    """Every order in which the database can give the comments back."""
    of_round = "SELECT text FROM pulse_comment WHERE round_id = :round"
    both = {"as it comes": of_round, "by key": f"{of_round} ORDER BY k", "last first": f"{of_round} ORDER BY k DESC"}
    physical = {
        "by place": f"{of_round} ORDER BY ctid",
        "by transaction": f"{of_round} ORDER BY xmin::text::bigint, ctid",
    }
    return {**both, **(physical if db.engine.dialect.name == "postgresql" else {})}
