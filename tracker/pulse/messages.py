"""What the inbox says about rounds: the same to everybody, whether or not they have answered."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import long_month
from tracker.core.language import moment as moment_of
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.pulse.models import PulseRound


def start(app: Flask) -> None:
    shows(app, "pulse.open", MessageKind("pulse", _open_title, _open_text, _url, _is_open))
    shows(app, "pulse.reminder", MessageKind("pulse", _reminder_title, _reminder_text, _url, _is_open))
    shows(app, "pulse.results", MessageKind("pulse", _results_title, _results_text, _url, _is_closed))


def _round(message: Message) -> PulseRound:
    return db.session.get_one(PulseRound, message.about_id)


def _open_title(message: Message) -> str:
    return _("The pulse of %(month)s is open", month=long_month(_round(message).month))


def _open_text(message: Message) -> str:
    return _(
        "A few questions about working here, until %(when)s. Answers carry no name.",
        when=moment_of(_round(message).closes_at),
    )


def _reminder_title(message: Message) -> str:
    return _("The pulse of %(month)s is still open", month=long_month(_round(message).month))


def _reminder_text(message: Message) -> str:
    return _(
        "If you have answered, thank you. If not, there is time until %(when)s. Everybody gets this message.",
        when=moment_of(_round(message).closes_at),
    )


def _results_title(message: Message) -> str:
    return _("The results of the pulse of %(month)s are here", month=long_month(_round(message).month))


def _results_text(_message: Message) -> str:
    return _("What your team and the company said. The answers themselves no longer exist.")


def _url(_message: Message) -> str:
    return url_for("pulse_answers.pulse")


def _is_open(message: Message, _viewer: Viewer) -> bool:
    """By the round alone: whether a message is there must not tell who has answered."""
    found = db.session.get(PulseRound, message.about_id)
    return found is not None and found.state == "open"


def _is_closed(message: Message, _viewer: Viewer) -> bool:
    found = db.session.get(PulseRound, message.about_id)
    return found is not None and found.state == "closed"
