"""A button pressed twice, a page that is older than what has happened since, and days that no calendar knows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.coaching.timed import a_shared_case, at, calendar_mails, the_case, told
from tests.conftest import Browser, Cast
from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession, CoachingSnooze
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person

SHARED = at("2026-11-17")
WEDNESDAY = at("2026-11-18", 10)
TIME = {"on": "2026-11-19", "starts": "14:00", "minutes": "20", "place": "Back office"}
SNOOZE = {"snooze-reason": "busy", "snooze-days": "3"}
WORDS = "We looked at the queue at noon, and at the second till."


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with clock.set_to(WEDNESDAY):
        yield


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    with transaction():
        return a_shared_case(cast.kevin, shares_at=SHARED)


def on(browse: Any, person: Person) -> Browser:
    signed_in: Browser = browse(person, at=WEDNESDAY)
    return signed_in


def written(cast: Cast, **values: str) -> dict[str, str]:
    """The form of a talk as a page made before it gives it."""
    agreed = {"agreed": "Open till 3", "owner": str(cast.kevin.id), "due_on": "2026-12-01"}
    return {"held": "0", "note": WORDS, "follow_up": "six_weeks", **agreed, **values}


def talks(case: CoachingCase) -> list[tuple[str, bool]]:
    """(kind, whether it was held) of each, in order."""
    db.session.rollback()
    found = select(CoachingSession).where(CoachingSession.case_id == case.id).order_by(CoachingSession.id)
    return [(talk.kind, talk.held_at is not None) for talk in db.session.scalars(found)]


def test_a_talk_that_is_saved_twice_is_one_and_leaves_its_follow_up_alone(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    brian = on(browse, cast.brian)
    assert 'name="held" type="hidden" value="0"' in brian.get(f"/coaching/{case.id}").text
    for _click in range(2):
        assert brian.post(f"/coaching/{case.id}/completion", written(cast)).status_code == 303
    assert talks(case) == [("talk", True), ("follow_up", False)]
    assert the_case(case).closed_at is None
    assert db.session.scalar(select(func.count(CoachingAction.id))) == 1
    assert len(told(cast.kevin, "coaching.completed")) == 1


def test_a_last_talk_that_is_saved_twice_is_one_too(case: CoachingCase, cast: Cast, browse: Any) -> None:
    for _click in range(2):
        sent = written(cast, follow_up="none")
        assert on(browse, cast.brian).post(f"/coaching/{case.id}/completion", sent).status_code == 303
    assert talks(case) == [("talk", True)]
    assert the_case(case).closed_because == "held"


def test_other_words_from_an_older_page_come_back_and_end_nothing(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian = on(browse, cast.brian)
    assert brian.post(f"/coaching/{case.id}/completion", written(cast)).status_code == 303
    answer = brian.post(f"/coaching/{case.id}/completion", written(cast, note="From the other device."))
    assert answer.status_code == 409
    assert "This talk was written up meanwhile" in answer.text
    assert "From the other device." in answer.text
    assert talks(case) == [("talk", True), ("follow_up", False)]


def test_the_follow_up_is_written_up_from_a_page_that_shows_the_talk(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    brian = on(browse, cast.brian)
    assert brian.post(f"/coaching/{case.id}/completion", written(cast)).status_code == 303
    assert 'name="held" type="hidden" value="1"' in brian.get(f"/coaching/{case.id}").text
    assert brian.post(f"/coaching/{case.id}/completion", written(cast, held="1")).status_code == 303
    assert talks(case) == [("talk", True), ("follow_up", True)]
    assert the_case(case).closed_because == "followed_up"


@pytest.mark.parametrize(
    ("who", "path", "name"),
    [
        ("brian", "completion", "note"),
        ("brian", "hand-over", "text"),
        ("brian", "points", "text"),
        ("kevin", "points", "text"),
        ("kevin", "reply", "text"),
    ],
)
def test_what_comes_after_the_close_is_not_lost(
    case: CoachingCase, cast: Cast, browse: Any, who: str, path: str, name: str
) -> None:
    closing = {"closing-because": "talked"}
    assert on(browse, cast.brian).post(f"/coaching/{case.id}/closing", closing).status_code == 303
    sent = {"held": "0", "follow_up": "none", name: "Words that took an hour."}
    answer = on(browse, getattr(cast, who)).post(f"/coaching/{case.id}/{path}", sent)
    assert answer.status_code == 409
    assert "This case is closed." in answer.text
    assert "What you wrote was not saved." in answer.text
    assert "Words that took an hour." in answer.text
    assert "Words that took an hour." not in on(browse, cast.brian).get(f"/coaching/{case.id}").text


def test_the_same_time_set_twice_is_told_once(case: CoachingCase, cast: Cast, browse: Any) -> None:
    for _click in range(2):
        assert on(browse, cast.brian).post(f"/coaching/{case.id}/booking", TIME).status_code == 303
    db.session.rollback()
    assert [mail.parameters["sequence"] for mail in calendar_mails()] == [0, 0]  # one for each of the two
    assert [message.kind for message in told(cast.kevin, "coaching.booked")] == ["coaching.booked"]
    assert told(cast.kevin, "coaching.moved") == []


def test_two_clicks_put_off_once(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian = on(browse, cast.brian)
    assert brian.post(f"/coaching/{case.id}/snooze", SNOOZE).status_code == 303
    answer = brian.post(f"/coaching/{case.id}/snooze", SNOOZE)
    assert answer.status_code == 409
    assert "It is put off until Monday 23 November 2026 already." in answer.text
    assert db.session.scalar(select(func.count(CoachingSnooze.id))) == 1
    assert "Not now?" not in brian.get(f"/coaching/{case.id}").text
    later = WEDNESDAY + timedelta(days=5)
    with clock.set_to(later):
        assert "Not now?" in browse(cast.brian, at=later).get(f"/coaching/{case.id}").text


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1000-01-01", "2025-11-19", "2027-11-19", "9999-12-31", "2026-02-30", ""]
)
@pytest.mark.parametrize("time", ["00:00", "23:59"])
def test_no_talk_is_set_on_a_day_far_away(case: CoachingCase, cast: Cast, browse: Any, day: str, time: str) -> None:
    answer = on(browse, cast.brian).post(f"/coaching/{case.id}/booking", {**TIME, "on": day, "starts": time})
    assert answer.status_code == 422
    assert "Back office" in answer.text
    assert talks(case) == []


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-17", "2028-01-01", "9999-12-31"])
def test_nothing_is_agreed_for_a_day_that_is_over_or_far_away(
    case: CoachingCase, cast: Cast, browse: Any, day: str
) -> None:
    brian = on(browse, cast.brian)
    agreed = {"text": "Open till 3", "owner": str(cast.kevin.id), "due_on": day}
    assert brian.post(f"/coaching/{case.id}/agreed", agreed).status_code == 422
    answer = brian.post(f"/coaching/{case.id}/completion", written(cast, due_on=day))
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert talks(case) == []
