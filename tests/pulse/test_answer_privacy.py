"""What answering leaves behind: the answer and the mark, and nothing that has a person or a moment."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import event, func, select, text

from tests.conftest import Cast
from tests.pulse.rounds import OPENS, an_open_round
from tests.pulse.slips import a_slip
from tests.pulse.walking import go_on, last_question
from tracker.core import clock
from tracker.core.db import db
from tracker.pulse.answering import code_hash
from tracker.pulse.boxes import BOX_BYTES, ROOM_BYTES, Ballot, TooLong, opened, seal
from tracker.pulse.models import PulseBox, PulseMember

MOMENT = OPENS.replace(hour=9, minute=41, second=17)
WRITTEN = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\s+(?:INTO\s+|FROM\s+|OR\s+\w+\s+INTO\s+)?\"?(\w+)", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def during_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MOMENT)


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    rows = {
        table.name: sorted(map(repr, db.session.execute(select(table)).all())) for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return rows


@pytest.fixture
def written(app: Flask) -> Iterator[list[tuple[str, str]]]:
    """(verb, table) of each statement that writes, whoever sends it."""
    found: list[tuple[str, str]] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if match := WRITTEN.match(statement):
            found.append((match[1].upper(), match[2].lower()))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


class Spoken:
    """All that was said on standard output, standard error and to any logger, as loud as it gets."""

    def __init__(self, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self.capfd, self.caplog = capfd, caplog

    def words(self) -> str:
        out, err = self.capfd.readouterr()
        ours = [record for record in self.caplog.records if not record.name.startswith("asyncio")]
        return out + err + "".join(record.getMessage() for record in ours)


@pytest.fixture
def spoken(app: Flask, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[Spoken]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    caplog.set_level(logging.INFO)
    yield Spoken(capfd, caplog)
    structlog.configure(**before)


def test_the_last_step_writes_two_rows_and_no_other(cast: Cast, browse: Any, written: list[tuple[str, str]]) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    before = everything()
    written.clear()
    page = last_question(amina, amina.get("/pulse/answers"), {0: "Said once"})
    assert written == [], "the questions before the last write nothing"
    assert everything() == before
    assert go_on(amina, page, answer="2").status_code == 200
    assert written == [("UPDATE", "pulse_member"), ("INSERT", "pulse_box")]
    after = everything()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"pulse_member", "pulse_box"}, "no audit line, message, session, limiter"


def test_a_slip_writes_two_rows_and_no_other(cast: Cast, browse: Any, written: list[tuple[str, str]]) -> None:
    code = a_slip(an_open_round(uses_codes=True), cast.tills.name)
    browser = browse(cast.kevin, at=OPENS)
    before = everything()
    written.clear()
    page = last_question(browser, browser.post("/pulse/code", {"code": code}))
    assert go_on(browser, page, answer="2").status_code == 200
    assert written == [("UPDATE", "pulse_code"), ("INSERT", "pulse_box")]
    after = everything()
    assert {name for name in after if after[name] != before[name]} == {"pulse_code", "pulse_box"}
    assert not db.session.scalar(select(func.count()).where(PulseMember.answered.is_(True))), "not of who is signed in"
    written.clear()
    assert go_on(browser, page, answer="2").status_code == 409
    assert written == [], "a reload of the last page is no guess: nothing is counted by its address"


def test_log_has_no_user_on_submit(cast: Cast, browse: Any, spoken: Spoken) -> None:
    """Nothing is logged at all: neither who, nor when, nor what."""
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    structlog.get_logger().info("heard")
    assert "heard" in spoken.words(), "the test hears what is said"
    assert go_on(amina, last_question(amina, amina.get("/pulse/answers")), answer="2").status_code == 200
    assert spoken.words() == ""


def test_a_failure_is_logged_without_a_person(
    cast: Cast, browse: Any, spoken: Spoken, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"), {1: "A word of mine"})

    person_id, staff_number = cast.amina.id, cast.amina.staff_number
    about = f"{cast.amina.name} said something"

    def fail(*_given: Any) -> None:
        raise RuntimeError(about)

    monkeypatch.setattr("tracker.pulse.answering._put_into_box", fail)
    crashed = go_on(amina, page, answer="2")
    assert crashed.status_code == 500
    said = spoken.words()
    assert "crash" in said
    for secret in ("Amina", "A word of mine", staff_number, f"person={person_id}"):
        assert secret not in said
    assert not db.session.scalar(select(func.count()).where(PulseMember.answered.is_(True))), "the mark was taken back"


@pytest.mark.parametrize("path", ["/pulse/answers", "/pulse/code"])
def test_pages_are_kept_nowhere_and_tell_no_other_where_they_are(cast: Cast, browse: Any, path: str) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    pages = [amina.get(path), amina.post(path, {"code": "?"})]
    pages.append(go_on(amina, last_question(amina, amina.get("/pulse/answers")), answer="4"))
    for page in pages:
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "X-Robots-Tag" in page.headers


def test_answers_can_be_sent_over_https_without_a_referer(cast: Cast, browse: Any) -> None:
    """The pages send none, so none may be asked for; the token is."""
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"))
    fields = {"base_url": "https://localhost"}
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text))
    hidden.pop("csrf_token", None)
    sent = amina.post("/pulse/answers", {**hidden, "go": "next", "answer": "4"}, **fields)
    assert sent.status_code == 200
    assert amina.post("/pulse/answers", {**hidden, "csrf_token": "x"}, **fields).status_code == 400


def test_no_answer_is_in_an_address_a_cookie_or_the_session(cast: Cast, browse: Any) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"), {0: "Sentinel words"})
    with amina.client.session_transaction() as session:
        kept = dict(session)
    assert set(kept) <= {"csrf_token", "_user_id", "_fresh", "_id"}
    assert "Sentinel" not in repr(kept)
    for form in re.findall(r"<form[^>]*>", page.text):
        assert 'method="post"' in form
        assert not re.search(r"action=\"[^\"]*(answer-|words-|Sentinel)", form)
    assert "Set-Cookie" not in go_on(amina, page, answer="4").headers


def test_the_box_holds_nothing_that_can_be_read(cast: Cast, browse: Any) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"), {0: "Sentinel words"})
    assert go_on(amina, page, answer="4").status_code == 200
    box = db.session.scalars(select(PulseBox)).one()
    assert b"Sentinel" not in box.sealed
    columns = {column.name for column in PulseBox.__table__.columns}
    assert columns == {"k", "round_id", "sealed"}
    assert db.session.execute(text("SELECT count(*) FROM pulse_box")).scalar() == 1


def test_every_box_is_as_long_as_every_other() -> None:
    """From its size nobody can tell who wrote much, or anything at all."""
    secret, k = bytes(32), bytes(16)
    ballots = [Ballot(1, {}), Ballot(99_999, {"one": 5}, {"one": "é" * 600}, {"one": "f" * 64})]
    longest = "x" * (ROOM_BYTES - len('[1, {}, {"one": ""}, {}]'))
    ballots.append(Ballot(1, {}, {"one": longest}))
    sealed = [seal(ballot, key=secret, k=k) for ballot in ballots]
    assert {len(box) for box in sealed} == {BOX_BYTES}
    assert [opened(box, key=secret, k=k) for box in sealed] == ballots
    with pytest.raises(TooLong):
        seal(Ballot(1, {}, {"one": longest + "x"}), key=secret, k=k)


def test_a_slip_is_kept_as_a_hash_however_it_is_typed() -> None:
    assert code_hash(" o1il-abcd ") == code_hash("0111ABCD")
    assert code_hash("0111ABCE") != code_hash("0111ABCD")
