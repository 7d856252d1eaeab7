"""The clock of a complaint: hours of work, over weekends and holidays, each step once and none missed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_customer, a_person, a_rating, a_team, is_away, leads
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Holiday, Person
from tracker.recovery import actions, opening
from tracker.recovery.jobs import follow_clocks, replace_owners
from tracker.recovery.models import OwnerRule, RecoveryCase, RecoveryHelper, RecoveryStep

NAIROBI = timedelta(hours=3)
FRIDAY = date(2026, 11, 20)
CONTACT = "0722 417 318, after five"


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """That time in Nairobi, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC) - NAIROBI


OPENED = local(FRIDAY, 16, 40)


@pytest.fixture
def case(cast: Cast) -> RecoveryCase:
    """One star on Friday at 16:40, and a call asked for. Monday is a holiday."""
    with transaction():
        db.session.add(Holiday(on=date(2026, 11, 23), name="A day off"))
        return opened(cast.amina)


def opened(
    person: Person | None, *, at: datetime = OPENED, contact: str | None = CONTACT, **values: Any
) -> RecoveryCase:
    rating = a_rating(person, values.pop("stars", 1), at=at, **values)
    found = opening.open_case(rating, contact=contact, at=at)
    assert found is not None
    return found


def stored(case: RecoveryCase) -> RecoveryCase:
    db.session.rollback()
    return db.session.get_one(RecoveryCase, case.id, populate_existing=True)


def told(person: Person) -> list[str]:
    db.session.rollback()
    mine = (Message.person_id == person.id, Message.kind.startswith("recovery."))
    return list(db.session.scalars(select(Message.kind).where(*mine).order_by(Message.id)))


def helpers(case: RecoveryCase) -> set[int]:
    db.session.rollback()
    return set(db.session.scalars(select(RecoveryHelper.person_id).where(RecoveryHelper.case_id == case.id)))


def test_the_owner_hears_at_once(cast: Cast, case: RecoveryCase) -> None:
    assert case.owner_id == cast.brian.id
    message = db.session.scalars(select(Message).where(Message.kind == "recovery.opened")).one()
    assert (message.person_id, message.visible_at, message.is_urgent) == (cast.brian.id, OPENED, True)


def test_the_clock_runs_in_working_hours(cast: Cast, case: RecoveryCase) -> None:
    """20 minutes of Friday, nothing of the weekend and of the holiday, the rest from Tuesday at eight."""
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    due = [local(tuesday, 11, 40), local(tuesday, 15, 40), local(wednesday, 14, 40)]
    assert case.contact_due_at == due[0]
    for number, moment in enumerate(due):
        assert follow_clocks(moment - timedelta(seconds=1)) == 0
        assert follow_clocks(moment) == 1
        assert follow_clocks(moment) == 0
        assert stored(case).step == number + 1
    assert helpers(case) == {cast.faith.id, cast.chloe.id}
    assert told(cast.faith) == ["recovery.escalated"]
    assert told(cast.chloe) == ["recovery.escalated"]
    steps = db.session.execute(select(RecoveryStep.step, RecoveryStep.due_at).order_by(RecoveryStep.step)).all()
    assert [tuple(row) for row in steps] == list(enumerate(due))


def test_a_long_silence_of_ours_loses_no_step(cast: Cast, case: RecoveryCase) -> None:
    assert follow_clocks(OPENED + timedelta(days=9)) == 3
    assert helpers(case) == {cast.faith.id, cast.chloe.id}
    assert told(cast.faith).count("recovery.escalated") == 1


def test_a_clock_set_back_repeats_nothing(cast: Cast, case: RecoveryCase) -> None:
    late = local(date(2026, 11, 24), 16)
    assert follow_clocks(late) == 2
    assert follow_clocks(late - timedelta(days=2)) == 0
    assert follow_clocks(late) == 0
    assert told(cast.faith) == ["recovery.escalated"]


def test_a_contact_stops_it(cast: Cast, case: RecoveryCase) -> None:
    at = local(date(2026, 11, 24), 9)
    with transaction():
        actions.record_contact(stored(case), "She was charged twice.", reached=True, by=cast.brian.id, at=at)
    assert follow_clocks(local(date(2026, 11, 25), 14, 40)) == 0
    assert follow_clocks(local(date(2026, 11, 26), 7)) == 1  # 16 working hours of standing still
    assert told(cast.brian)[-1] == "recovery.still_open"
    assert helpers(case) == set()


def test_an_attempt_does_not_stop_it(cast: Cast, case: RecoveryCase) -> None:
    with transaction():
        actions.record_contact(
            stored(case), "No answer.", reached=False, by=cast.brian.id, at=local(date(2026, 11, 24), 9)
        )
    assert follow_clocks(local(date(2026, 11, 24), 15, 40)) == 2
    assert helpers(case) == {cast.faith.id}


