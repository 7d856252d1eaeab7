"""What the inbox says about certificates, made as it is read: what was renewed meanwhile falls silent."""

from datetime import timedelta

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer, viewer_or_none
from tracker.core.db import db
from tracker.core.language import plain_day
from tracker.courses.models import Course
from tracker.courses.queries import current_version
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.organisation.queries import still_here
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.certificate_policy import certificates_seen_by, people_of_own_teams
from tracker.training.certificate_rules import RENEWED_DAYS
from tracker.training.certificate_sentences import within

LISTED_DAYS, SOON_DAYS = 30, 7


def start(app: Flask) -> None:
    shows(app, "certificate.ending", MessageKind("clock", _ending_title, _ending_text, _own_url, _is_standing))
    shows(app, "certificate.lapsed", MessageKind("flag", _lapsed_title, _lapsed_text, _own_url, _is_standing))
    shows(app, "certificate.team", MessageKind("clock", _team_title, _team_text, _matrix_url, _has_any))
    shows(app, "certificate.attested", MessageKind("check", _attested_title, _attested_text, _person_url))


def _ending_title(message: Message) -> str:
    """The date and not “in n days”, which would be untrue when it is read later."""
    certificate = _certificate(message)
    day = plain_day(certificate.last_day) if certificate and certificate.last_day else "?"
    return _("Your certificate “%(title)s” is valid until %(day)s", title=_title(certificate), day=day)


def _ending_text(message: Message) -> str:
    certificate = _certificate(message)
    if _is_over(certificate):
        return _("The course gives no certificate any more, so there is nothing to do.")
    if message.parameters["before"] <= RENEWED_DAYS or certificate is None or certificate.expires_on is None:
        return _("You can renew it now, in the quiet minutes of your shift. No day is lost by being early.")
    opens = certificate.expires_on - timedelta(days=RENEWED_DAYS)
    return _("From %(day)s on you can renew it. Nothing to do until then.", day=plain_day(opens))


def _lapsed_title(message: Message) -> str:
    return _("Your certificate “%(title)s” has lapsed", title=_title(_certificate(message)))


def _lapsed_text(message: Message) -> str:
    if _is_over(_certificate(message)):
        return _("It stays on record. The course gives no certificate any more, so there is nothing to do.")
    return _("It stays on record. Do the course again and you get a new one.")


def _team_title(_message: Message) -> str:
    counts = _counts(viewer_or_none())
    if counts[1]:
        return ngettext(
            "%(num)d certificate of your team ends within 30 days",
            "%(num)d certificates of your team end within 30 days",
            counts[1],
        )
    return ngettext(
        "%(num)d certificate of your team has lapsed", "%(num)d certificates of your team have lapsed", counts[0]
    )


def _team_text(_message: Message) -> str:
    lapsed, _within_30, soon = _counts(viewer_or_none())
    parts = [within(SOON_DAYS, soon)] if soon else []
    if lapsed:
        parts.append(ngettext("%(num)d has lapsed", "%(num)d have lapsed", lapsed))
    return " · ".join([*parts, _("The courses are assigned by themselves 14 days before; a quiet hour is what helps.")])


def _attested_title(message: Message) -> str:
    leader = db.session.get(Person, message.parameters["by"])
    completion = db.session.get(Completion, message.about_id, options=[joinedload(Completion.version)])
    title = completion.version.title if completion else "?"
    return _(
        "%(name)s noted that you did “%(title)s” elsewhere", name=leader.first_name if leader else "?", title=title
    )


def _attested_text(_message: Message) -> str:
    return _("It counts like the course itself. Is this a mistake? Tell who leads your team.")


def _own_url(message: Message) -> str:
    return url_for("certificates.certificate", id=message.about_id)


def _matrix_url(_message: Message) -> str:
    return url_for("certificates.matrix")


def _person_url(message: Message) -> str:
    return url_for("certificates.of_person", id=message.person_id)


def _certificate(message: Message) -> Certificate | None:
    return db.session.get(Certificate, message.about_id)


def _title(certificate: Certificate | None) -> str:
    return certificate.title if certificate else "?"


def _is_over(certificate: Certificate | None) -> bool:
    """Whether doing the course again would give none: it is retired, or its current version gives none."""
    course = db.session.get(Course, certificate.course_id) if certificate else None
    if course is None or course.retired_at is not None:
        return True
    version = current_version(course.id)
    return version is None or version.certificate_months is None


def _is_standing(message: Message, viewer: Viewer) -> bool:
    """Neither replaced nor asked for anew meanwhile."""
    standing = (Certificate.id == message.about_id, Certificate.renewed_by_id.is_(None), Certificate.ended_on.is_(None))
    seen = certificates_seen_by(viewer).where(*standing).with_only_columns(Certificate.id)
    return db.session.scalar(seen) is not None


def _has_any(_message: Message, viewer: Viewer) -> bool:
    return any(_counts(viewer))


def _counts(viewer: Viewer | None) -> tuple[int, int, int]:
    """Of people led today: lapsed in the last 30 days, ending within 30 days, and of these within 7."""
    if viewer is None:
        return 0, 0, 0
    people = still_here(people_of_own_teams(viewer), viewer.today).order_by(None).with_only_columns(Person.id)
    standing = (Certificate.renewed_by_id.is_(None), Certificate.ended_on.is_(None))
    since, until = (viewer.today + timedelta(days=days) for days in (-LISTED_DAYS, LISTED_DAYS))
    rows = db.session.execute(
        select(Certificate.expires_on, func.count())
        .where(Certificate.person_id.in_(people), *standing, Certificate.expires_on.between(since, until))
        .group_by(Certificate.expires_on)
    ).all()
    days = {(ends - viewer.today).days: count for ends, count in rows if ends is not None}
    ending = {left: count for left, count in days.items() if left > 0}
    soon = sum(count for left, count in ending.items() if left <= SOON_DAYS)
    return sum(days.values()) - sum(ending.values()), sum(ending.values()), soon
