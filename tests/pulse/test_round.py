"""A round from opening to close: who is asked, what is kept, what is published, and what is gone after it."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select, update

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import CLOSES, OPENS, a_round, an_open_round, closed, everybody_answers, node_named
from tests.pulse.slips import a_slip
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.notifications.models import Message
from tracker.pulse import answering
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.boxes import seal
from tracker.pulse.closing import TooManyBallots, close_round
from tracker.pulse.models import PulseBox, PulseCode, PulseComment, PulseMember, PulseResult, PulseRound
from tracker.pulse.opening import open_round
from tracker.pulse.queries import share_answered

FIRST = next_items([])[0].key


@pytest.fixture
def company(cast: Cast) -> Cast:
    """The cast, with six more at the tills and three on the floor."""
    with transaction():
        for number in range(6):
            a_person(f"Till {number}", team=cast.tills)
        for number in range(3):
            a_person(f"Floor {number}", team=cast.floor)
    return cast


def test_everybody_who_works_here_is_asked_and_managers_apart(company: Cast) -> None:
    round_id = an_open_round()
    placed = dict(db.session.execute(select(PulseMember.person_id, PulseMember.node_id)).all())
    assert placed[company.amina.id] == node_named(round_id, company.tills.name)
    assert placed[company.chloe.id] == node_named(round_id, company.root.name)
    assert placed[company.brian.id] == placed[company.faith.id] == node_named(round_id, "Managers")
    told = set(db.session.scalars(select(Message.person_id).where(Message.kind == "pulse.open")))
    assert told == set(placed)
    assert share_answered(round_id) == (0, len(placed))


def test_only_one_round_is_open(company: Cast, app: Flask) -> None:
    """And whoever tries again each minute, as the timetable does, leaves no key behind."""
    an_open_round()
    keys = set(Path(app.config["KEY_DIR"]).glob("pulse-*"))
    with transaction():
        other = a_round()
        with pytest.raises(Conflict):
            open_round(other, by=None, today=OPENS.date(), at=OPENS)
    assert set(Path(app.config["KEY_DIR"]).glob("pulse-*")) == keys


def test_what_is_published_and_what_is_gone(company: Cast, app: Flask) -> None:
    round_id = an_open_round()
    key_file = Path(app.config["KEY_DIR"]) / str(db.session.get_one(PulseRound, round_id).key_name)
    assert key_file.stat().st_mode & 0o777 == 0o600
    everybody_answers(round_id, lambda person: {FIRST: 2 + person % 3}, words={company.amina.id: {FIRST: "More light"}})
    assert db.session.scalar(select(func.count()).select_from(PulseBox)) == share_answered(round_id)[0]
    assert db.session.scalar(select(func.count()).select_from(PulseResult)) == 0
    closed(round_id)
    assert not key_file.exists()
    found = db.session.get_one(PulseRound, round_id)
    assert (found.state, found.answered, found.missing, found.key_name) == ("closed", found.invited, 0, None)
    for table in (PulseBox, PulseMember):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    shown = dict(db.session.execute(select(PulseResult.node_id, PulseResult.n)).all())
    assert node_named(round_id, company.floor.name) not in shown, "three answers"
    assert node_named(round_id, company.tills.name) not in shown, (
        "eight, but what is above it less these would be the three"
    )
    assert node_named(round_id, "Managers") not in shown
    store = node_named(round_id, "Nairobi Central")
    assert shown == {store: 11, node_named(round_id, company.root.name): found.answered}
    comment = db.session.scalars(select(PulseComment)).one()
    top = node_named(round_id, company.root.name)
    assert (comment.text, comment.node_id) == ("More light", top), (
        "of the five outside the store the rest would be known"
    )


def test_one_person_one_answer(company: Cast) -> None:
    round_id = an_open_round()
    kevin = Voter(person_id=company.kevin.id)
    assert answer(round_id, kevin, Answers({FIRST: 4}, {})) == Outcome.KEPT
    assert answer(round_id, kevin, Answers({FIRST: 1}, {})) == Outcome.ANSWERED
    closed(round_id)
    assert answer(round_id, kevin, Answers({FIRST: 1}, {})) == Outcome.NOT_ASKED


def test_ballots_that_nobody_gave_stop_the_close(company: Cast) -> None:
    round_id = an_open_round()
    assert answer(round_id, Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})) == Outcome.KEPT
    with transaction():
        db.session.get_one(PulseMember, (round_id, company.kevin.id)).answered = False
    with pytest.raises(TooManyBallots):
        close_round(round_id, by=None, at=CLOSES)
    assert db.session.get_one(PulseRound, round_id).state == "closing"
    assert db.session.scalar(select(func.count()).select_from(PulseResult)) == 0


class Gone(Exception):
    """The database, for a moment."""


def test_crash_between_transactions(company: Cast) -> None:
    """The ballot did not arrive: the mark is taken back, and the person may answer again. (Of a process that is killed there:
    tests/reliability/test_killed_pulse.py.)"""
    round_id = an_open_round()
    kevin, said = Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})

    def refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT INTO pulse_box"):
            raise Gone

    event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(Gone):
            answer(round_id, kevin, said)
    finally:
        event.remove(db.engine, "before_cursor_execute", refuse)
    assert share_answered(round_id)[0] == 0
    assert answer(round_id, kevin, said) == Outcome.KEPT


def test_an_acknowledgement_that_was_lost_on_its_way_is_given_all_the_same(company: Cast) -> None:
    """The database has kept the ballot, but its answer to us did not come: the ballot is found by its key, and the mark stays."""
    round_id = an_open_round()
    kevin, said = Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})
    kept: list[bool] = []

    def lose(session: Any) -> None:
        if not kept and session.scalar(select(func.count()).select_from(PulseBox)):
            kept.append(True)
            session.connection().commit()  # what the database does, before the line goes dead
            raise Gone

    event.listen(db.session, "before_commit", lose)
    try:
        assert answer(round_id, kevin, said) == Outcome.KEPT
    finally:
        event.remove(db.session, "before_commit", lose)
    assert kept
    assert share_answered(round_id)[0] == 1
    assert answer(round_id, kevin, said) == Outcome.ANSWERED


def test_a_round_that_ends_before_the_mark_takes_no_mark(company: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was open when it was looked at, and is ended while the answer is being sealed."""
    round_id = an_open_round()
    kevin = company.kevin.id

    def sealed_while_it_ends(*given: Any, **named: Any) -> bytes:
        with transaction():
            db.session.execute(update(PulseRound).values(state="closing"))
        return seal(*given, **named)

    monkeypatch.setattr(answering, "seal", sealed_while_it_ends)
    assert answer(round_id, Voter(person_id=kevin), Answers({FIRST: 4}, {})) == Outcome.CLOSED
    assert share_answered(round_id)[0] == 0
    assert not db.session.scalar(select(func.count()).select_from(PulseBox))


