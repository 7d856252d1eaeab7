"""A team is looked for, and whoever is to say something is reminded before and on the day, then above: each step once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import is_away, leads
from tests.obstacles.making import RECEIPT, a_day_ahead, said, the_cause, told
from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.obstacles.actions import answer, give, merge
from tracker.obstacles.jobs import follow_up
from tracker.obstacles.rules import (
    ABOVE,
    ASK_LEADER,
    ASK_OFFICE,
    BEFORE,
    ON_THE_DAY,
    State,
    state_of,
    step_without_team,
    steps_with_team,
)
from tracker.organisation.models import Holiday, Person

FIVE_DAYS = WorkCalendar()
FRIDAY = date(2026, 12, 4)  # 12 working days after NOW


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)  # nine in Nairobi


def run_until(day: date) -> None:
    """Twice every morning, weekends too."""
    today = NOW.date()
    while today <= day:
        follow_up(morning(today))
        follow_up(morning(today) + timedelta(minutes=1))
        today += timedelta(days=1)


def given_to_floor(cast: Cast, due_on: date = FRIDAY) -> None:
    with transaction():
        said(cast.amina)
        give(the_cause(), cast.floor, due_on=due_on, by=cast.chloe.id, at=NOW)


def visible(kind: str) -> list[date]:
    db.session.rollback()
    found = db.session.scalars(select(Message.visible_at).where(Message.kind == kind).order_by(Message.visible_at))
    return [clock.local_day(moment, "Africa/Nairobi") for moment in found]


@pytest.mark.parametrize(
    ("today", "steps"),
    [
        (date(2026, 11, 30), []),  # Monday
        (date(2026, 12, 1), [BEFORE]),
        (date(2026, 12, 3), [BEFORE]),
        (FRIDAY, [ON_THE_DAY]),
        (date(2026, 12, 8), [ON_THE_DAY]),  # the second working day after
        (date(2026, 12, 9), [ON_THE_DAY, ABOVE]),
    ],
)
def test_the_steps_of_a_day_that_is_due(today: date, steps: list[int]) -> None:
    assert steps_with_team(FRIDAY, today, FIVE_DAYS) == steps


def test_steps_never_go_back() -> None:
    days = [FRIDAY + timedelta(days=n) for n in range(-30, 30)]
    for before, after in pairwise(steps_with_team(FRIDAY, day, FIVE_DAYS) for day in days):
        assert max(before, default=0) <= max(after, default=0)


def test_a_team_is_looked_for_by_working_days() -> None:
    saturday = date(2026, 11, 21)
    assert step_without_team(saturday, date(2026, 11, 27), FIVE_DAYS) == ASK_LEADER
    assert step_without_team(saturday, date(2026, 11, 30), FIVE_DAYS) == ASK_OFFICE


@pytest.mark.parametrize(
    ("is_owned", "answer", "is_asked_again", "state"),
    [
        (False, None, False, State.UNOWNED),
        (True, None, False, State.WAITING),
        (True, "planned", False, State.PLANNED),
        (True, "done", False, State.DONE),
        (True, "declined", False, State.DECLINED),
        (True, "declined", True, State.WAITING),
    ],
)
def test_where_it_has_got_to(is_owned: bool, answer: str | None, is_asked_again: bool, state: State) -> None:
    assert state_of(is_owned=is_owned, answer=answer, is_asked_again=is_asked_again) is state


def test_first_the_leader_is_asked_then_hr(cast: Cast, browse: Any) -> None:
    with transaction():
        said(cast.amina, at=NOW)
    follow_up(NOW)
    assert told("cause.unowned") == [cast.brian.id]
    run_until(date(2026, 11, 24))
    assert told("cause.unowned") == [cast.brian.id]
    run_until(date(2026, 11, 25))
    assert told("cause.unowned") == sorted([cast.brian.id, cast.chloe.id])
    run_until(date(2026, 12, 30))
    assert len(told("cause.unowned")) == 2
    inbox: Browser = browse(cast.brian, at=NOW)
    with clock.set_to(NOW):
        assert "stood in somebody’s way" in inbox.get("/inbox").text
        with transaction():
            give(the_cause(), cast.floor, due_on=a_day_ahead(14), by=cast.brian.id, at=NOW)
        assert "stood in somebody’s way" not in inbox.get("/inbox").text, "its work is done"


def test_what_a_leader_named_goes_to_who_leads_them(cast: Cast) -> None:
    with transaction():
        said(cast.brian, at=NOW)
    follow_up(NOW)
    assert told("cause.unowned") == [cast.faith.id]


def test_the_owner_is_reminded_and_then_above(cast: Cast) -> None:
    given_to_floor(cast)
    run_until(date(2026, 11, 30))
    assert (told("cause.due"), told("cause.late"), told("cause.late_above")) == ([], [], [])
    run_until(date(2027, 2, 1))
    assert told("cause.given") == told("cause.due") == told("cause.late") == [cast.dora.id]
    assert told("cause.late_above") == [cast.faith.id]
    assert visible("cause.due") == [date(2026, 12, 1)]
    assert visible("cause.late") == [FRIDAY]
    assert visible("cause.late_above") == [date(2026, 12, 9)]


def test_a_day_off_moves_it(cast: Cast) -> None:
    with transaction():
        db.session.add(Holiday(on=date(2026, 12, 7), name="A day off"))
    given_to_floor(cast)
    run_until(date(2027, 1, 5))
    assert visible("cause.late_above") == [date(2026, 12, 10)]


def test_a_job_that_was_away_takes_what_is_still_of_use(cast: Cast) -> None:
    given_to_floor(cast)
    follow_up(morning(date(2026, 12, 20)))  # a Sunday
    assert told("cause.due") == [], "too late to remind before the day"
    assert told("cause.late") == [cast.dora.id]
    assert told("cause.late_above") == [cast.faith.id]
    assert visible("cause.late") == [date(2026, 12, 21)], "heard on a working morning"


def test_an_answer_ends_it_and_a_promise_begins_it_anew(cast: Cast) -> None:
    given_to_floor(cast)
    with transaction():
        change_on = date(2027, 1, 15)
        answer(the_cause(), kind="planned", words="In January.", change_on=change_on, by=cast.dora.id, at=NOW)
    run_until(date(2027, 1, 11))
    assert told("cause.due") == told("cause.late") == []
    run_until(date(2027, 1, 15))
    assert told("cause.due") == told("cause.late") == [cast.dora.id]
    with transaction():
        answer(the_cause(), kind="done", words="Done.", change_on=None, by=cast.dora.id, at=morning(change_on))
    run_until(date(2027, 3, 1))
    assert told("cause.late_above") == []


def test_what_would_be_a_reminder_at_once_is_none(cast: Cast) -> None:
    given_to_floor(cast, due_on=a_day_ahead(2))
    run_until(a_day_ahead(1))
    assert told("cause.due") == [], "who was just asked knows"
    run_until(a_day_ahead(2))
    assert told("cause.late") == [cast.dora.id]


def test_while_the_leader_is_away_the_deputy_hears_it(cast: Cast) -> None:
    given_to_floor(cast)
    with transaction():
        leads(db.session.get_one(Person, cast.kevin.id), cast.floor, kind="deputy")
        is_away(cast.dora, date(2026, 11, 20), date(2026, 12, 20))
    run_until(FRIDAY)
    assert told("cause.late") == [cast.kevin.id]


def test_one_that_was_merged_is_silent(cast: Cast) -> None:
    given_to_floor(cast)
    with transaction():
        said(cast.kevin, name="Another")
        merge(the_cause(), the_cause("Another"), by=cast.chloe.id, at=NOW)
    run_until(date(2026, 12, 20))
    assert told("cause.late") == [cast.dora.id], "the other took its team and its day"
    keys = db.session.scalars(select(Message.about_id).where(Message.kind == "cause.late"))
    assert list(keys) == [the_cause("Another").id]
    assert the_cause(RECEIPT).step == 0


def test_nothing_is_due(app: Any) -> None:
    assert follow_up(NOW) == 0
