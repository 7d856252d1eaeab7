"""Certificates of the cast, through the same action as every way of finishing a course."""

from datetime import date, datetime, time, timedelta, timezone

from tests.factories import a_course
from tracker.core.db import db, transaction
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Person
from tracker.training.certificate_models import Certificate
from tracker.training.completing import complete

NAIROBI = timezone(timedelta(hours=3))


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), NAIROBI)


def a_certified_course(title: str = "Data protection at the till", months: int | None = 12) -> CourseVersion:
    with transaction():
        return a_course(title=title, certificate_months=months, at=datetime(2020, 1, 6, 9, tzinfo=NAIROBI))


def a_certificate(person: Person, version: CourseVersion, *, on: date, words: str | None = None) -> Certificate:
    """That somebody finished the course on a day."""
    with transaction():
        completion = complete(person.id, version, score=90, by=person.id, at=at_noon(on), day=on, words=words)
        return db.session.query(Certificate).filter_by(completion_id=completion.id).one()


def fresh(certificate: Certificate) -> Certificate:
    db.session.rollback()
    return db.session.get_one(Certificate, certificate.id, populate_existing=True)