def test_the_customers_own_time_begins_the_clock_anew(cast: Cast, case: RecoveryCase) -> None:
    thursday = local(date(2026, 11, 26), 10)
    with transaction():
        actions.postpone(stored(case), thursday, "She is away.", by=cast.brian.id, at=OPENED + timedelta(minutes=5))
    assert follow_clocks(local(date(2026, 11, 25), 16)) == 0
    assert follow_clocks(thursday + timedelta(hours=4)) == 1


def test_the_hour_that_is_skipped_is_no_work(app: Flask) -> None:
    """In Berlin, on the last Sunday of March, two becomes three: a night shift is an hour shorter."""
    with transaction():
        boss = a_person("Jana")
        team = a_team(
            "Night", time_zone="Europe/Berlin", working_days="67", work_starts=time(0), work_ends=time(6), led_by=boss
        )
        case = opened(a_person("Karl", team=team), at=datetime(2026, 3, 28, 23, 0, tzinfo=UTC))  # midnight
    assert case.contact_due_at == datetime(2026, 3, 29, 3, 0, tzinfo=UTC)  # five by the wall, four hours later
    assert case.clock_at == case.contact_due_at


def test_whoever_is_away_is_replaced(cast: Cast, case: RecoveryCase) -> None:
    with transaction():
        is_away(cast.brian, FRIDAY, date(2026, 12, 4))
    assert replace_owners(OPENED + timedelta(minutes=1)) == 1
    assert replace_owners(OPENED + timedelta(minutes=2)) == 0
    assert stored(case).owner_id == cast.faith.id
    assert told(cast.faith) == ["recovery.opened"]


def test_a_deputy_takes_over(cast: Cast) -> None:
    with transaction():
        is_away(cast.brian, FRIDAY, date(2026, 12, 4))
        leads(cast.kevin, cast.tills, since=FRIDAY, kind="deputy")
        case = opened(cast.amina)
    assert case.owner_id == cast.kevin.id


def test_nobody_takes_care_of_a_complaint_about_themselves(cast: Cast) -> None:
    with transaction():
        db.session.add(OwnerRule(team_key=0, person_id=cast.amina.id))
        case = opened(cast.amina)
        other = opened(cast.kevin)
    assert case.owner_id == cast.brian.id
    assert other.owner_id == cast.amina.id


def test_several_take_turns(cast: Cast) -> None:
    with transaction():
        for person in (cast.chloe, cast.ruth):
            db.session.add(OwnerRule(team_key=cast.root.id, person_id=person.id))
        found = [opened(cast.amina, at=OPENED + timedelta(minutes=n)).owner_id for n in range(4)]
    assert sorted(found[:2]) == sorted(found[2:]) == sorted([cast.chloe.id, cast.ruth.id])


def test_no_complaint_without_a_reason(cast: Cast) -> None:
    with transaction():
        assert opening.open_case(a_rating(cast.amina, 3, at=OPENED), at=OPENED) is None
        late = a_rating(cast.amina, 1, at=OPENED - timedelta(days=15))
        assert opening.open_case(late, at=OPENED) is None
        assert opening.open_case(late, contact=CONTACT, at=OPENED) is not None
        nps = a_rating(cast.amina, 3, at=OPENED, original_scale="nps", original_value="6")
        assert opening.open_case(nps, at=OPENED) is not None


def test_one_case_a_rating_and_one_open_case_a_customer(cast: Cast) -> None:
    with transaction():
        customer = a_customer()
        first, second = (a_rating(cast.amina, 1, at=OPENED, customer_id=customer.id) for _ in range(2))
        case = opening.open_case(first, at=OPENED)
        assert opening.open_case(first, at=OPENED) is case
        assert opening.open_case(second, at=OPENED) is case
    assert case is not None
    with transaction():
        case = stored(case)
        actions.record_contact(case, "Sorry.", reached=True, by=cast.brian.id, at=OPENED)
        actions.close(
            case, outcome="solved", words="Paid back", by=cast.brian.id, at=OPENED, cause="process", driver=None
        )
        third = opening.open_case(a_rating(cast.amina, 1, at=OPENED, customer_id=customer.id), at=OPENED)
        assert third is not None
        assert third.id != case.id


def test_without_anybody_to_call_no_clock_runs(cast: Cast) -> None:
    with transaction():
        case = opened(cast.amina, contact=None)
    assert (case.contact_due_at, case.clock_at) == (None, None)
    assert follow_clocks(OPENED + timedelta(days=30)) == 0


def test_a_loyal_customer_is_known_as_one(cast: Cast) -> None:
    with transaction():
        customer = a_customer()
        for days in (30, 20, 10):
            a_rating(cast.amina, 5, at=OPENED - timedelta(days=days), customer_id=customer.id)
        assert opened(cast.amina, customer_id=customer.id).is_loyal
        assert not opened(cast.amina).is_loyal
