"""A planned round whose day came while nothing could open it: HR hears of it, and nobody is asked in vain."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import CLOSES, OPENS, a_round, an_open_round, closed
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.pulse.jobs import open_due
from tracker.pulse.models import PulseMember, PulseRound


@pytest.fixture
def company(cast: Cast) -> Cast:
    with transaction():
        for number in range(9):
            a_person(f"Till {number}", team=cast.tills)
    return cast


def a_planned_round(**given: Any) -> int:
    with transaction():
        return a_round(**given).id


def state_of(round_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(PulseRound, round_id).state


def told(kind: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == kind)))


@pytest.mark.parametrize(
    "back",
    [CLOSES - timedelta(days=2), CLOSES - timedelta(minutes=1), CLOSES, CLOSES + timedelta(days=90)],
    ids=["two-days-left", "a-minute-left", "over", "months-later"],
)
def test_the_server_stood_still_until_too_little_was_left(company: Cast, back: datetime) -> None:
    round_id = a_planned_round()
    assert (open_due(back), open_due(back)) == (0, 0)
    assert state_of(round_id) == "draft"
    assert told("pulse.missed") == [company.chloe.id]
    assert told("pulse.open") == []
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "pulse.missed")).all() != []


def test_missed_again_it_is_told_again(company: Cast) -> None:
    round_id = a_planned_round()
    open_due(CLOSES)
    with transaction():
        found = db.session.get_one(PulseRound, round_id)
        found.state, found.opens_at, found.closes_at = "planned", CLOSES, CLOSES + timedelta(days=7)
    open_due(CLOSES + timedelta(days=7))
    assert told("pulse.missed") == [company.chloe.id] * 2


def test_a_short_stop_only_opens_it_later(company: Cast) -> None:
    round_id = a_planned_round()
    assert open_due(OPENS + timedelta(days=2)) == 1
    assert state_of(round_id) == "open"
    assert told("pulse.missed") == []


def test_it_waits_for_another_round_to_end_but_not_for_ever(company: Cast) -> None:
    running = an_open_round(opens_at=OPENS - timedelta(days=1))
    round_id = a_planned_round()
    assert open_due(OPENS) == 0
    assert (state_of(round_id), told("pulse.missed")) == ("planned", [])
    assert open_due(CLOSES - timedelta(days=1)) == 0
    assert (state_of(round_id), told("pulse.missed")) == ("draft", [company.chloe.id])
    closed(running)


def test_nobody_is_asked_what_can_never_be_shown(company: Cast) -> None:
    """All but three have left since it was planned."""
    round_id = a_planned_round()
    with transaction():
        here = [company.chloe.id, company.amina.id, company.kevin.id]
        db.session.execute(update(Person).where(Person.id.not_in(here)).values(ended_on=OPENS.date()))
    assert open_due(OPENS) == 0
    assert (state_of(round_id), told("pulse.missed")) == ("draft", [company.chloe.id])
    assert db.session.scalars(select(PulseMember.person_id)).all() == []


def test_a_question_without_all_its_languages_is_not_asked(company: Cast) -> None:
    round_id = a_planned_round()
    with transaction():
        found = db.session.get_one(PulseRound, round_id)
        found.items = [*found.items, {"key": "own_1", "texts": {"en": "Only English"}, "is_reversed": False}]
    assert open_due(OPENS) == 0
    assert state_of(round_id) == "draft"


def test_hr_reads_what_to_do_until_it_is_done(company: Cast, browse: Any) -> None:
    round_id = a_planned_round()
    open_due(CLOSES)
    with transaction():
        db.session.execute(delete(Message).where(Message.kind != "pulse.missed"))
    later = CLOSES + timedelta(days=1)
    with clock.set_to(later):
        chloe = browse(company.chloe, at=later)
        assert "did not open" in chloe.get("/inbox").text
        assert "Choose others" in chloe.get(f"/pulse/rounds/{round_id}").text
        with transaction():
            db.session.get_one(PulseRound, round_id).state = "cancelled"
        assert "did not open" not in chloe.get("/inbox").text
