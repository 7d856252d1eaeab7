"""What was agreed and is due: its owner hears of it once, in the morning of the day, wherever the case has got to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.factories import is_away
from tests.journeys.serving import Hour
from tracker.coaching.actions import add_agreed, close_case, tick_agreed
from tracker.coaching.agreed_jobs import remind_of_agreed
from tracker.coaching.models import CoachingAction, CoachingCase
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Tenure

FRIDAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 8 in Nairobi
MINUTE = timedelta(minutes=1)


def agree(case: CoachingCase, owner: int, *, due_on: date = FRIDAY, by: int) -> int:
    with transaction():
        found = db.session.get_one(CoachingCase, case.id)
        made = add_agreed(found, by=by, text="Open till 3", owner_id=owner, due_on=due_on, at=NOW)
        db.session.flush()
        return made.id


def told() -> list[tuple[int, datetime]]:
    db.session.rollback()
    found = db.session.scalars(select(Message).where(Message.kind == "coaching.due").order_by(Message.id))
    return [(message.person_id, message.visible_at) for message in found]


@pytest.mark.parametrize("owner", ["kevin", "brian"])
def test_the_owner_hears_of_it_once_in_the_morning_of_the_day(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any, owner: str
) -> None:
    person = getattr(cast, owner)
    agree(case, person.id, by=cast.brian.id)
    assert remind_of_agreed(MORNING - MINUTE) == 0
    assert remind_of_agreed(MORNING) == 1
    assert remind_of_agreed(MORNING + MINUTE) == 0
    assert told() == [(person.id, MORNING)]
    hour.at = MORNING + MINUTE
    page = browse(person, at=hour.at).get("/inbox").text
    assert "Something you agreed on is due Fri 20 Nov" in page
    assert "Open till 3" not in page


def test_on_a_weekend_or_in_leave_it_waits_for_the_next_working_morning(case: CoachingCase, cast: Cast) -> None:
    agree(case, cast.kevin.id, due_on=date(2026, 11, 21), by=cast.brian.id)  # a Saturday
    agree(case, cast.brian.id, by=cast.brian.id)
    with transaction():
        is_away(cast.brian, FRIDAY, date(2026, 11, 25))
    assert remind_of_agreed(MORNING + timedelta(days=2)) == 0
    assert remind_of_agreed(MORNING + timedelta(days=3)) == 1  # Monday
    assert remind_of_agreed(MORNING + timedelta(days=5)) == 1  # Brian is back on Wednesday
    assert told() == [(cast.kevin.id, MORNING + timedelta(days=3)), (cast.brian.id, MORNING + timedelta(days=5))]


def test_what_is_done_is_not_mentioned(case: CoachingCase, cast: Cast, hour: Hour, browse: Any) -> None:
    first, second = (agree(case, cast.kevin.id, by=cast.brian.id) for _twice in range(2))
    with transaction():
        _tick(first, cast)
    assert remind_of_agreed(MORNING) == 1
    with transaction():
        _tick(second, cast)
    hour.at = MORNING + MINUTE
    assert "Something you agreed" not in browse(cast.kevin, at=hour.at).get("/inbox").text


def _tick(id: int, cast: Cast) -> None:
    action = db.session.get_one(CoachingAction, id)
    tick_agreed(action, done=True, by=cast.brian.id, person=cast.kevin.id, at=NOW)


@pytest.mark.parametrize(("because", "count"), [("held", 1), ("followed_up", 1), ("expired", 0)])
def test_it_holds_after_the_talk_but_not_after_a_case_that_nobody_finished(
    case: CoachingCase, cast: Cast, because: str, count: int
) -> None:
    agree(case, cast.kevin.id, by=cast.brian.id)
    with transaction():
        close_case(db.session.get_one(CoachingCase, case.id), because=because, by=None, at=NOW)
    assert remind_of_agreed(MORNING) == count


def test_who_leads_no_more_finds_no_such_message(case: CoachingCase, cast: Cast, hour: Hour, browse: Any) -> None:
    agree(case, cast.brian.id, by=cast.brian.id)
    assert remind_of_agreed(MORNING) == 1
    with transaction():
        db.session.scalars(select(Tenure).where(Tenure.team_id == cast.tills.id)).one().ended_on = FRIDAY
    hour.at = MORNING + MINUTE
    assert "Something you agreed" not in browse(cast.brian, at=hour.at).get("/inbox").text


def test_a_job_that_missed_days_makes_up_for_them_once(cast: Cast, hour: Hour) -> None:
    with transaction():
        case = a_case_of(cast.kevin)
        case.shared_at = case.shares_at
    agree(case, cast.kevin.id, by=cast.brian.id)
    later = MORNING + timedelta(days=12)
    assert remind_of_agreed(later) == 1
    assert remind_of_agreed(later + timedelta(days=1)) == 0
