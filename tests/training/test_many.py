"""However many people, courses and rules there are: the pages of training ask the database the same number of questions."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.factories import a_course, a_person
from tests.home.test_query_counts import selects
from tests.training.conftest import NOW
from tracker.core.db import db, transaction
from tracker.training.assigning import Task, assign_course
from tracker.training.completing import complete
from tracker.training.rule_actions import carry_out, make_rule

pytestmark = pytest.mark.usefixtures("now")

TODAY = NOW.date()
PAGES = ("/training", "/training/team", "/training/assign", "/training/rules", "/certificates", "/training/marking")


def grow(cast: Cast, people: int, courses: int) -> None:
    """So many more people in Brian’s team and so many more courses, some finished by everybody and some open."""
    with transaction():
        versions = [a_course(certificate_months=12) for _number in range(courses)]
        team = [cast.amina.id, *(a_person(team=cast.tills).id for _number in range(people))]
        for version in versions[: courses // 2]:
            for person in [*team, cast.brian.id]:
                complete(person, version, score=100, by=person, at=NOW, day=TODAY)
        for version in versions[courses // 2 :]:
            for by, whom in ((cast.brian.id, team), (cast.chloe.id, [cast.brian.id])):
                assign_course(Task(version.course_id, "chosen", TODAY + timedelta(days=9)), whom, by=by, at=NOW)
            rule = {"kind": "joined", "course_id": version.course_id, "team_id": cast.tills.id, "days": 9}
            make_rule({**rule, "since": date(2020, 1, 1)}, by=cast.brian.id, at=NOW)


def questions(browser: Any) -> dict[str, int]:
    found = {}
    for url in PAGES:
        with selects() as seen:
            assert browser.get(url).status_code == 200
        found[url] = len(seen)
    return found


def test_pages_stay_flat_in_people_and_courses(app: Flask, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian, at=NOW)
    grow(cast, people=2, courses=4)
    few = questions(brian)
    grow(cast, people=20, courses=16)
    assert questions(brian) == few
    assert max(few.values()) <= 16, few


def test_a_rule_stays_flat_in_people(app: Flask, cast: Cast) -> None:
    counts = []
    for people in (2, 40):
        with transaction():
            version = a_course()
            for _number in range(people):
                a_person(team=cast.tills, since=TODAY)
            values = {
                "kind": "joined",
                "course_id": version.course_id,
                "team_id": cast.tills.id,
                "days": 9,
                "since": TODAY,
            }
            rule = make_rule(values, by=cast.brian.id, at=NOW).id
        with transaction(), selects() as seen:
            assert carry_out(rule, day=TODAY, at=NOW) >= people
        counts.append(len(seen))
    db.session.rollback()
    assert counts[0] == counts[1], counts