def test_a_round_that_is_counted_before_the_box_takes_no_box(company: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the two halves of an answer: nobody is thanked, nothing lies about, and the one that is missing is counted."""
    round_id = an_open_round()
    everybody_answers(round_id, lambda person: {FIRST: 2 + person % 3} if person != company.kevin.id else {FIRST: 1})
    with transaction():
        last = db.session.get_one(PulseMember, (round_id, company.kevin.id))
        last.answered = False
        db.session.execute(delete(PulseBox).where(PulseBox.k == select(func.min(PulseBox.k)).scalar_subquery()))
    put = answering._put_into_box

    def late(*given: Any) -> Outcome:
        assert close_round(round_id, by=None, at=CLOSES)
        return put(*given)

    monkeypatch.setattr(answering, "_put_into_box", late)
    assert answer(round_id, Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})) == Outcome.CLOSED
    found = db.session.get_one(PulseRound, round_id)
    assert (found.state, found.missing) == ("closed", 1)
    assert not db.session.scalar(select(func.count()).select_from(PulseBox))


def test_codes_go_with_the_round(company: Cast) -> None:
    round_id = an_open_round(uses_codes=True)
    a_slip(round_id, company.tills.name)
    used = a_slip(round_id, company.tills.name)
    assert answer(round_id, Voter(code_hash=answering.code_hash(used)), Answers({FIRST: 4}, {})) == Outcome.KEPT
    closed(round_id)
    assert not db.session.scalar(select(func.count()).select_from(PulseCode))


def test_the_key_is_overwritten_before_it_is_unlinked(company: Cast, app: Flask) -> None:
    """Whoever kept a second name of the file, as some backups do, is left with nothing."""
    round_id = an_open_round()
    key_file = Path(app.config["KEY_DIR"]) / str(db.session.get_one(PulseRound, round_id).key_name)
    kept = key_file.with_name("kept")
    kept.hardlink_to(key_file)
    assert any(kept.read_bytes())
    closed(round_id)
    assert not any(kept.read_bytes())
    kept.unlink()
