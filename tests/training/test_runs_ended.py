"""What becomes of a run that cannot go on: out of goes, waived, proved elsewhere, or replaced by a newer version."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_course
from tests.training.conftest import NOW
from tests.training.test_learning import WRONG, all_of, answer_all, begin, finish_reading, one_of, run_of
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.courses.actions import begin_draft
from tracker.courses.models import Course
from tracker.notifications.models import Message
from tracker.training.certificate_actions import attest
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.learning_models import CourseRun
from tracker.training.models import Assignment
from tracker.training.publishing import publish_version

pytestmark = pytest.mark.usefixtures("now")


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
