"""From what low ratings name to a course in two clicks, and back on the case among what was agreed."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_course
from tracker.coaching.actions import close_case
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.courses.models import CourseVersion
from tracker.training.assigning import Task, assign_course
from tracker.training.completing import complete
from tracker.training.models import Assignment

DUE = {"due_on": "2026-11-30"}


@pytest.fixture
def calm(cast: Cast) -> CourseVersion:
    with transaction():
        a_course(title="Everything about tills", drivers=["speed", "friendliness", "price_clear"])
        a_course(title="Nothing to do with it", drivers=["returns_clear"])
        return a_course(title="Calm at the counter", drivers=["speed"])


def given() -> list[Assignment]:
    db.session.rollback()
    return list(db.session.scalars(select(Assignment).order_by(Assignment.id)))


def test_the_course_that_is_most_about_it_is_offered_and_assigned(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any
) -> None:
    brian, address = browse(cast.brian), f"/coaching/{case.id}"
    page = brian.get(address).text
    assert "“Calm at the counter”" in page
    assert "Everything about tills" not in page
    assert "Nothing to do with it" not in page
    sent = {"course": str(calm.course_id), "driver": "speed", **DUE}
    assert brian.post(f"{address}/training", sent).status_code == 303
    (made,) = given()
    assert (made.person_id, made.course_id, made.driver, made.why) == (cast.kevin.id, calm.course_id, "speed", "rating")
    assert made.due_on == date(2026, 11, 30)
    for browser in (brian, browse(cast.kevin)):
        agreed = browser.get(address).text.split('id="agreed"')[1]
        assert "“Calm at the counter”" in agreed
        assert "due Mon 30 Nov" in agreed
        assert "assigned</a>" in agreed
    assert "Training that fits" not in brian.get(address).text.split("Calm at the counter")[0].split('id="agreed"')[1]


def test_a_course_that_is_done_says_so(case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any) -> None:
    with transaction():
        assign_course(Task(calm.course_id, "rating", date(2026, 11, 30)), [cast.kevin.id], by=cast.brian.id, at=NOW)
        complete(cast.kevin.id, calm, score=None, by=cast.kevin.id, at=NOW + timedelta(hours=1), day=date(2026, 11, 18))
    agreed = browse(cast.brian).get(f"/coaching/{case.id}").text.split('id="agreed"')[1]
    assert "done Wed 18 Nov, 13:00" in agreed


def test_open_from_before_stands_apart_and_is_not_offered_again(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any
) -> None:
    with transaction():
        long_ago = NOW - timedelta(days=30)
        assign_course(
            Task(calm.course_id, "chosen", date(2026, 11, 30)), [cast.kevin.id], by=cast.brian.id, at=long_ago
        )
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "Open from before" in page
    assert "Everything about tills" in page  # the next best
    sent = {"course": str(calm.course_id), "driver": "speed", **DUE}
    assert browse(cast.brian).post(f"/coaching/{case.id}/training", sent).status_code == 303
    assert len(given()) == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"due_on": ""}, 422),
        ({"due_on": "2026-11-17"}, 422),
        ({"due_on": "2028-11-17"}, 422),
        ({"due_on": "soon"}, 422),
        ({"course": "0"}, 404),
        ({"course": "calm"}, 404),
        ({"course": "9" * 40}, 404),
    ],
)
def test_bad_input_gives_nothing(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any, sent: dict[str, str], status: int
) -> None:
    given_in = {"course": str(calm.course_id), "driver": "speed", **DUE, **sent}
    answer = browse(cast.brian).post(f"/coaching/{case.id}/training", given_in)
    assert (answer.status_code, given()) == (status, [])
    if status == 422:
        assert f'href="#course-{calm.course_id}-due_on"' in answer.text


def test_nobody_gets_a_third_open_course_from_here(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any
) -> None:
    with transaction():
        for title in ("One", "Two"):
            other = a_course(title=title)
            assign_course(
                Task(other.course_id, "chosen", date(2026, 11, 30)), [cast.kevin.id], by=cast.brian.id, at=NOW
            )
    sent = {"course": str(calm.course_id), "driver": "speed", **DUE}
    answer = browse(cast.brian).post(f"/coaching/{case.id}/training", sent)
    assert answer.status_code == 422
    assert "has two courses open already" in answer.text
    assert len(given()) == 2


def test_a_driver_that_nobody_knows_is_not_kept(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any
) -> None:
    sent = {"course": str(calm.course_id), "driver": "<b>", **DUE}
    assert browse(cast.brian).post(f"/coaching/{case.id}/training", sent).status_code == 303
    assert [made.driver for made in given()] == [None]


@pytest.mark.parametrize(("who", "status"), [("kevin", 403), ("dora", 404), ("chloe", 403), ("faith", 404)])
def test_only_who_leads_assigns(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any, who: str, status: int
) -> None:
    sent = {"course": str(calm.course_id), "driver": "speed", **DUE}
    answer = browse(getattr(cast, who)).post(f"/coaching/{case.id}/training", sent)
    assert (answer.status_code, given()) == (status, [])


def test_the_person_is_offered_none_and_a_closed_case_neither(
    case: CoachingCase, cast: Cast, calm: CourseVersion, browse: Any
) -> None:
    assert "Training that fits" not in browse(cast.kevin).get(f"/coaching/{case.id}").text
    with transaction():
        close_case(db.session.get_one(CoachingCase, case.id), because="held", by=cast.brian.id, at=NOW)
    assert "Training that fits" not in browse(cast.brian).get(f"/coaching/{case.id}").text
