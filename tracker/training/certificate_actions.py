"""What may be done about certificates: attested by who leads somebody, and exported."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.language import plain_day
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import current_version
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.training.certificate_models import Completion
from tracker.training.certificate_rules import ATTESTED_DAYS, renewed_expiry
from tracker.training.completing import complete, standing_certificates
from tracker.training.learning_models import CourseRun


def attest(
    person: Person, version: CourseVersion, *, on: date, words: str, today: date, by: int, at: datetime
) -> Completion:
    """Write down that somebody proved to have done a course elsewhere on a day; they are told.

    Invalid for a day in the future, older than two years, or so old that its certificate would be over; Conflict where one
    that runs as long is there already."""
    if on > today or on < today - timedelta(days=ATTESTED_DAYS):
        raise Invalid(_("Choose a day within the last two years."))
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    _refuse_an_older_version(version)
    _end_run(person, version.course_id, at=at)
    _refuse_the_same(person, version, on)
    _refuse_what_is_over(person, version, on, today)
    completion = complete(person.id, version, score=None, by=by, at=at, day=on, words=words)
    key = f"certificate.attested|{completion.id}"
    tell("certificate.attested", to=person.id, key=key, at=at, about_id=completion.id, by=by)
    return completion


def note_export(*, kind: str, rows: int, by: int, at: datetime) -> None:
    record("certificate.exported", by=by, about="certificate", at=at, file=kind, rows=rows)


def _refuse_an_older_version(version: CourseVersion) -> None:
    """A version that is being published at this moment is waited for."""
    db.session.execute(select(Course.id).where(Course.id == version.course_id).with_for_update())
    current = current_version(version.course_id)
    if current is None or current.id != version.id:
        raise Conflict(
            _("A newer version of this course was published meanwhile. Look at what it teaches, then note it.")
        )


def _end_run(person: Person, course_id: int, *, at: datetime) -> None:
    """What they are in the middle of is done too: gone on with later, it would make a second paper out of old answers."""
    mine = (CourseRun.person_id == person.id, CourseRun.course_id == course_id, CourseRun.ended_at.is_(None))
    db.session.execute(update(CourseRun).where(*mine).values(ended_at=at, outcome="completed"))


def _refuse_the_same(person: Person, version: CourseVersion, on: date) -> None:
    same = (Completion.person_id == person.id, Completion.course_id == version.course_id)
    if db.session.scalar(select(Completion.id).where(*same, Completion.completed_on == on).limit(1)):
        raise Conflict(_("This is noted already for that day."))


def _refuse_what_is_over(person: Person, version: CourseVersion, on: date, today: date) -> None:
    """Nothing that is attested may shorten what somebody holds."""
    if version.certificate_months is None:
        return
    standing = [old for old in standing_certificates(person.id, version.course_id) if old.ended_on is None]
    ends = [old.expires_on for old in standing if old.expires_on is not None]
    expires_on = renewed_expiry(on, version.certificate_months, before=max(ends, default=None))
    if expires_on is not None and expires_on <= today:
        raise Invalid(
            _(
                "A certificate from that day would have ended on %(day)s. It has to be done anew.",
                day=plain_day(expires_on),
            )
        )
    if expires_on is not None and any(old.expires_on is None or old.expires_on >= expires_on for old in standing):
        raise Conflict(_("There is a certificate already that is valid at least as long."))
