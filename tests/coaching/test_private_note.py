"""A private note is its author's and nobody else's, by whichever door. The words are searched for everywhere, byte by byte."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click import Command, Group
from flask import Flask
from sqlalchemy import delete, select

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.factories import a_person, an_organisation, leads
from tests.journeys.crawl import everything
from tests.journeys.serving import Hour, receiving_mail
from tests.webhooks.receiver import a_webhook, receiving
from tracker.api.actions import make_token
from tracker.api.rules import SCOPES
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import book_session, close_case, complete_session
from tracker.coaching.models import CoachingCase
from tracker.coaching.notes import words_of, write_private_note
from tracker.coaching.page_models import PrivateNote
from tracker.coaching.policy import private_notes_of
from tracker.core.audience import Viewer
from tracker.core.data_key import FILE
from tracker.core.db import db, transaction
from tracker.core.outbox import send_due
from tracker.core.sealing import Unreadable
from tracker.core.tasks import run_due
from tracker.organisation.models import Person, Tenure
from tracker.organisation.policy import matrix
from tracker.webhooks.outbound_sending import send_due as send_webhooks

WORDS = "Zanzibar-4711"
NOTE = f"I am not sure how to say it. {WORDS}."
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def key_dir(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "KEY_DIR", str(tmp_path / "keys"))
    return tmp_path / "keys"


@pytest.fixture
def noted(case: CoachingCase, cast: Cast, browse: Any) -> CoachingCase:
    """Brian has written one, by the page."""
    assert browse(cast.brian).post(f"/coaching/{case.id}/private-note", {"text": NOTE}).status_code == 303
    return case


def kept() -> list[PrivateNote]:
    db.session.rollback()
    return list(db.session.scalars(select(PrivateNote).order_by(PrivateNote.author_id)))


def test_its_author_reads_it_again_changes_it_and_deletes_it(noted: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, address = browse(cast.brian), f"/coaching/{noted.id}"
    page = brian.get(address).text
    assert NOTE in page
    assert "Your note of Wed 18 Nov, 12:00" in page
    assert brian.post(f"{address}/private-note", {"text": "Something else."}).status_code == 303
    assert WORDS not in brian.get(address).text
    assert "Something else." in brian.get(address).text
    assert brian.post(f"{address}/private-note", {"text": " "}).status_code == 303
    assert kept() == []
    assert brian.post(f"{address}/private-note", {"text": ""}).status_code == 303  # twice is as good as once
    entries = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("coaching.private%")).order_by("id")
    )
    assert list(entries) == ["coaching.private_note_written"] * 2 + ["coaching.private_note_removed"]


def test_each_of_the_two_has_one_of_their_own(noted: CoachingCase, cast: Cast, browse: Any) -> None:
    kevin = browse(cast.kevin)
    assert WORDS not in kevin.get(f"/coaching/{noted.id}").text
    assert kevin.post(f"/coaching/{noted.id}/private-note", {"text": "Only Kevin."}).status_code == 303
    assert "Only Kevin." in kevin.get(f"/coaching/{noted.id}").text
    assert "Only Kevin." not in browse(cast.brian).get(f"/coaching/{noted.id}").text
    assert {note.author_id for note in kept()} == {cast.brian.id, cast.kevin.id}


def test_the_matrix_lets_nobody_read_one_and_the_scope_is_the_author(noted: CoachingCase, cast: Cast) -> None:
    assert set(matrix()["coaching_private_note.read"].values()) == {"D"}
    for name in ("amina", "kevin", "dora", "chloe", "ruth", "faith", "brian"):
        found = db.session.scalars(private_notes_of(_viewer(getattr(cast, name)))).all()
        assert [note.author_id for note in found] == ([cast.brian.id] if name == "brian" else []), name


def _viewer(person: Person) -> Any:
    roles = {"Chloe Yusuf": {"hr"}, "Ruth Kiprop": {"admin"}}.get(person.name, set())
    return Viewer(person.id, person.name, NOW, date(2026, 11, 18), frozenset(roles), manages=True)


def test_a_stranger_finds_no_case_to_write_on(case: CoachingCase, cast: Cast, browse: Any) -> None:
    for who in (cast.amina, cast.dora, cast.chloe, cast.ruth, cast.faith):
        assert browse(who).post(f"/coaching/{case.id}/private-note", {"text": NOTE}).status_code == 404
    assert kept() == []


def test_too_long_comes_back_to_its_author_and_keeps_nothing(case: CoachingCase, cast: Cast, browse: Any) -> None:
    answer = browse(cast.brian).post(f"/coaching/{case.id}/private-note", {"text": "x" * 5_001})
    assert answer.status_code == 422
    assert 'href="#private-text"' in answer.text
    assert kept() == []


def test_also_once_the_case_is_closed(noted: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        close_case(db.session.get_one(CoachingCase, noted.id), because="held", by=cast.brian.id, at=NOW)
    assert NOTE in browse(cast.brian).get(f"/coaching/{noted.id}").text
    assert browse(cast.brian).post(f"/coaching/{noted.id}/private-note", {"text": ""}).status_code == 303
    assert kept() == []


@pytest.fixture
def everybody(noted: CoachingCase, cast: Cast, hour: Hour) -> dict[str, Person]:
    """Whoever might come by: the cast without Brian, a deputy, somebody above with HR's and admin's rights at once."""
    with transaction():
        an_organisation()
        deputy = a_person("Nia Oduya", team=cast.floor)
        leads(deputy, cast.tills, since=date(2026, 11, 1), kind="deputy")
        both = a_person("Omar Said", team=cast.root, roles=["hr", "admin"])
    names = ("amina", "kevin", "dora", "chloe", "ruth", "faith")
    return {name: getattr(cast, name) for name in names} | {"deputy": deputy, "both": both}


def test_no_page_shows_it_to_anybody_else(
    app: Flask, noted: CoachingCase, everybody: dict[str, Person], cast: Cast, browse: Any
) -> None:
    """Every GET route with every id that could matter, as everybody; and not one of them fails."""
    values = _values(noted, [*everybody.values(), cast.brian])
    for name, person in everybody.items():
        seen = everything(app, browse(person), values)
        assert [url for url, found in seen.items() if WORDS in found.text] == [], name
        assert [url for url, found in seen.items() if found.status == 500] == [], name
    own = everything(app, browse(cast.brian), values)
    assert [url for url, found in own.items() if WORDS in found.text] == [f"/coaching/{noted.id}"]


def _values(noted: CoachingCase, people: Iterable[Person]) -> dict[str, list[Any]]:
    ids = sorted({noted.id, *(person.id for person in people)})
    entries = [db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))]
    db.session.rollback()
    return {
        "id": ids,
        "person": [noted.person_id],
        "token": ["nothing"],
        "number": ["1", *map(str, entries)],
        "stage": ["purchase"],
        "key": ["nothing"],
        "name": ["customers", "engagement", "fairness"],
    }


def test_a_successor_does_not_read_it_and_the_former_leader_no_more(
    noted: CoachingCase, cast: Cast, hour: Hour, browse: Any
) -> None:
    before = browse(cast.brian, at=NOW + DAY)
    with transaction():
        db.session.scalars(select(Tenure).where(Tenure.team_id == cast.tills.id)).one().ended_on = date(2026, 11, 19)
        new = a_person("Nia Oduya", team=cast.floor)
        leads(new, cast.tills, since=date(2026, 11, 19))
    hour.at = NOW + DAY
    page = browse(new, at=hour.at).get(f"/coaching/{noted.id}").text
    assert WORDS not in page
    assert "Write one" in page
    assert before.get(f"/coaching/{noted.id}").status_code == 404
    assert before.post(f"/coaching/{noted.id}/private-note", {"text": ""}).status_code == 404
    assert browse(new, at=hour.at).post(f"/coaching/{noted.id}/private-note", {"text": "Mine."}).status_code == 303
    assert len(kept()) == 2  # Brian's lies there unread


def test_no_mail_no_webhook_and_no_log_says_it(
    app: Flask,
    noted: CoachingCase,
    everybody: dict[str, Person],
    cast: Cast,
    hour: Hour,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The case goes on until its close, every job runs for days, and all that goes out is read."""
    with receiving_mail() as (smtp_url, postbox), receiving(app) as receiver:
        monkeypatch.setitem(app.config, "SMTP_URL", smtp_url)
        a_webhook(cast.ruth, receiver.url, at=NOW)
        with transaction():
            found = db.session.get_one(CoachingCase, noted.id)
            book_session(found, by=cast.brian.id, starts_at=NOW + DAY, minutes=20, place=None, at=NOW)
            agreed = [("Open till 3", cast.kevin.id, date(2026, 11, 20))]
            complete_session(found, by=cast.brian.id, note="Shared.", agreed=agreed, follow_up_on=None, at=NOW + DAY)
        for day in range(4):
            hour.at = NOW + day * DAY
            done = run_due(app, app.extensions["timetable"], at=hour.at)
            assert -1 not in done.values(), done
            send_due(hour.at)
            send_webhooks(hour.at)
    assert any("Your talk is written up" in mail.as_string() for mail in postbox.mails)
    assert [mail["Subject"] for mail in postbox.mails if WORDS in mail.as_string()] == []
    assert receiver.got != []
    assert [body for _headers, body in receiver.got if WORDS.encode() in body] == []
    out, err = capfd.readouterr()
    assert WORDS not in out + err


