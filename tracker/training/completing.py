"""What follows when somebody has finished a course: the completion, the certificate, the end of what was assigned."""

import secrets
from datetime import date, datetime

from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.certificate_rules import expiry_of, first_reminder
from tracker.training.models import Assignment


def complete(
    person_id: int,
    version: CourseVersion,
    *,
    score: int | None,
    by: int,
    at: datetime,
    day: date,
    words: str | None = None,
) -> Completion:
    """Write down that a person finished a version. `day` is their local day; `words` say what was seen, when `by` attests it.

    The caller holds the person's open run or assignment locked."""
    completion = Completion(
        person_id=person_id,
        course_id=version.course_id,
        version_id=version.id,
        how="learned" if words is None else "attested",
        completed_at=at,
        completed_on=day,
        score=score,
        by_id=None if words is None else by,
        words=words,
    )
    db.session.add(completion)
    db.session.flush()
    _end_assignment(completion, by=by, at=at)
    record(
        "training.completed" if words is None else "training.attested", by=by, about=completion, person=person_id, at=at
    )
    if version.certificate_months is not None:
        _issue(completion, version, by=by, at=at)
    return completion


def _end_assignment(completion: Completion, *, by: int, at: datetime) -> None:
    mine = (Assignment.person_id == completion.person_id, Assignment.course_id == completion.course_id)
    ending = {"ended_at": at, "outcome": "completed", "ended_by_id": by, "remind_at": None}
    db.session.execute(update(Assignment).where(*mine, Assignment.ended_at.is_(None)).values(**ending))


def _issue(completion: Completion, version: CourseVersion, *, by: int, at: datetime) -> Certificate:
    """A certificate replaces the one before it, which stays."""
    expires_on = expiry_of(completion.completed_on, version.certificate_months or 0)
    certificate = Certificate(
        number=secrets.token_urlsafe(18),
        person_id=completion.person_id,
        course_id=version.course_id,
        completion_id=completion.id,
        title=version.title,
        issued_on=completion.completed_on,
        expires_on=expires_on,
        remind_on=first_reminder(completion.completed_on, expires_on),
    )
    earlier = db.session.scalars(
        select(Certificate).where(
            Certificate.person_id == completion.person_id,
            Certificate.course_id == version.course_id,
            Certificate.renewed_by_id.is_(None),
        )
    ).all()
    db.session.add(certificate)
    db.session.flush()
    for old in earlier:
        old.renewed_by_id, old.remind_on = certificate.id, None
    record("certificate.issued", by=by, about=certificate, person=completion.person_id, at=at)
    return certificate
