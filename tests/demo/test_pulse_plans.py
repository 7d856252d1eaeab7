"""What the demo does about results: told from rounds as they are, and nothing where there are none."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import CLOSES, OPENS, an_open_round, closed
from tracker.core.db import db, transaction
from tracker.demo.pulse_plans import ANSWERED, REPLY_CODE, WRITTEN_BACK, plan_and_answer
from tracker.pulse.answering import Answers, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.models import PulseMember, PulsePlan, PulseReply

ITEMS = [item.key for item in next_items([])]


@pytest.fixture
def company(cast: Cast) -> Cast:
    with transaction():
        for number in range(12):
            a_person(f"Till {number}", team=cast.tills)
            a_person(f"Floor {number}", team=cast.floor)
    return cast


def test_nothing_without_rounds(company: Cast) -> None:
    plan_and_answer(CLOSES)
    assert db.session.scalars(select(PulsePlan)).all() == []


def test_four_stories_and_one_answer(company: Cast) -> None:
    for month in range(6):
        opens = OPENS + timedelta(days=28 * month)
        round_id = an_open_round(opens_at=opens)
        asked = select(PulseMember.person_id).where(PulseMember.round_id == round_id).order_by(PulseMember.person_id)
        for place, person_id in enumerate(list(db.session.scalars(asked))):
            writes = month == 5 and person_id == company.kevin.id
            words = {ITEMS[2]: "It is long at noon"} if writes else {}
            numbers = dict.fromkeys(ITEMS, 2 + place % 4)
            answer(round_id, Voter(person_id=person_id), Answers(numbers, words, REPLY_CODE if writes else None))
        closed(round_id, at=opens + timedelta(days=7))
    at = OPENS + timedelta(days=28 * 5 + 8)
    plan_and_answer(at)
    plans = db.session.scalars(select(PulsePlan).order_by(PulsePlan.form_key)).all()
    assert [(plan.kind, plan.team_id) for plan in plans] == [
        ("team", company.tills.id),
        ("team", company.tills.id),
        ("team", company.root.id),
        ("team", company.root.id),
    ]
    assert [plan.done is not None for plan in plans] == [True, False, False, False]
    assert [plan.given_up_at is not None for plan in plans] == [False, False, True, False]
    assert plans[1].due_on < at.date() < plans[3].due_on
    turns = db.session.scalars(select(PulseReply).order_by(PulseReply.number)).all()
    assert [(turn.text, turn.is_delivered) for turn in turns] == [(ANSWERED, True), (WRITTEN_BACK, True)]
