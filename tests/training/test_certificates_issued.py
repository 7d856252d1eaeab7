"""A certificate is issued with the completion, replaces the one before it, and is never deleted."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW, Cast
from tests.training.certificates import a_certificate, a_certified_course, at_noon, fresh
from tracker.core.db import db, transaction
from tracker.courses.models import Course, CourseVersion
from tracker.organisation.models import Person
from tracker.ratings.import_models import Import
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.models import Assignment

FIRST = date(2025, 11, 20)
ENDS = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("done_on", "until"),
    [
        (ENDS - timedelta(days=15), date(2027, 11, 5)),  # a day before the window opens
        (ENDS - timedelta(days=14), date(2027, 11, 20)),
        (ENDS - timedelta(days=1), date(2027, 11, 20)),
        (ENDS, date(2027, 11, 20)),
        (ENDS + timedelta(days=40), date(2027, 12, 30)),
    ],
)
def test_a_renewal_replaces_the_old_one_and_keeps_its_rhythm(
    app: Flask, cast: Cast, done_on: date, until: date
) -> None:
    course = a_certified_course()
    old = a_certificate(cast.amina, course, on=FIRST)
    new = a_certificate(cast.amina, course, on=done_on)
    old = fresh(old)
    assert (new.issued_on, new.expires_on) == (done_on, until)
    assert (old.renewed_by_id, old.remind_on, old.expires_on) == (new.id, None, ENDS)
    assert new.remind_on == until - timedelta(days=90)
    assert old.number != new.number


def test_one_that_was_asked_for_anew_has_no_rhythm_to_go_on_with(app: Flask, cast: Cast) -> None:
    course = a_certified_course()
    old = a_certificate(cast.amina, course, on=FIRST)
    with transaction():
        db.session.get_one(Certificate, old.id).ended_on = ENDS - timedelta(days=9)
    assert a_certificate(cast.amina, course, on=ENDS - timedelta(days=8)).expires_on == date(2027, 11, 12)


def test_certificates_of_others_and_of_other_courses_are_left_alone(app: Flask, cast: Cast) -> None:
    course, other = a_certified_course(), a_certified_course("Returns")
    kept = [a_certificate(cast.kevin, course, on=FIRST), a_certificate(cast.amina, other, on=FIRST)]
    a_certificate(cast.amina, course, on=FIRST)
    a_certificate(cast.amina, course, on=ENDS)
    assert [fresh(one).renewed_by_id for one in kept] == [None, None]


def test_no_deletion_anywhere_deletes_a_certificate(app: Flask, cast: Cast) -> None:
    course = a_certified_course()
    certificate = a_certificate(cast.amina, course, on=FIRST)
    for model, id in (
        (Person, cast.amina.id),
        (Course, course.course_id),
        (CourseVersion, course.id),
        (Completion, certificate.completion_id),
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(delete(model).where(model.id == id))
    assert fresh(certificate).person_id == cast.amina.id


def test_undoing_a_file_leaves_whoever_has_finished_a_course_and_says_so(app: Flask, cast: Cast, browse: Any) -> None:
    """Made by a file that is taken back: who has a certificate stays, who has nothing goes."""
    course, now = a_certified_course(), NOW
    with transaction():
        file = Import(
            source="x", file_name="x.csv", started_at=now, alive_until=now, finished_at=now, by_id=cast.ruth.id
        )
        db.session.add(file)
        db.session.flush()
        people = [Person(staff_number=n, name=n, created_by_import_id=file.id) for n in ("Njeri", "Otis")]
        db.session.add_all(people)
        db.session.flush()
        file_id, ids = file.id, [person.id for person in people]
    certificate = a_certificate(db.session.get_one(Person, ids[0]), course, on=FIRST)
    page = browse(cast.ruth).post(f"/imports/{file_id}/undoing", follow_redirects=True)
    assert "1 person whom it brought stays" in page.text
    assert list(db.session.scalars(select(Person.id).where(Person.id.in_(ids)))) == [ids[0]]
    assert fresh(certificate).person_id == ids[0]


def test_finishing_ends_the_assignment_that_renews(app: Flask, cast: Cast) -> None:
    course = a_certified_course()
    old = a_certificate(cast.amina, course, on=FIRST)
    with transaction():
        given = {
            "course_id": course.course_id,
            "certificate_id": old.id,
            "why": "renewal",
            "assigned_at": at_noon(ENDS),
        }
        db.session.add(Assignment(person_id=cast.amina.id, **given))
    a_certificate(cast.amina, course, on=ENDS)
    assert db.session.scalars(select(Assignment.outcome)).all() == ["completed"]
