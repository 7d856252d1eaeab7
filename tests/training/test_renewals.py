"""As the window opens the course is assigned by itself: once for each certificate, never beside one that is open."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.training.certificates import a_certificate, a_certified_course, at_noon
from tracker.core.db import db, transaction
from tracker.courses.actions import retire
from tracker.courses.models import Course, CourseVersion
from tracker.organisation.models import Person
from tracker.training.certificate_models import Certificate
from tracker.training.models import Assignment
from tracker.training.renewals import assign_renewals

ISSUED, ENDS = date(2026, 3, 2), date(2027, 3, 2)
OPENS = ENDS - timedelta(days=14)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def certificate(cast: Cast) -> Certificate:
    return a_certificate(cast.amina, a_certified_course(), on=ISSUED)


def assignments() -> list[Assignment]:
    found = list(db.session.scalars(select(Assignment).order_by(Assignment.id)))
    for one in found:
        db.session.expunge(one)
    db.session.rollback()
    return found


def test_it_is_assigned_as_the_window_opens_and_only_once(app: Flask, cast: Cast, certificate: Certificate) -> None:
    assert assign_renewals(at_noon(OPENS - ONE_DAY)) == 0
    assert [assign_renewals(at_noon(OPENS + n * ONE_DAY)) for n in range(20)] == [1] + [0] * 19
    [made] = assignments()
    assert (made.person_id, made.why, made.certificate_id) == (cast.amina.id, "renewal", certificate.id)
    assert (made.due_on, made.by_id, made.rule_id) == (ENDS - ONE_DAY, None, None)


def test_what_was_waived_stays_waived(app: Flask, cast: Cast, certificate: Certificate) -> None:
    assign_renewals(at_noon(OPENS))
    with transaction():
        made = db.session.scalars(select(Assignment)).one()
        made.ended_at, made.outcome, made.reason = at_noon(OPENS), "waived", "Moves to the office."
    assert assign_renewals(at_noon(OPENS + ONE_DAY)) == 0


def test_an_assignment_that_is_open_already_serves(app: Flask, cast: Cast, certificate: Certificate) -> None:
    with transaction():
        given = {"person_id": cast.amina.id, "course_id": certificate.course_id, "why": "chosen"}
        db.session.add(Assignment(assigned_at=at_noon(ISSUED), due_on=ENDS, **given))
    assert assign_renewals(at_noon(OPENS)) == 0
    [kept] = assignments()
    assert (kept.why, kept.certificate_id, kept.due_on) == ("chosen", certificate.id, ENDS)
    with transaction():
        waived = db.session.scalars(select(Assignment)).one()
        waived.ended_at, waived.outcome, waived.reason = at_noon(OPENS), "waived", "On leave."
    assert assign_renewals(at_noon(OPENS + ONE_DAY)) == 0


def test_who_began_by_themselves_gets_the_certificates_day(app: Flask, cast: Cast, certificate: Certificate) -> None:
    """Without a day nobody would be reminded of it, and whoever leads them would not see it."""
    with transaction():
        own = {"person_id": cast.amina.id, "course_id": certificate.course_id, "why": "own"}
        db.session.add(Assignment(assigned_at=at_noon(ISSUED), **own))
    assert assign_renewals(at_noon(OPENS)) == 0
    [kept] = assignments()
    assert (kept.why, kept.certificate_id, kept.due_on, kept.is_paid) == (
        "renewal",
        certificate.id,
        ENDS - ONE_DAY,
        True,
    )


@pytest.mark.parametrize(
    ("late", "due_on"), [(5, ENDS - ONE_DAY), (14, ENDS + timedelta(days=14)), (43, None), (400, None)]
)
def test_after_a_silence(app: Flask, cast: Cast, certificate: Certificate, late: int, due_on: date | None) -> None:
    """Lapsed meanwhile: asked for with time enough, unless it lapsed more than 30 days ago."""
    assert assign_renewals(at_noon(OPENS + timedelta(days=late))) == int(due_on is not None or late == 43)
    made = assignments()
    assert [one.due_on for one in made] == ([due_on] if due_on else [OPENS + timedelta(days=57)] if late == 43 else [])


def test_nobody_is_asked_in_vain(app: Flask, cast: Cast, certificate: Certificate) -> None:
    """Who has left, what was renewed or asked for anew, a course that is over or gives none any more."""
    without = a_certificate(cast.kevin, a_certified_course("No more", 0), on=ISSUED)
    assert without.expires_on is None
    cases: list[Any] = [
        lambda: setattr(db.session.get_one(Person, cast.amina.id), "ended_on", OPENS),
        lambda: setattr(db.session.get_one(Certificate, certificate.id), "ended_on", OPENS),
        lambda: setattr(_version(certificate), "certificate_months", None),
        lambda: retire(db.session.get_one(Course, certificate.course_id), by=cast.chloe.id, at=at_noon(OPENS)),
    ]
    back: list[Any] = [
        lambda: setattr(db.session.get_one(Person, cast.amina.id), "ended_on", None),
        lambda: setattr(db.session.get_one(Certificate, certificate.id), "ended_on", None),
        lambda: setattr(_version(certificate), "certificate_months", 12),
        lambda: setattr(db.session.get_one(Course, certificate.course_id), "retired_at", None),
    ]
    for change, undo in zip(cases, back, strict=True):
        with transaction():
            change()
        assert assign_renewals(at_noon(OPENS)) == 0
        with transaction():
            undo()
    assert assign_renewals(at_noon(OPENS)) == 1


def test_the_next_certificate_is_asked_for_in_its_own_time(app: Flask, cast: Cast, certificate: Certificate) -> None:
    assign_renewals(at_noon(OPENS))
    a_certificate(cast.amina, _version(certificate), on=OPENS + ONE_DAY)
    db.session.rollback()
    year = date(2028, 3, 2)
    assert assign_renewals(at_noon(year - timedelta(days=15))) == 0
    assert assign_renewals(at_noon(year - timedelta(days=14))) == 1
    assert [one.outcome for one in assignments()] == ["completed", None]


def _version(certificate: Certificate) -> CourseVersion:
    of_course = select(CourseVersion).where(CourseVersion.course_id == certificate.course_id)
    return db.session.scalars(of_course).one()
