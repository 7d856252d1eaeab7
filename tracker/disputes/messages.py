"""What the inbox says about a second look: no stars, no words of a customer."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.disputes.models import Dispute
from tracker.disputes.policy import disputes_heard_by, disputes_seen_by
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person


def start(app: Flask) -> None:
    shows(app, "dispute.asked", MessageKind("info", _asked_title, _asked_text, _url, _is_heard))
    shows(app, "dispute.waiting", MessageKind("clock", _waiting_title, _waiting_text, _url, _is_seen))
    shows(app, "dispute.late", MessageKind("clock", _late_title, _waiting_text, _url, _is_seen))
    shows(app, "dispute.decided", MessageKind("check", _decided_title, _decided_text, _url, _is_seen))


def _asked_title(message: Message) -> str:
    return _("%(name)s asked for a second look at a rating", name=_person(message))


def _asked_text(_message: Message) -> str:
    return _("Say what you know about it. Somebody else decides.")


def _waiting_title(_message: Message) -> str:
    return _("A second look waits for your answer")


def _waiting_text(_message: Message) -> str:
    return _("The answer is promised within 3 working days, with a reason.")


def _late_title(_message: Message) -> str:
    return _("A second look is past its promised day")


def _decided_title(message: Message) -> str:
    dispute = db.session.get(Dispute, message.about_id)
    if dispute and dispute.person_id == message.person_id:
        return _("Your second look is done")
    return _("The second look that %(name)s asked for is done", name=_person(message))


def _decided_text(_message: Message) -> str:
    return _("Read the answer and its reason.")


def _url(message: Message) -> str:
    return url_for("disputes.dispute", id=message.about_id)


def _person(message: Message) -> str:
    dispute = db.session.get(Dispute, message.about_id)
    person = db.session.get(Person, dispute.person_id) if dispute else None
    return person.name if person else "?"


def _is_heard(message: Message, viewer: Viewer) -> bool:
    found = disputes_heard_by(viewer).where(Dispute.id == message.about_id).with_only_columns(Dispute.id)
    return db.session.scalar(found) is not None


def _is_seen(message: Message, viewer: Viewer) -> bool:
    found = disputes_seen_by(viewer).where(Dispute.id == message.about_id).with_only_columns(Dispute.id)
    return db.session.scalar(found) is not None
