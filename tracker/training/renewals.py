"""Certificates renew themselves: as the retake window opens, the course is assigned to whoever is still here."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, case, exists, or_, select, update

from tracker.audit.actions import record
from tracker.core.clock import local_day
from tracker.core.db import db, reading, transaction, upsert
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import CURRENT
from tracker.organisation.models import Person
from tracker.organisation.queries import calendars
from tracker.training.certificate_models import Certificate
from tracker.training.certificate_rules import LATE_RENEWAL, RENEWED_DAYS, renewable_from, renewal_due_on
from tracker.training.models import Assignment

AT_ONCE = 500
ONE_DAY = timedelta(days=1)


def assign_renewals(at: datetime) -> int:
    """Assign what can be renewed by now, each in its own transaction; the number of assignments.

    No rule is needed, and it does not matter how somebody came by the certificate. An assignment of the course that is open
    already serves: nobody gets a second one. Each certificate is asked for once, so what was waived stays waived."""
    with reading():
        due = db.session.execute(_due(at).limit(AT_ONCE)).all()
        hours = calendars({person_id for _id, person_id, _ends in due}, at.date() - ONE_DAY)
    days = [local_day(at, hours[person_id].zone) for _id, person_id, _ends in due]
    return sum(
        _assign(certificate_id, day, at)
        for (certificate_id, _person, expires_on), day in zip(due, days, strict=True)
        if expires_on is not None and renewable_from(expires_on) <= day
    )


def _due(at: datetime) -> Select[int, int, date | None]:
    """Certificates in their retake window, or lapsed a short while ago, of courses that still give them, that nobody was asked for."""
    last = at.date() + ONE_DAY  # somewhere it is tomorrow already
    gives = exists(
        select(CourseVersion.id).where(
            CourseVersion.course_id == Certificate.course_id, *CURRENT, CourseVersion.certificate_months > 0
        )
    )
    was_asked = exists(select(Assignment.id).where(Assignment.certificate_id == Certificate.id))
    return (
        select(Certificate.id, Certificate.person_id, Certificate.expires_on)
        .join(Person, Person.id == Certificate.person_id)
        .join(Course, Course.id == Certificate.course_id)
        .where(
            Certificate.expires_on <= last + timedelta(days=RENEWED_DAYS),
            Certificate.expires_on > at.date() - LATE_RENEWAL,
            Certificate.renewed_by_id.is_(None),
            Certificate.ended_on.is_(None),
            or_(Person.ended_on.is_(None), Person.ended_on > last),
            and_(Course.retired_at.is_(None), gives, ~was_asked),
        )
        .order_by(Certificate.expires_on, Certificate.id)
    )


def _assign(certificate_id: int, day: date, at: datetime) -> int:
    """Under the certificate’s lock, which whoever completes the course waits for."""
    with transaction():
        certificate = db.session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
        if certificate is None or certificate.renewed_by_id or certificate.ended_on or certificate.expires_on is None:
            return 0
        theirs = (Assignment.person_id == certificate.person_id, Assignment.course_id == certificate.course_id)
        due_on = renewal_due_on(certificate.expires_on, day)
        serves = update(Assignment).where(*theirs, Assignment.ended_at.is_(None), Assignment.certificate_id.is_(None))
        # Begun by themselves it has no day: from now on it has the certificate's, and who leads them sees it.
        is_own = Assignment.why == "own"
        taken_on = {
            "certificate_id": certificate.id,
            "why": case((is_own, "renewal"), else_=Assignment.why),
            "due_on": case((is_own, due_on), else_=Assignment.due_on),
            "is_paid": case((is_own, True), else_=Assignment.is_paid),
        }
        if db.session.scalar(serves.values(taken_on).returning(Assignment.id)) is not None:
            return 0
        made = (
            upsert(Assignment)
            .values(
                person_id=certificate.person_id,
                course_id=certificate.course_id,
                certificate_id=certificate.id,
                why="renewal",
                is_paid=True,
                assigned_at=at,
                due_on=due_on,
                step=0,
            )
            .on_conflict_do_nothing()
            .returning(Assignment.id)
        )
        assignment_id = db.session.scalar(made)
        if assignment_id is None:
            return 0
        assignment = db.session.get_one(Assignment, assignment_id)
        record("training.renewal_assigned", by=None, about=assignment, person=certificate.person_id, at=at)
        return 1
