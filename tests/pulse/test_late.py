"""A round that opened later than planned, and one whose day passed as a draft: HR hears of it and reads it on the pages."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, an_organisation
from tests.pulse.rounds import CLOSES, OPENS, a_round
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.pulse.jobs import open_due
from tracker.pulse.models import PulseRound
from tracker.pulse.round_actions import items_for, open_now

DAY_AFTER = OPENS + timedelta(days=1, hours=6, minutes=20)


@pytest.fixture
def company(cast: Cast) -> Cast:
    with transaction():
        an_organisation()
    return cast


def a_planned_round(**given: Any) -> int:
    with transaction():
        return a_round(**given).id


def told() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == "pulse.opened_late")))


def test_after_a_stop_hr_hears_that_it_opened_late(company: Cast, browse: Any) -> None:
    round_id = a_planned_round()
    assert (open_due(DAY_AFTER), open_due(DAY_AFTER)) == (1, 0)
    assert told() == [company.chloe.id]
    with clock.set_to(DAY_AFTER):
        chloe = browse(company.chloe, at=DAY_AFTER)
        inbox, page = chloe.get("/inbox").text, chloe.get(f"/pulse/rounds/{round_id}").text
    assert "The November pulse opened late" in inbox
    assert "Planned for Mon 9 Nov, 08:00, it could not open before Tue 10 Nov, 14:20." in inbox
    assert "It closes as planned, on Mon 16 Nov, 08:00." in inbox
    assert 'Tue 10 Nov, 14:20 <span class="quiet">(planned for Mon 9 Nov, 08:00)</span>' in page


@pytest.mark.parametrize("minutes", [0, 59])
def test_a_few_minutes_are_nobodys_concern(company: Cast, browse: Any, minutes: int) -> None:
    round_id, at = a_planned_round(), OPENS + timedelta(minutes=minutes)
    assert open_due(at) == 1
    assert told() == []
    with clock.set_to(at):
        assert "(planned for" not in browse(company.chloe, at=at).get(f"/pulse/rounds/{round_id}").text


def test_opened_by_hand_is_not_late(company: Cast, browse: Any) -> None:
    with transaction():
        made = a_round()
        made.state = "draft"
        db.session.flush()
        for number in range(6):
            a_person(f"Till {number}", team=db.session.merge(company.tills))
        open_now(made, by=company.chloe.id, at=DAY_AFTER, today=DAY_AFTER.date())
        round_id = made.id
    with clock.set_to(DAY_AFTER):
        assert "(planned for" not in browse(company.chloe, at=DAY_AFTER).get(f"/pulse/rounds/{round_id}").text


def test_a_draft_whose_day_has_passed_says_that_nobody_was_asked(company: Cast, browse: Any) -> None:
    with transaction():
        a_round().state = "draft"
    for at, words in (
        (OPENS - timedelta(hours=1), "opens Mon 9 Nov, 08:00"),
        (OPENS, "was to open Mon 9 Nov, 08:00, but nobody was asked; choose other days, or cancel it"),
    ):
        with clock.set_to(at):
            text = browse(company.chloe, at=at).get("/pulse/rounds").text
        assert words in text
        assert ("was to open" in text) is (at == OPENS)


def test_questions_that_nobody_was_asked_have_their_turn_again(company: Cast) -> None:
    """The next round asks what a draft would have asked whose day has passed, and not what another one is still to ask."""
    with transaction():
        waiting = a_round()
        waiting.state = "draft"
        db.session.flush()
        its_own = [item["key"] for item in waiting.items]
    next_at = CLOSES + timedelta(days=21)
    for at, is_same in ((OPENS - timedelta(days=1), False), (CLOSES, True)):
        keys = [item.key for item in items_for(next_at, at=at, every_months=1)]
        assert (keys == its_own) is is_same
    with transaction():
        db.session.scalars(select(PulseRound)).one().state = "closed"
    assert [item.key for item in items_for(next_at, at=CLOSES, every_months=1)] != its_own, "one that was asked counts"
