"""What follows when somebody has finished a course: the completion, the certificate, the end of what was assigned."""

import secrets
from datetime import date, datetime

from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.certificate_rules import first_reminder, renewed_expiry
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
    earlier = standing_certificates(person_id, version.course_id)
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
        _issue(completion, version, earlier, by=by, at=at)
    return completion


def standing_certificates(person_id: int, course_id: int) -> list[Certificate]:
    """Those that nothing has replaced yet, locked: a renewal that is being assigned meanwhile is waited for."""
    mine = (Certificate.person_id == person_id, Certificate.course_id == course_id, Certificate.renewed_by_id.is_(None))
    return list(db.session.scalars(select(Certificate).where(*mine).order_by(Certificate.id).with_for_update()))


def _end_assignment(completion: Completion, *, by: int, at: datetime) -> None:
    mine = (Assignment.person_id == completion.person_id, Assignment.course_id == completion.course_id)
    ending = {"ended_at": at, "outcome": "completed", "ended_by_id": by, "remind_at": None}
    db.session.execute(update(Assignment).where(*mine, Assignment.ended_at.is_(None)).values(**ending))


def _number() -> str:
    """144 random bits. A sign at the beginning would make a spreadsheet take it for a formula."""
    while (number := secrets.token_urlsafe(18)).startswith("-"):
        continue
    return number


def _issue(
    completion: Completion, version: CourseVersion, earlier: list[Certificate], *, by: int, at: datetime
) -> Certificate:
    """A certificate replaces the one before it, which stays. One that was asked for anew has no rhythm to go on with."""
    ends = (old.expires_on for old in earlier if old.ended_on is None and old.expires_on is not None)
    months, day = version.certificate_months or 0, completion.completed_on
    expires_on = renewed_expiry(day, months, before=max(ends, default=None))
    certificate = Certificate(
        number=_number(),
        person_id=completion.person_id,
        course_id=version.course_id,
        completion_id=completion.id,
        title=version.title,
        issued_on=day,
        expires_on=expires_on,
        remind_on=first_reminder(day, expires_on),
    )
    db.session.add(certificate)
    db.session.flush()
    for old in earlier:
        old.renewed_by_id, old.remind_on = certificate.id, None
    record("certificate.issued", by=by, about=certificate, person=completion.person_id, at=at)
    return certificate
