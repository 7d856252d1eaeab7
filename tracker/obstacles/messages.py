"""What the inbox says about what stands in the way: its name and the answer, never who named it or what they wrote."""

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import day
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.obstacles.policy import causes_answered_by, causes_given_by
from tracker.obstacles.queries import has_said, last_answers
from tracker.obstacles.sentences import answer_words
from tracker.organisation.models import Team
from tracker.ratings.obstacle_models import Cause
from tracker.ratings.obstacles import standing


def start(app: Flask) -> None:
    shows(app, "obstacle.answered", MessageKind("check", _answered_title, _answered_text, _url, _has_said))
    shows(app, "cause.unowned", MessageKind("flag", _unowned_title, _unowned_text, _url, _is_given))
    shows(app, "cause.given", MessageKind("flag", _given_title, _given_text, _url, _is_answered_by))
    shows(app, "cause.due", MessageKind("clock", _due_title, _given_text, _url, _is_answered_by))
    shows(app, "cause.late", MessageKind("clock", _late_title, _given_text, _url, _is_answered_by))
    shows(app, "cause.late_above", MessageKind("clock", _above_title, _above_text, _url))


def _answered_title(message: Message) -> str:
    return _("“%(name)s”: there is an answer", name=_name(message))


def _answered_text(message: Message) -> str:
    cause = _cause(message)
    answer = last_answers([cause.id]).get(cause.id) if cause else None
    return _("%(answer)s. Read why.", answer=answer_words(answer)) if answer else _("Read it there.")


def _unowned_title(message: Message) -> str:
    return _("“%(name)s” stood in somebody’s way", name=_name(message))


def _unowned_text(_message: Message) -> str:
    return _("Choose the team that answers for it.")


def _given_title(message: Message) -> str:
    return _("“%(name)s” is yours to answer", name=_name(message))


def _given_text(message: Message) -> str:
    cause = _cause(message)
    if cause is None or cause.due_on is None:
        return _("It is answered.")
    return _("By %(day)s. Everybody who named it hears what you say.", day=day(cause.due_on))


def _due_title(message: Message) -> str:
    return _("“%(name)s”: a word of yours is due soon", name=_name(message))


def _late_title(message: Message) -> str:
    return _("“%(name)s”: a word of yours is due", name=_name(message))


def _above_title(message: Message) -> str:
    cause = _cause(message)
    team = db.session.get(Team, cause.owner_id) if cause and cause.owner_id else None
    return _("“%(name)s” still waits for %(team)s", name=_name(message), team=team.name if team else "?")


def _above_text(_message: Message) -> str:
    return _("A word from you may be all it takes.")


def _url(message: Message) -> str:
    return url_for("obstacles.cause", id=message.about_id)


def _cause(message: Message) -> Cause | None:
    return standing(db.session.get(Cause, message.about_id))


def _name(message: Message) -> str:
    cause = _cause(message)
    return cause.name if cause else "?"


def _has_said(message: Message, viewer: Viewer) -> bool:
    cause = _cause(message)
    return cause is not None and has_said(viewer.person_id, cause.id)


def _is_given(message: Message, viewer: Viewer) -> bool:
    """While no team has it: then the message has done its work."""
    return _is_in(causes_given_by(viewer).where(Cause.owner_id.is_(None)), message)


def _is_answered_by(message: Message, viewer: Viewer) -> bool:
    return _is_in(causes_answered_by(viewer), message)


def _is_in(scope: Select[Cause], message: Message) -> bool:
    return db.session.scalar(scope.where(Cause.id == message.about_id).with_only_columns(Cause.id)) is not None
