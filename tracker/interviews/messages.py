"""What the inbox says about interviews and observations: that there is one, never what stands in it."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.interviews.models import Encounter
from tracker.interviews.policy import encounters_seen_by
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person


def start(app: Flask) -> None:
    shows(app, "interview.noted", MessageKind("feedback", _noted_title, _noted_text, _url, _is_seen))
    shows(app, "interview.corrected", MessageKind("feedback", _corrected_title, _corrected_text, _url, _is_seen))
    shows(app, "interview.taken_back", MessageKind("info", _taken_back_title, _taken_back_text, _url, _is_seen))
    shows(app, "interview.replied", MessageKind("feedback", _replied_title, _replied_text, _url, _is_seen))


def _noted_title(message: Message) -> str:
    if _kind(message) == "interview":
        return _("%(name)s asked a customer of yours and noted the answer", name=_author(message))
    return _("%(name)s noted an observation of your service", name=_author(message))


def _noted_text(_message: Message) -> str:
    return _("You can read every word, and add your own view. It doesn’t count in your score.")


def _corrected_title(message: Message) -> str:
    if _kind(message) == "interview":
        return _("%(name)s put an interview about you right", name=_author(message))
    return _("%(name)s put an observation of you right", name=_author(message))


def _corrected_text(_message: Message) -> str:
    return _("The reason and what stood there before are beside it.")


def _taken_back_title(message: Message) -> str:
    if _kind(message) == "interview":
        return _("%(name)s took an interview about you back", name=_author(message))
    return _("%(name)s took an observation of you back", name=_author(message))


def _taken_back_text(_message: Message) -> str:
    return _("Nobody reads it any more. The reason stands in its place.")


def _replied_title(message: Message) -> str:
    encounter = db.session.get(Encounter, message.about_id)
    person = db.session.get(Person, encounter.person_id) if encounter else None
    return _("%(name)s added a view of what you noted", name=person.name if person else "?")


def _replied_text(_message: Message) -> str:
    return _("Good to read before your next talk.")


def _url(message: Message) -> str:
    return url_for("interviews.encounter", id=message.about_id)


def _kind(message: Message) -> str:
    encounter = db.session.get(Encounter, message.about_id)
    return encounter.kind if encounter else "interview"


def _author(message: Message) -> str:
    encounter = db.session.get(Encounter, message.about_id)
    author = db.session.get(Person, encounter.by_id) if encounter else None
    return author.name if author else "?"


def _is_seen(message: Message, viewer: Viewer) -> bool:
    found = encounters_seen_by(viewer).where(Encounter.id == message.about_id).with_only_columns(Encounter.id)
    return db.session.scalar(found) is not None
