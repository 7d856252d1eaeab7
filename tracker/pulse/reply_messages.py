"""What the inbox says when writers have added something: that it is there, once a day, and nothing of it."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.pulse.models import PulseComment
from tracker.pulse.policy import comments_seen_by
from tracker.pulse.reply_queries import written_back


def start(app: Flask) -> None:
    shows(app, "pulse.reply", MessageKind("pulse", _title, _text, _url, _is_seen))


def _title(_message: Message) -> str:
    return _("Somebody has written back about a comment")


def _text(_message: Message) -> str:
    return _("What writers add is delivered once a day, all together.")


def _url(_message: Message) -> str:
    return url_for("pulse_replies.comments", show="back")


def _is_seen(_message: Message, viewer: Viewer) -> bool:
    """While there is such a comment among those that the reader sees."""
    there = written_back(comments_seen_by(viewer)).with_only_columns(PulseComment.k).limit(1)
    return db.session.scalar(there) is not None
