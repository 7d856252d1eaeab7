"""Monday's check: who hears what, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_history, a_person, is_away, many_ratings
from tracker.coaching.jobs import RULE, check_falls, close_overdue_cases, remind, rewrite_stale_cards, share_cards
from tracker.coaching.models import CoachingCase, CoachingReminder
from tracker.coaching.policy import cases_seen_by
from tracker.core import tasks
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Holiday, Person
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import Fall, Rating, ScoreCard
from tracker.ratings.policy import cards_seen_by

MONDAY = date(2026, 11, 16)
CHECKED = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 04:00 in Nairobi
KEVINS_MORNING = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
SHARED = KEVINS_MORNING + timedelta(hours=24)
BRIANS_MORNING = datetime(2026, 11, 17, 5, 0, tzinfo=UTC)


@pytest.fixture
def fallen(cast: Cast) -> Cast:
    """A year of steady ratings, and eight weeks in which only Kevin's customers are unhappy."""
    with transaction():
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, *others], until=MONDAY - timedelta(weeks=8), weeks=52, seed=3)
        a_history([cast.amina, *others], until=MONDAY, weeks=8, seed=4)
        low = [MONDAY - timedelta(days=1 + 2 * n) for n in range(26)]
        many_ratings([(cast.kevin, 1 + n % 3, day) for n, day in enumerate(low)])
    return cast


def seen_by(person: Person, at: datetime, *, manages: bool = False, roles: frozenset[str] = frozenset()) -> Viewer:
    return Viewer(person.id, person.name, at=at, today=(at + timedelta(hours=3)).date(), manages=manages, roles=roles)


def test_nothing_is_due_before_four_on_monday_in_the_last_zone(fallen: Cast) -> None:
    check_falls(CHECKED - timedelta(seconds=1))
    assert tasks.done_until(RULE) == datetime(2026, 11, 9, tzinfo=UTC)
    check_falls(CHECKED)
    assert tasks.done_until(RULE) == datetime(2026, 11, 16, tzinfo=UTC)


def test_only_kevin_is_found_and_stored_with_all_it_rests_on(fallen: Cast) -> None:
    assert check_falls(CHECKED) == 1
    fall = db.session.scalars(select(Fall)).one()
    assert fall.person_id == fallen.kevin.id
    assert fall.observed < fall.expected - 1
    assert fall.p < 1 / 400
    assert fall.parameters["windows_weeks"] == [4, 8, 13]


def test_a_second_run_of_the_same_week_changes_nothing(fallen: Cast) -> None:
    check_falls(CHECKED)
    before = [len(db.session.scalars(select(model)).all()) for model in (Fall, CoachingCase, Message, ScoreCard)]
    assert check_falls(CHECKED + timedelta(hours=5)) == 0
    assert [
        len(db.session.scalars(select(model)).all()) for model in (Fall, CoachingCase, Message, ScoreCard)
    ] == before