def test_no_program_with_a_token_reads_it(app: Flask, noted: CoachingCase, cast: Cast) -> None:
    """Every GET of the API, as the author's own token too: the product has no door for it."""
    for person in (cast.brian, cast.ruth, cast.chloe, cast.kevin):
        with transaction():
            secret = make_token("Program", SCOPES, expires_at=None, by=person.id, at=NOW)
        client = app.test_client()
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/api/") and "GET" in (rule.methods or set()) and not rule.arguments:
                answer = client.get(rule.rule, headers={"Authorization": f"Bearer {secret}"})
                assert answer.status_code < 500, rule.rule
                assert WORDS not in answer.text, rule.rule


def test_no_command_prints_it(app: Flask, noted: CoachingCase) -> None:
    """Every command that needs nothing given, with and without --json."""
    db.session.rollback()
    names = [names for names in _commands(app.cli, ()) if names[:1] not in {("run",), ("shell",), ("db",)}]
    assert ("audit", "verify") in names
    for name in names:
        if name == ("demo", "load"):
            continue  # it throws everything away, and refuses this database
        for more in ([], ["--json"]):
            result = app.test_cli_runner().invoke(args=[*name, *more])
            assert WORDS not in result.output + str(result.exception), name


def _commands(group: Group, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, Group):
            yield from _commands(command, (*above, name))
        elif isinstance(command, Command):
            yield (*above, name)


