"""What authors learn of their learners: sums from five on, words without a name, and nothing of practice."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import LESSONS, a_course, a_person, leads
from tests.training.conftest import NOW
from tests.training.test_learning import RIGHT, WRONG, answer_all, finish_reading, run_of
from tracker.core.db import db, transaction
from tracker.training.learning_models import CourseRun

pytestmark = pytest.mark.usefixtures("now")


def learners(cast: Cast, count: int) -> list[Any]:
    with transaction():
        return [a_person(team=cast.tills) for _number in range(count)]


def go_through(browse: Any, people: list[Any], course: int, answers: dict[str, dict[str, Any]]) -> list[Any]:
    browsers = [browse(person, at=NOW) for person in people]
    for browser in browsers:
        run = run_of(browser.post(f"/training/courses/{course}/runs"))
        finish_reading(browser, run)
        browser.post(f"/training/runs/{run}/lessons/read/rating", {"helped": "1", "words": f"Too long, says {run}."})
        answer_all(browser, run, answers)
    return browsers


def test_sure_and_wrong_is_summed_from_five_learners_on(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course().course_id
    people = learners(cast, 5)
    chloe = browse(cast.chloe, at=NOW)
    go_through(browse, people[:4], course, WRONG)
    page = chloe.get(f"/training/courses/{course}/learned").text
    assert "from 5 learners on" in page
    assert "as soon as 5 have said something" in page
    assert "Too long, says" not in page
    assert "Helped:" not in page
    go_through(browse, people[4:], course, RIGHT)
    page = " ".join(chloe.get(f"/training/courses/{course}/learned").text.split())
    assert 'data-label="Learners">5</td><td class="num" data-label="Wrong at first">4</td>' in page
    assert 'data-label="Sure, and wrong"><span class="pill attn">4</span>' in page
    assert "Helped: 0 · a little: 0 · not really: 5" in page
    assert "Too long, says" in page
    assert not any(person.name in page for person in people)


def test_one_learner_five_times_is_one_learner(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course().course_id
    people = learners(cast, 4)
    go_through(browse, people, course, WRONG)
    first, at = people[0].id, NOW
    with transaction():
        old = db.session.scalars(select(CourseRun).where(CourseRun.person_id == first)).one()
        old.ended_at, old.outcome = at, "replaced"
    go_through(browse, people[:1], course, WRONG)
    page = browse(cast.chloe, at=NOW).get(f"/training/courses/{course}/learned").text
    assert "Too long, says" not in page
    assert "from 5 learners on" in page


def test_practice_stays_with_the_learner(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course(lessons=[LESSONS[0], {**LESSONS[1], "practice": True}]).course_id
    go_through(browse, learners(cast, 5), course, WRONG)
    assert "Wrong at first" not in browse(cast.chloe, at=NOW).get(f"/training/courses/{course}/learned").text


def test_only_who_writes_a_course_reads_it(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course(team=cast.tills).course_id
        leads(cast.faith, cast.root)
    url = f"/training/courses/{course}/learned"
    assert browse(cast.brian, at=NOW).get(url).status_code == 200
    for other in (cast.dora, cast.amina, cast.faith):
        assert browse(other, at=NOW).get(url).status_code == 404


def test_a_draft_has_no_learners_yet(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course(published=False).course_id
    assert browse(cast.chloe, at=NOW).get(f"/training/courses/{course}/learned").status_code == 404