def test_weeks_missed_while_the_server_was_down_are_made_up_for(fallen: Cast) -> None:
    check_falls(CHECKED - timedelta(weeks=3))
    check_falls(CHECKED)
    assert {card.week for card in db.session.scalars(select(ScoreCard))} == {(MONDAY.toordinal() - 8) // 7}


def test_kevin_hears_first_and_for_24_hours_nobody_else_can_see_it(fallen: Cast) -> None:
    check_falls(CHECKED)
    share_cards(CHECKED)
    message = db.session.scalars(select(Message).where(Message.person_id == fallen.kevin.id)).one()
    assert message.visible_at == KEVINS_MORNING
    just_before = SHARED - timedelta(seconds=1)
    share_cards(just_before)
    brian = seen_by(fallen.brian, just_before, manages=True)
    assert db.session.scalars(cases_seen_by(brian)).all() == []
    assert db.session.scalars(cards_seen_by(brian)).all() == []
    kevin = seen_by(fallen.kevin, just_before)
    assert len(db.session.scalars(cases_seen_by(kevin)).all()) == 1
    share_cards(SHARED)
    brian = seen_by(fallen.brian, SHARED, manages=True)
    assert len(db.session.scalars(cases_seen_by(brian)).all()) == 1
    assert fallen.kevin.id in {card.person_id for card in db.session.scalars(cards_seen_by(brian))}


def test_dora_chloe_ruth_and_faith_find_nothing_ever(fallen: Cast) -> None:
    check_falls(CHECKED)
    later = SHARED + timedelta(days=40)
    share_cards(later)
    for person, manages, roles in (
        (fallen.dora, True, frozenset[str]()),
        (fallen.faith, True, frozenset[str]()),
        (fallen.chloe, False, frozenset({"hr"})),
        (fallen.ruth, False, frozenset({"admin"})),
    ):
        viewer = seen_by(person, later, manages=manages, roles=roles)
        assert db.session.scalars(cases_seen_by(viewer)).all() == []
        assert fallen.kevin.id not in {card.person_id for card in db.session.scalars(cards_seen_by(viewer))}


def test_getting_a_message_gives_nothing_away(fallen: Cast) -> None:
    check_falls(CHECKED)
    told = db.session.scalars(select(Message.person_id).where(Message.kind == "week")).all()
    assert {fallen.amina.id, fallen.kevin.id} <= set(told)


def test_the_reminder_comes_on_the_managers_first_working_morning_after_the_head_start(fallen: Cast) -> None:
    check_falls(CHECKED)
    share_cards(SHARED)
    assert remind(BRIANS_MORNING - timedelta(seconds=1)) == 0
    assert remind(BRIANS_MORNING) == 1
    message = db.session.scalars(select(Message).where(Message.kind == "coaching.reminder")).one()
    assert (message.person_id, message.visible_at) == (fallen.brian.id, BRIANS_MORNING)


def test_a_holiday_and_the_managers_leave_move_the_reminder(fallen: Cast) -> None:
    with transaction():
        db.session.add(Holiday(on=date(2026, 11, 18), name="A holiday"))
        is_away(fallen.brian, date(2026, 11, 17), date(2026, 11, 18))
    check_falls(CHECKED)
    share_cards(SHARED)
    thursday = datetime(2026, 11, 19, 5, 0, tzinfo=UTC)
    hours = int((thursday - SHARED).total_seconds()) // 3600
    assert sum(remind(SHARED + timedelta(hours=hour)) for hour in range(hours)) == 0
    assert remind(thursday) == 1
    message = db.session.scalars(select(Message).where(Message.kind == "coaching.reminder")).one()
    assert (message.person_id, message.visible_at) == (fallen.brian.id, thursday)


def test_kevins_own_leave_delays_everybody(fallen: Cast) -> None:
    with transaction():
        is_away(fallen.kevin, date(2026, 11, 10), date(2026, 11, 25))
    check_falls(CHECKED)
    case = db.session.scalars(select(CoachingCase)).one()
    assert case.shares_at == datetime(2026, 11, 26, 5, 0, tzinfo=UTC)


def test_an_undone_talk_is_repeated_and_escalated_once_each_on_working_days(fallen: Cast) -> None:
    check_falls(CHECKED)
    share_cards(SHARED)
    for hour in range(24 * 40):
        remind(SHARED + timedelta(hours=hour))
    steps = db.session.scalars(select(CoachingReminder).order_by(CoachingReminder.step)).all()
    days = [step.sent_at.date() for step in steps]
    assert days == [date(2026, 11, 17), date(2026, 11, 20), date(2026, 11, 26), date(2026, 12, 1), date(2026, 12, 8)]
    assert [step.recipient_id for step in steps] == [
        fallen.brian.id,
        fallen.brian.id,
        fallen.brian.id,
        fallen.faith.id,
        fallen.chloe.id,
    ]
    assert len(db.session.scalars(select(Message).where(Message.kind.startswith("coaching."))).all()) == 5


def test_a_case_that_nobody_finishes_ends_after_16_weeks(fallen: Cast) -> None:
    check_falls(CHECKED)
    assert close_overdue_cases(CHECKED + timedelta(weeks=16)) == 1
    assert db.session.scalars(select(CoachingCase)).one().closed_because == "expired"


def test_a_person_with_an_open_case_is_not_alerted_again(fallen: Cast) -> None:
    check_falls(CHECKED)
    assert check_falls(CHECKED + timedelta(weeks=1)) == 0
    assert len(db.session.scalars(select(CoachingCase)).all()) == 1


def test_leaving_ratings_out_rewrites_the_cards_of_the_week_they_show(fallen: Cast) -> None:
    check_falls(CHECKED)
    share_cards(SHARED)
    with transaction():
        for rating in db.session.scalars(select(Rating).where(Rating.person_id == fallen.kevin.id, Rating.stars < 3)):
            exclude_rating(rating, by=fallen.chloe.id, reason="a test", at=SHARED)
    before = {(card.person_id, card.audience): card.figures["n"] for card in db.session.scalars(select(ScoreCard))}
    assert rewrite_stale_cards(SHARED) == 2
    after = {(card.person_id, card.audience): card.figures["n"] for card in db.session.scalars(select(ScoreCard))}
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {(fallen.kevin.id, "own"), (fallen.kevin.id, "shared")}


def test_the_same_harder_weeks_are_not_announced_every_monday(fallen: Cast) -> None:
    check_falls(CHECKED)
    with transaction():
        many_ratings([(fallen.kevin, 2, MONDAY + timedelta(days=day)) for day in range(6)])
    check_falls(CHECKED + timedelta(weeks=1))
    told = db.session.scalars(select(Message).where(Message.kind == "week", Message.person_id == fallen.kevin.id))
    assert [message.parameters["state"] for message in told.all()] == ["below", "plain"]