def test_no_backup_without_the_key_holds_it(app: Flask, noted: CoachingCase, key_dir: Path, tmp_path: Path) -> None:
    """The database as a backup takes it: every value of every row, and on SQLite every byte, the log of changes too."""
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            assert all(WORDS.encode() not in _bytes(value) for value in row), table.name
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        source = Path(str(db.engine.url.database))
        with sqlite3.connect(source) as open_one, sqlite3.connect(tmp_path / "backup.db") as copy:
            open_one.backup(copy)
        for file in (tmp_path / "backup.db", *source.parent.glob(f"{source.name}*")):
            assert b"Zanzibar" not in file.read_bytes(), file.name
    key = (key_dir / FILE).read_bytes()
    (note,) = kept()
    assert key not in note.locked
    assert words_of(note) == NOTE


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def test_a_note_moved_to_another_author_or_case_does_not_open(noted: CoachingCase, cast: Cast, browse: Any) -> None:
    """Whoever can write into the database gives themselves the row, and still cannot read it."""
    with transaction():
        (note,) = db.session.scalars(select(PrivateNote))
        note.author_id = cast.kevin.id
    (moved,) = kept()
    with pytest.raises(Unreadable):
        words_of(moved)
    page = browse(cast.kevin).get(f"/coaching/{noted.id}")
    assert page.status_code == 200
    assert WORDS not in page.text


def test_with_its_key_lost_it_says_so_and_goes_on(noted: CoachingCase, key_dir: Path, cast: Cast, browse: Any) -> None:
    (key_dir / FILE).unlink()
    brian, address = browse(cast.brian), f"/coaching/{noted.id}"
    page = brian.get(address)
    assert page.status_code == 200
    assert "the key it was locked with is gone" in page.text
    assert WORDS not in page.text
    assert "is gone" not in browse(cast.kevin).get(address).text
    assert brian.post(f"{address}/private-note", {"text": "A new one."}).status_code == 303
    assert "A new one." in brian.get(address).text
    assert "is gone" not in brian.get(address).text


def test_the_audit_is_silent_about_one_written_during_the_head_start(cast: Cast, hour: Hour, browse: Any) -> None:
    with transaction():
        case = a_case_of(cast.kevin, shares_at=NOW + timedelta(hours=20))
    assert browse(cast.kevin).post(f"/coaching/{case.id}/private-note", {"text": NOTE}).status_code == 303
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("coaching.%"))).all() == []


def test_a_case_that_is_deleted_takes_its_notes_along(noted: CoachingCase, cast: Cast) -> None:
    with transaction():
        write_private_note(db.session.get_one(CoachingCase, noted.id), by=cast.kevin.id, text="Mine", at=NOW)
        db.session.execute(delete(CoachingCase).where(CoachingCase.id == noted.id))
    assert kept() == []
