"""Whom a course is given to: not to who has done it, not what is taught no more, and a rating's reason only to whom it is about."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_rating
from tests.training.conftest import NOW
from tests.training.test_assigning import assigned, new_course, send
from tracker.core.db import db, transaction
from tracker.courses.actions import retire
from tracker.courses.models import Course, CourseVersion
from tracker.organisation.models import Person
from tracker.ratings.models import Driver
from tracker.training.completing import complete

pytestmark = pytest.mark.usefixtures("now")

TODAY = date(2026, 11, 18)
HUGE = str(10**30)


def has_done(person: Person, course: int) -> None:
    with transaction():
        version = db.session.scalars(select(CourseVersion).where(CourseVersion.course_id == course)).one()
        complete(person.id, version, score=90, by=person.id, at=NOW, day=TODAY - timedelta(days=10))


def test_everybody_here_is_without_who_has_done_it(
    app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.training.assign_page.PEOPLE_LISTED", 1)
    course, brian = new_course(), browse(cast.brian, at=NOW)
    url = f"/training/assign?course={course}"
    assert "All 2 people here" in brian.get(url).text
    has_done(cast.kevin, course)
    page = brian.get(url).text
    assert "The one person here" in page
    assert "One person finished this course within the last year and is left out." in page
    assert send(brian, course, url=url, everybody="y").status_code == 303
    assert [one.person_id for one in assigned()] == [cast.amina.id]


def test_where_everybody_has_done_it_nobody_gets_it(
    app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.training.assign_page.PEOPLE_LISTED", 1)
    course, brian = new_course(), browse(cast.brian, at=NOW)
    for person in (cast.amina, cast.kevin):
        has_done(person, course)
    assert "Nobody is left who could get it." in brian.get(f"/training/assign?course={course}").text
    answer = send(brian, course, everybody="y")
    assert (answer.status_code, "Everybody here finished it within the last year." in answer.text) == (422, True)
    assert assigned() == []


def test_who_has_this_very_course_is_no_reason_to_ask_again(app: Flask, cast: Cast, browse: Any) -> None:
    brian, courses = browse(cast.brian, at=NOW), [new_course() for _course in range(2)]
    for course in courses:
        send(brian, course, cast.amina)
    assert send(brian, courses[0], cast.amina, cast.kevin).status_code == 303
    assert [one.person_id for one in assigned()][2:] == [cast.kevin.id]


def test_a_retired_course_is_given_to_nobody(app: Flask, cast: Cast, browse: Any) -> None:
    course = new_course()
    with transaction():
        retire(db.session.get_one(Course, course), by=cast.chloe.id, at=NOW)
    answer = send(browse(cast.brian, at=NOW), course, cast.amina)
    assert (answer.status_code, "This course is retired" in answer.text) == (422, True)
    assert assigned() == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"people": [HUGE]}, "Choose somebody"),
        ({"people": ["-1", "x", "²"]}, "Choose somebody"),
        ({"course": HUGE}, "This course is not published yet."),
        ({"course": "x"}, "This course is not published yet."),
    ],
)
def test_numbers_that_nothing_has_are_refused(
    app: Flask, cast: Cast, browse: Any, values: dict[str, Any], sentence: str
) -> None:
    answer = send(browse(cast.brian, at=NOW), new_course(), cast.amina, **values)
    assert (answer.status_code, sentence in answer.text) == (422, True)


@pytest.mark.parametrize("url", ["/training/assign", "/training/team", "/training/rules/new"])
def test_numbers_too_large_in_an_address_are_nothing(app: Flask, cast: Cast, browse: Any, url: str) -> None:
    new_course()
    asked = "&".join(f"{name}={HUGE}" for name in ("course", "person", "team", "rating"))
    assert browse(cast.brian, at=NOW).get(f"{url}?{asked}").status_code == 200


def test_a_rating_is_the_reason_only_for_whom_it_is_about(app: Flask, cast: Cast, browse: Any) -> None:
    course = new_course(drivers=["listening"])
    with transaction():
        db.session.add(Driver(key="listening", name="Listening"))
        rating = a_rating(cast.amina, stars=1, on=TODAY, drivers=["listening"])
    brian = browse(cast.brian, at=NOW)
    url = f"/training/assign?driver=listening&person={cast.amina.id}&rating={rating.id}"
    answer = send(brian, course, cast.amina, cast.kevin, url=url)
    assert answer.status_code == 303
    assert "Assigned to 2 people." in brian.get("/training/team").text
    assert {one.person_id: (one.why, one.rating_id, one.driver) for one in assigned()} == {
        cast.amina.id: ("rating", rating.id, "listening"),
        cast.kevin.id: ("chosen", None, None),
    }
    assert "Brian Kamau picked it for you." in browse(cast.kevin, at=NOW).get("/training").text


def test_who_has_left_is_late_with_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    send(browse(cast.brian, at=NOW), new_course(), cast.amina, cast.kevin, due_on=TODAY.isoformat())
    late = assigned()
    with transaction():
        db.session.merge(cast.kevin).ended_on = TODAY
        for one in late:
            db.session.merge(one).due_on = TODAY - timedelta(days=3)
    page = browse(cast.chloe, at=NOW).get("/training/team").text
    assert cast.kevin.name not in page
    assert cast.amina.name in page
    assert "One course is overdue." in page
