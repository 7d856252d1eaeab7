"""Rounds that come by themselves: on which days, prepared once, caught up with after a stop."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import an_organisation
from tests.pulse.rounds import a_round
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.pulse.bank import INPUTS, next_items
from tracker.pulse.jobs import open_due
from tracker.pulse.models import PulseItem, PulseRound, PulseSchedule
from tracker.pulse.preparing import prepare
from tracker.pulse.round_actions import Choices, save_schedule
from tracker.pulse.rules import Cadence, Slot, about_minutes, coming_slots, due_slots, opening_day

MONTHLY = Cadence(week=1, weekday=1, every_months=1, open_days=7)
CHOSEN = Choices(True, 1, 1, 1, 7, 5, 8, True)
BEFORE = datetime(2026, 11, 30, 9, tzinfo=UTC)  # a week before the first Monday of December
FIRST = date(2026, 12, 7)
SENT = {
    "is_on": "yes",
    "week": "2",
    "weekday": "3",
    "every_months": "3",
    "open_days": "10",
    "k_score": "7",
    "k_comment": "10",
}


@pytest.fixture
def monthly(cast: Cast) -> Cast:
    with transaction():
        an_organisation()
        save_schedule(CHOSEN, by=cast.chloe.id, at=BEFORE)
    return cast


def rounds() -> list[PulseRound]:
    db.session.rollback()
    return list(db.session.scalars(select(PulseRound).order_by(PulseRound.opens_at)))


def test_days() -> None:
    assert opening_day(date(2026, 12, 1), week=1, weekday=1) == FIRST
    assert opening_day(date(2026, 6, 1), week=1, weekday=1) == date(2026, 6, 1)
    assert opening_day(date(2026, 2, 1), week=4, weekday=7) == date(2026, 2, 22)
    assert [about_minutes(count) for count in (1, 3, 5, 10)] == [1, 1, 2, 4]
    thrice = Cadence(week=2, weekday=3, every_months=3, open_days=10)
    assert [slot.opens_on for slot in coming_slots(thrice, date(2026, 11, 18), 3)] == [
        date(2027, 1, 13),
        date(2027, 4, 14),
        date(2027, 7, 14),
    ]


@pytest.mark.parametrize(
    ("today", "opens_on"),
    [
        (date(2026, 11, 29), None),
        (date(2026, 11, 30), FIRST),
        (date(2026, 12, 5), FIRST),
        (date(2026, 12, 6), date(2026, 12, 8)),
        (date(2026, 12, 13), date(2026, 12, 15)),
        (date(2026, 12, 14), None),
    ],
)
def test_a_week_before_and_after_a_stop_with_two_days_to_look_at_it(today: date, opens_on: date | None) -> None:
    expected = [Slot(date(2026, 12, 1), opens_on, opens_on + timedelta(days=7))] if opens_on else []
    assert due_slots(MONTHLY, today) == expected


def test_it_is_prepared_once_told_and_opens(monthly: Cast) -> None:
    assert prepare(BEFORE - timedelta(days=1)) == 0
    assert (prepare(BEFORE), prepare(BEFORE), prepare(BEFORE + timedelta(days=3))) == (1, 0, 0)
    (made,) = rounds()
    assert (made.state, made.slot, made.month, made.uses_codes) == ("planned", FIRST.replace(day=1), made.slot, True)
    assert made.opens_at == datetime(2026, 12, 7, 5, tzinfo=UTC), "eight in Nairobi"
    assert made.closes_at == datetime(2026, 12, 14, 15, tzinfo=UTC)
    told = select(Message.kind, Message.person_id).where(Message.kind.like("pulse%"))
    assert db.session.execute(told).all() == [("pulse.prepared", monthly.chloe.id)]
    assert open_due(made.opens_at) == 1
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "pulse.prepared")).all()


def test_what_hr_has_done_by_hand_is_not_doubled(monthly: Cast) -> None:
    with transaction():
        a_round(opens_at=datetime(2026, 12, 9, 5, tzinfo=UTC))
    assert prepare(BEFORE) == 0


def test_a_cancelled_one_is_not_made_again(monthly: Cast) -> None:
    prepare(BEFORE)
    with transaction():
        rounds()[0].state = "cancelled"
    with transaction():
        db.session.scalars(select(PulseRound)).one().state = "cancelled"
    assert prepare(BEFORE) == 0
    assert prepare(BEFORE + timedelta(days=28)) == 1, "the next month is another matter"


def test_off_means_off(monthly: Cast) -> None:
    with transaction():
        save_schedule(Choices(False, 1, 1, 1, 7, 5, 8, True), by=monthly.chloe.id, at=BEFORE)
    assert prepare(BEFORE) == 0


def test_questions_take_turns_and_retired_ones_stay_out(monthly: Cast) -> None:
    with transaction():
        for number in (1, 2):
            retired = BEFORE if number == 2 else None
            db.session.add(PulseItem(text={"en": f"Own {number}"}, made_at=BEFORE, retired_at=retired))
        db.session.flush()
        own = [
            {"key": f"own_{one.id}", "texts": one.text, "is_reversed": False}
            for one in db.session.scalars(select(PulseItem).order_by(PulseItem.id))
        ]
        before = a_round(opens_at=datetime(2026, 11, 2, 5, tzinfo=UTC))
        before.state = "closed"
        before.items = [*before.items, *own]
        keys = [stored["key"] for stored in before.items]
    prepare(BEFORE)
    asked = [stored["key"] for stored in rounds()[-1].items]
    assert asked == [*(item.key for item in next_items([keys])), own[0]["key"]]
    assert not set(asked[len(INPUTS) : -1]) & set(keys)


def test_hr_sets_it_and_the_audit_says_what_changed(cast: Cast, browse: Any, app: Flask) -> None:
    chloe = browse(cast.chloe)
    assert "Rounds come by themselves" in chloe.get("/pulse/rounds/cadence").text
    assert chloe.post("/pulse/rounds/cadence", SENT).status_code == 303
    assert chloe.post("/pulse/rounds/cadence", SENT).status_code == 303
    kept = db.session.scalars(select(PulseSchedule)).one()
    assert (kept.is_on, kept.week, kept.weekday, kept.every_months, kept.open_days) == (True, 2, 3, 3, 10)
    (line,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pulse.cadence_set"))
    assert (line.by_id, line.details["k_score"], "uses_codes" in line.details) == (cast.chloe.id, 7, False)
    assert "The days it comes to" in chloe.get("/pulse/rounds/cadence").text


@pytest.mark.parametrize(
    "wrong",
    [{"week": "5"}, {"weekday": "0"}, {"every_months": "4"}, {"open_days": "2"}, {"k_score": "4"}, {"is_on": ""}],
)
def test_what_is_not_offered_is_refused(cast: Cast, browse: Any, wrong: dict[str, str]) -> None:
    answer = browse(cast.chloe).post("/pulse/rounds/cadence", {**SENT, **wrong})
    assert answer.status_code == 422
    assert "Choose one from the list" in answer.text
    assert db.session.scalars(select(PulseSchedule)).all() == []
