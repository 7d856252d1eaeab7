"""What the inbox says when a course was changed so that it is to be done once more."""

from datetime import date

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import long_day
from tracker.courses.models import Course, CourseVersion
from tracker.courses.policy import courses_read_by
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.training.publishing import REOPENED


def start(app: Flask) -> None:
    shows(app, REOPENED, MessageKind("training", _title, _text, _url, _is_read))


def _title(message: Message) -> str:
    version = db.session.get_one(CourseVersion, message.parameters["version"])
    return _("“%(title)s” has changed", title=version.title)


def _text(message: Message) -> str:
    if message.parameters["due"] is None:
        return _("It was changed while you were at it. Please start again; what is new is worth it.")
    due = date.fromisoformat(message.parameters["due"])
    return _("Please do it once more, by %(day)s. What you finished before stays in your record.", day=long_day(due))


def _url(_message: Message) -> str:
    return url_for("training.training")


def _is_read(message: Message, viewer: Viewer) -> bool:
    course = courses_read_by(viewer).with_only_columns(Course.id).where(Course.id == message.about_id)
    return db.session.scalar(course) is not None
