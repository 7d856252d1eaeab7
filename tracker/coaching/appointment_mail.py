"""The mail that puts a talk into a calendar, moves it there or takes it out: written when it is sent, for its reader."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.access.queries import viewer_of_person
from tracker.coaching.appointments import MAIL, key_of
from tracker.coaching.calendar import Entry, ics, invitation
from tracker.coaching.models import CoachingSession
from tracker.coaching.policy import sessions_seen_by
from tracker.core import clock, mail, outbox
from tracker.core.audience import Viewer, seen_by
from tracker.core.db import db
from tracker.core.language import moment
from tracker.core.models import OutboxMail
from tracker.core.outbox import NotNow
from tracker.organisation.models import Person

A_MOMENT = timedelta(minutes=1)


def start(app: Flask) -> None:
    outbox.composes(app, MAIL, _composed)


def downloaded(session: CoachingSession) -> bytes:
    """The same entry as a file, for whoever takes it from the page."""
    return ics(_entry(session, session.starts_at, session.minutes, sequence=session.calendar_sequence))


def _composed(row: OutboxMail) -> EmailMessage | None:
    viewer = viewer_of_person(row.person_id, at=clock.now()) if row.person_id is not None else None
    person = db.session.get(Person, row.person_id)
    session = db.session.get(CoachingSession, row.parameters["session"])
    if viewer is None or person is None or session is None or not person.email:
        return None
    is_cancelled = row.parameters["method"] == "CANCEL"
    if not (_was_invited(row) if is_cancelled else _still_stands(session, row, viewer)):
        return None
    with force_locale(person.language), seen_by(viewer):
        return _written(session, person, row.parameters)


def _still_stands(session: CoachingSession, row: OutboxMail, viewer: Viewer) -> bool:
    """A talk that was moved since has a mail of its own on the way; of what is over, or the reader may not see, there is none."""
    seen = sessions_seen_by(viewer).where(CoachingSession.id == session.id).with_only_columns(CoachingSession.id)
    is_latest = session.calendar_sequence == row.parameters["sequence"]
    is_ahead = session.held_at is None and session.starts_at > clock.now()
    return is_latest and is_ahead and db.session.scalar(seen) is not None


def _was_invited(row: OutboxMail) -> bool:
    """Whether an invitation to it may lie in this mailbox: nobody is told of the end of what they never heard of."""
    earlier = select(OutboxMail).where(
        OutboxMail.person_id == row.person_id,
        OutboxMail.key.startswith(key_of(row.parameters["session"]), autoescape=True),
        OutboxMail.id != row.id,
        OutboxMail.dropped_at.is_(None),
    )
    invitations = [one for one in db.session.scalars(earlier) if one.parameters["method"] == "REQUEST"]
    if any(one.sent_at or one.dead_at for one in invitations):
        return True
    if invitations:  # one is just being sent: it must not be overtaken
        raise NotNow(clock.now() + A_MOMENT)
    return False


def _written(session: CoachingSession, person: Person, said: dict[str, Any]) -> EmailMessage | None:
    starts_at, is_cancelled = datetime.fromisoformat(said["starts_at"]), said["method"] == "CANCEL"
    when = moment(starts_at)
    subject = _("Called off: talk on %(when)s", when=when) if is_cancelled else _("Talk on %(when)s", when=when)
    entry = _entry(session, starts_at, said["minutes"], sequence=said["sequence"])
    written = mail.written(
        person,
        subject,
        "talk",
        when=when,
        minutes=said["minutes"],
        place=None if is_cancelled else session.place,
        is_cancelled=is_cancelled,
        is_moved=said["sequence"] > 0,
        url=entry.url,
    )
    organizer = parseaddr(current_app.config["MAIL_FROM"])[1]
    if written is not None:
        content = invitation(entry, method=said["method"], organizer=organizer, attendee=str(person.email))
        written.add_alternative(content.decode(), subtype="calendar", params={"method": said["method"]})
    return written


def _entry(session: CoachingSession, starts_at: datetime, minutes: int, *, sequence: int) -> Entry:
    base_url = current_app.config["BASE_URL"]
    page = current_app.url_map.bind("localhost").build("coaching.case", {"id": session.case_id})
    return Entry(
        uid=f"talk-{session.id}@{urlsplit(base_url).hostname or 'localhost'}",
        sequence=sequence,
        stamped_at=session.changed_at or session.booked_at,
        starts_at=starts_at,
        minutes=minutes,
        summary=_("Talk"),  # calendars are often shared: no name, no reason
        url=base_url + page,
        place=session.place,
    )
