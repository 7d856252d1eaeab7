"""A run that is over takes nothing more, says why, and shows the way on; what was sent twice is once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import LESSONS, a_course
from tests.training.conftest import NOW
from tests.training.test_learning import RIGHT, WRONG, all_of, answer, answer_all, begin, finish_reading, one_of, run_of
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.courses.actions import begin_draft
from tracker.courses.models import Course
from tracker.notifications.models import Message
from tracker.training.certificate_actions import attest
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.learning_models import CourseRun, QuizAnswer, QuizAttempt
from tracker.training.models import Assignment
from tracker.training.publishing import publish_version

pytestmark = pytest.mark.usefixtures("now")


def replace(run: int, cast: Cast) -> None:
    """Publish a version that everybody begins anew."""
    with transaction():
        course = db.session.get_one(Course, db.session.get_one(CourseRun, run).course_id)
        draft = begin_draft(course, by=cast.chloe.id, at=NOW)
        publish_version(draft, reopens=True, days=14, words=None, by=cast.chloe.id, at=NOW)
    db.session.rollback()


def test_whoever_is_at_a_question_hears_of_the_newer_version(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, title="Listening first")
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    attempt = one_of(QuizAttempt).id
    assert "data-answers" in amina.get(f"/training/runs/{run}?question=first").text
    replace(run, cast)
    for step in ("", "?lesson=check&question=first", "?lesson=read"):
        page = amina.get(f"/training/runs/{run}{step}").text
        assert "A newer version of this course has replaced this one." in page
        assert "Begin it again" in page
        assert "data-answers" not in page
    assert "in the middle of it" in amina.get(f"/training/runs/{run}?lesson=check").text
    for refused in (
        amina.post(f"/training/attempts/{attempt}/answers/first", RIGHT["first"]),
        amina.post(f"/training/runs/{run}/lessons/read/completion"),
        amina.post(f"/training/runs/{run}/lessons/check/attempts"),
    ):
        assert (refused.status_code, "A newer version has replaced this one" in refused.text) == (409, True)
    assert all_of(QuizAnswer) == []
    newer = run_of(amina.post(f"/training/courses/{all_of(CourseRun)[0].course_id}/runs"))
    page = amina.get(f"/training/runs/{run}").text
    assert f'href="/training/runs/{newer}"' in page
    assert "Begin it again" not in page


def test_what_was_answered_before_the_newer_version_can_be_looked_at(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    answer_all(amina, run, {"first": WRONG["first"]})
    replace(run, cast)
    page = amina.get(f"/training/runs/{run}?lesson=check&question=first").text
    assert "That may answer another question." in page
    assert "Next question" not in page
    assert "See how it went" in page


def test_without_a_go_left_there_is_nothing_to_begin(app: Flask, cast: Cast, browse: Any) -> None:
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, attempts=1)
    answer_all(amina, run, WRONG)
    page = amina.get("/training").text
    assert "You have used every go. Whoever leads your team can give you another." in page
    assert ">Begin<" not in page
    assert f'href="/training/runs/{run}"' in page
    refused = amina.post(f"/training/runs/{run}/lessons/read/completion")
    assert (refused.status_code, "used every go" in refused.text) == (409, True)
    brian.post(f"/training/runs/{run}/more")
    page = amina.get("/training").text
    assert ("Go on" in page, "used every go" in page) == (True, False)


def test_the_last_answer_sent_twice_is_once(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    finish_reading(amina, run)
    answer_all(amina, run, RIGHT)
    assert one_of(CourseRun).outcome == "completed"
    attempt = one_of(QuizAttempt).id
    again = answer(amina, attempt, "both", RIGHT["both"])
    assert (again.status_code, f"/training/runs/{run}?" in again.location) == (303, True)
    other = answer(amina, attempt, "both", WRONG["both"])
    assert (other.status_code, "finished this course already" in other.text) == (409, True)
    assert len(all_of(QuizAnswer)) == 2


def test_the_last_step_done_twice_is_once(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, lessons=[LESSONS[0]])
    finish_reading(amina, run)
    assert one_of(CourseRun).outcome == "completed"
    finish_reading(amina, run)


def fail(browser: Any, run: int) -> None:
    finish_reading(browser, run)
    answer_all(browser, run, WRONG)


def test_each_other_go_is_told(app: Flask, cast: Cast, browse: Any) -> None:
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, title="Listening first", attempts=1)
    fail(amina, run)
    for _go in range(2):
        assert brian.post(f"/training/runs/{run}/more").status_code == 303
        answer_all(amina, run, WRONG)
    told = select(Message.id).where(Message.kind == "training.another", Message.person_id == cast.amina.id)
    assert len(db.session.scalars(told).all()) == 2


def test_no_other_go_at_what_is_no_longer_taught(app: Flask, cast: Cast, browse: Any) -> None:
    """A newer version can be begun, which is better than another go at the old one."""
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, title="Listening first", attempts=1)
    fail(amina, run)
    assert "Give another go" in brian.get("/training/team").text
    with transaction():
        draft = begin_draft(one_of(Course), by=cast.chloe.id, at=NOW)
        publish_version(draft, reopens=False, days=None, words=None, by=cast.chloe.id, at=NOW)
    assert "Give another go" not in brian.get("/training/team").text
    assert brian.post(f"/training/runs/{run}/more").status_code == 404
    newer = run_of(amina.post(f"/training/courses/{one_of(Course).id}/runs"))
    assert newer != run


def test_what_was_waived_and_is_gone_on_with_is_on_the_list_again(app: Flask, cast: Cast, browse: Any) -> None:
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, title="Listening first")
    waived = brian.post(f"/training/assignments/{one_of(Assignment).id}/waiver", {"reason": "Knows it"})
    assert waived.status_code == 303
    assert "Go on with" not in amina.get("/training").text
    assert run_of(amina.post(f"/training/courses/{one_of(Course).id}/runs")) == run
    assert [(row.why, row.ended_at is None) for row in all_of(Assignment)] == [("own", False), ("own", True)]


def test_what_was_proved_elsewhere_is_not_gone_on_with(app: Flask, cast: Cast, browse: Any) -> None:
    """Else the answers of this year would make a second certificate, or next year's."""
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, title="Listening first", certificate_months=12)
    finish_reading(amina, run)
    sent = {"course": one_of(Course).id, "on": NOW.date().isoformat(), "words": "I saw it"}
    assert brian.post(f"/certificates/people/{cast.amina.id}/attestations", sent).status_code == 303
    assert one_of(CourseRun).outcome == "completed"
    assert amina.post(f"/training/runs/{run}/lessons/check/attempts").status_code == 409
    assert (len(all_of(Completion)), len(all_of(Certificate))) == (1, 1)


def test_a_version_that_is_over_is_not_proved_elsewhere(app: Flask, cast: Cast) -> None:
    with transaction():
        version = a_course(title="Listening first")
        draft = begin_draft(db.session.get_one(Course, version.course_id), by=cast.chloe.id, at=NOW)
        publish_version(draft, reopens=True, days=14, words=None, by=cast.chloe.id, at=NOW)
        given = {"on": NOW.date(), "words": "I saw it", "today": NOW.date(), "by": cast.brian.id, "at": NOW}
        with pytest.raises(Conflict, match="newer version"):
            attest(cast.amina, version, **given)
