"""A round that cannot be counted: what is damaged, what was put in, a key that does not fit; and the way out."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import CLOSES, OPENS, an_open_round, everybody_answers
from tests.pulse.test_watching import key_file
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.closing import close_round
from tracker.pulse.jobs import close_due
from tracker.pulse.keys import KeyGone
from tracker.pulse.models import PulseBox, PulseMember, PulseResult, PulseRound

FIRST = next_items([])[0].key


@pytest.fixture
def company(cast: Cast) -> Cast:
    with transaction():
        for number in range(9):
            a_person(f"Till {number}", team=cast.tills)
    return cast


def an_answered_round(**given: Any) -> int:
    round_id = an_open_round(**given)
    everybody_answers(round_id, lambda person: {FIRST: 2 + person % 3})
    return round_id


def the_round(round_id: int) -> PulseRound:
    db.session.rollback()
    return db.session.get_one(PulseRound, round_id)


def entry(action: str) -> AuditEntry:
    db.session.rollback()
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()


def a_box_put_in(round_id: int) -> None:
    with transaction():
        db.session.execute(insert(PulseBox).values(k=bytes(16), round_id=round_id, sealed=bytes(8192)))


def test_a_damaged_box_counts_as_missing_and_takes_nobody_elses_answer_with_it(company: Cast) -> None:
    round_id = an_answered_round()
    with transaction():
        first = select(func.min(PulseBox.k)).scalar_subquery()
        db.session.execute(update(PulseBox).where(PulseBox.k == first).values(sealed=bytes(8192)))
    assert close_round(round_id, by=None, at=CLOSES)
    found = the_round(round_id)
    assert (found.state, found.missing, found.answered) == ("closed", 1, (found.invited or 0) - 1)
    assert db.session.scalar(select(func.max(PulseResult.n))) == found.answered


def test_with_a_key_that_does_not_fit_nothing_is_destroyed(company: Cast, app: Flask) -> None:
    round_id = an_answered_round()
    path = key_file(app, round_id)
    right = path.read_bytes()
    path.write_bytes(bytes(32))
    with pytest.raises(KeyGone):
        close_round(round_id, by=None, at=CLOSES)
    assert the_round(round_id).state == "closing"
    path.write_bytes(right)
    assert close_due(CLOSES) == 2
    assert (the_round(round_id).state, the_round(round_id).missing) == ("closed", 0)


def test_what_is_stuck_is_told_to_hr_once_and_nothing_else_waits_for_it(company: Cast, app: Flask, browse: Any) -> None:
    earlier = an_answered_round()
    assert close_round(earlier, by=None, at=CLOSES), "and whatever closed it died before it could clean up"
    round_id = an_open_round(opens_at=CLOSES)
    assert answer(round_id, Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})) == Outcome.KEPT
    a_box_put_in(round_id)
    gone, kept, over = key_file(app, earlier), key_file(app, round_id), the_round(round_id).closes_at
    db.session.rollback()
    assert close_due(over) == 1, "the earlier one is cleaned up behind"
    assert close_due(over) == 0
    assert the_round(earlier).cleaned_at is not None
    assert (the_round(round_id).state, gone.exists(), kept.exists()) == ("closing", False, True)
    with transaction():
        db.session.execute(delete(Message).where(Message.kind != "pulse.stuck"))
    assert db.session.scalars(select(Message.person_id)).all() == [company.chloe.id]
    db.session.rollback()
    with clock.set_to(over + timedelta(days=1)):
        chloe = browse(company.chloe, at=over + timedelta(days=1))
        assert "can’t be counted" in chloe.get("/inbox").text
        assert "Until then nothing is lost" in chloe.get(f"/pulse/rounds/{round_id}").text


def test_an_operator_ends_what_cannot_be_counted(company: Cast, app: Flask, browse: Any) -> None:
    round_id = an_open_round()
    assert answer(round_id, Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})) == Outcome.KEPT
    a_box_put_in(round_id)
    path, run = key_file(app, round_id), app.test_cli_runner().invoke
    db.session.rollback()
    assert run(args=["pulse", "lose", "--uncounted"]).exit_code == 1, "it is still open"
    assert close_due(CLOSES) == 0
    assert run(args=["pulse", "lose"]).exit_code == 1, "its key is there"
    assert run(args=["pulse", "lose", "--uncounted"]).exit_code == 0
    assert (the_round(round_id).state, the_round(round_id).is_running) == ("lost", None)
    assert db.session.scalar(select(func.count()).select_from(PulseBox)) == 0
    assert close_due(CLOSES) == 1
    assert not path.exists()
    assert "answered" not in entry("pulse.lost").details, "one person: too few to say"
    assert "more boxes than people" in browse(company.chloe).get(f"/pulse/rounds/{round_id}").text


def test_the_audit_says_no_count_below_the_smallest_group(company: Cast) -> None:
    few = an_open_round()
    assert answer(few, Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})) == Outcome.KEPT
    assert close_round(few, by=None, at=CLOSES)
    assert "answered" not in entry("pulse.closed").details
    assert entry("pulse.closed").details["invited"] == the_round(few).invited


def test_the_audit_says_how_many_answered_where_they_are_enough(company: Cast) -> None:
    many = an_answered_round(opens_at=OPENS)
    assert close_round(many, by=None, at=CLOSES)
    assert entry("pulse.closed").details["answered"] == the_round(many).answered
    assert not db.session.scalar(select(func.count()).select_from(PulseMember))
