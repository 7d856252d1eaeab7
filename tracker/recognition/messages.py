"""What the inbox says about thanks and stories: that there are some, never what stands in them."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.recognition.models import Thanks
from tracker.recognition.policy import thanks_seen_by


def start(app: Flask) -> None:
    shows(app, "thanks.received", MessageKind("heart", _received_title, _received_text, _url, _is_seen))
    shows(app, "story.asked", MessageKind("heart", _asked_title, _asked_text, _url, _is_seen))
    shows(app, "story.agreed", MessageKind("heart", _agreed_title, _agreed_text, _url, _is_seen))
    shows(app, "story.kept", MessageKind("info", _kept_title, _kept_text, _url, _is_seen))
    shows(app, "thanks.hidden", MessageKind("info", _hidden_title, _hidden_text, _url, _is_hidden))
    shows(app, "praise.first", MessageKind("heart", _first_title, _first_text, _wall))


def _received_title(message: Message) -> str:
    return _("%(name)s says thank you", name=_author(message))


def _received_text(_message: Message) -> str:
    return _(
        "You read it first. From the working morning after, your team’s wall may show it; you can keep it to yourself."
    )


def _asked_title(message: Message) -> str:
    return _("%(name)s tells a story with you in it", name=_author(message))


def _asked_text(_message: Message) -> str:
    return _("May it show your name? Only those named in it read it before all of you say yes.")


def _agreed_title(_message: Message) -> str:
    return _("Your story is on the wall")


def _agreed_text(_message: Message) -> str:
    return _("Everybody in it has said yes.")


def _kept_title(_message: Message) -> str:
    return _("Your story stays off the wall")


def _kept_text(_message: Message) -> str:
    return _("Somebody in it would rather not stand there. You can tell it again without names.")


def _hidden_title(message: Message) -> str:
    thanks = db.session.get(Thanks, message.about_id)
    leader = db.session.get(Person, thanks.hidden_by_id) if thanks and thanks.hidden_by_id else None
    return _("%(name)s took something with you on it off the wall", name=leader.name if leader else _("A leader"))


def _hidden_text(_message: Message) -> str:
    return _("The reason stands on its page.")


def _first_title(_message: Message) -> str:
    return _("A customer’s praise of you may stand on your team’s wall")


def _first_text(_message: Message) -> str:
    return _(
        "From the next working morning on, never with the customer’s name. You can keep it to yourself, or not stand there at all."
    )


def _url(message: Message) -> str:
    return url_for("recognition.thanks", id=message.about_id)


def _wall(_message: Message) -> str:
    return url_for("recognition.wall")


def _author(message: Message) -> str:
    thanks = db.session.get(Thanks, message.about_id)
    author = db.session.get(Person, thanks.by_id) if thanks and thanks.by_id else None
    return author.name if author else "?"


def _is_seen(message: Message, viewer: Viewer) -> bool:
    found = thanks_seen_by(viewer).where(Thanks.id == message.about_id).with_only_columns(Thanks.id)
    return db.session.scalar(found) is not None


def _is_hidden(message: Message, viewer: Viewer) -> bool:
    """Silent once it is back on the wall."""
    thanks = db.session.get(Thanks, message.about_id)
    return thanks is not None and thanks.hidden_at is not None and _is_seen(message, viewer)
