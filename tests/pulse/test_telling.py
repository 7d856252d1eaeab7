"""Word of a round: everybody once, some at a time, whatever dies in between, and nobody picked out."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import OPENS, a_round, closed, everybody_answers
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.pulse import telling
from tracker.pulse.jobs import remind
from tracker.pulse.models import PulseMember, PulseRound, PulseTelling
from tracker.pulse.opening import open_round
from tracker.pulse.telling import tell_due

LATER = OPENS + timedelta(minutes=3)


@pytest.fixture
def opened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """Open, nobody told yet; three people a turn."""
    monkeypatch.setattr(telling, "AT_A_TIME", 3)
    with transaction():
        for number in range(7):
            a_person(f"Member {number}", team=cast.tills)
    with transaction():
        made = a_round()
        open_round(made, by=None, today=OPENS.date(), at=OPENS)
        return made.id


def told(kind: str = "pulse.open") -> Counter[int]:
    return Counter(db.session.scalars(select(Message.person_id).where(Message.kind == kind)))


def asked() -> set[int]:
    return set(db.session.scalars(select(PulseMember.person_id)))


def test_everybody_is_told_once_in_turns(opened: int) -> None:
    assert told() == Counter()
    turns = tell_due(LATER)
    assert turns == len(asked()) // 3 + 1
    assert told() == Counter(asked())
    assert tell_due(LATER) == 0
    assert db.session.scalar(select(func.count()).select_from(PulseTelling)) == 0


def test_it_shows_from_the_opening_whenever_the_job_came(opened: int) -> None:
    tell_due(LATER)
    assert set(db.session.scalars(select(Message.created_at).where(Message.kind == "pulse.open"))) == {OPENS}


def test_what_dies_in_between_is_told_afterwards(opened: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, turns = telling._tell, []

    def dies(*given: Any) -> None:
        plain(*given)
        turns.append(given)
        if len(turns) == 2:
            raise InterruptedError

    monkeypatch.setattr(telling, "_tell", dies)
    with pytest.raises(InterruptedError):
        tell_due(LATER)
    db.session.rollback()
    assert sum(told().values()) == 3, "the turn that died left nothing"
    tell_due(LATER)
    assert told() == Counter(asked())


def test_a_second_process_that_tells_the_same_tells_nobody_twice(opened: int) -> None:
    with transaction():
        row = db.session.scalars(select(PulseTelling)).one()
        again = {"round_id": row.round_id, "kind": row.kind, "step": row.step, "since": row.since}
    tell_due(LATER)
    with transaction():
        db.session.add(PulseTelling(**again))
    tell_due(LATER)
    assert told() == Counter(asked())


def test_reminders_go_to_everybody_and_to_nobody_after_the_close(opened: int) -> None:
    tell_due(LATER)
    everyone = asked()
    remind(OPENS + timedelta(days=3, hours=1))
    tell_due(OPENS + timedelta(days=3, hours=1))
    assert told("pulse.reminder") == Counter(everyone)
    remind(OPENS + timedelta(days=5, hours=1))
    items = db.session.get_one(PulseRound, opened).items
    everybody_answers(opened, lambda _person: {item["key"]: 4 for item in items if item["scale"] == "agreement"})
    closed(opened)
    tell_due(OPENS + timedelta(days=8))
    assert told("pulse.reminder") == Counter(everyone), "the second one came too late, and those asked are forgotten"
    assert told("pulse.results") == Counter(everyone)
    assert db.session.scalar(select(func.count()).select_from(PulseTelling)) == 0


def test_whether_somebody_has_answered_changes_nothing(opened: int) -> None:
    first = min(asked())
    with transaction():
        db.session.get_one(PulseMember, (opened, first)).answered = True
    tell_due(LATER)
    assert told()[first] == 1
