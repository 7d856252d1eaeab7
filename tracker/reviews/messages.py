"""What the inbox says about public reviews: no words of an author."""

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import moment
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.reviews.models import Review
from tracker.reviews.policy import reviews_answered_by, reviews_naming


def start(app: Flask) -> None:
    shows(app, "review.arrived", MessageKind("feedback", _arrived_title, _due_text, _url, _is_answered_by))
    shows(app, "review.late", MessageKind("clock", _late_title, _late_text, _url, _is_answered_by))
    shows(app, "review.late_above", MessageKind("clock", _above_title, _above_text, _inbox))
    shows(app, "review.named", MessageKind("feedback", _named_title, _named_text, _url, _is_named))


def _arrived_title(message: Message) -> str:
    if message.parameters["low"]:
        return _("An unhappy public review of %(team)s waits for an answer", team=_team_of_review(message))
    return _("A public review of %(team)s waits for an answer", team=_team_of_review(message))


def _due_text(message: Message) -> str:
    review = _review(message)
    if review is None or review.due_at is None:
        return _("It has no time limit.")
    return _("Answer it where it stands, by %(when)s, and note here what was said.", when=moment(review.due_at))


def _late_title(message: Message) -> str:
    return _("The answer to a public review of %(team)s is late", team=_team_of_review(message))


def _late_text(_message: Message) -> str:
    return _("A short answer today is better than a long one next week. If none is needed, say why.")


def _above_title(message: Message) -> str:
    """Who leads and for which team: not what was written, and nobody it may name."""
    leader = db.session.get(Person, message.parameters["leader"])
    team = db.session.get(Team, message.parameters["team"])
    names = {"name": leader.name if leader else "?", "team": team.name if team else "?"}
    return _("A public review of %(team)s still waits for %(name)s’s answer", **names)


def _above_text(_message: Message) -> str:
    return _("A word from you may be all it takes.")


def _named_title(_message: Message) -> str:
    return _("A public review names you")


def _named_text(_message: Message) -> str:
    return _("It stands among your own words. It does not count in your score.")


def _url(message: Message) -> str:
    return url_for("reviews.review", id=message.about_id)


def _inbox(_message: Message) -> str:
    return url_for("notifications.inbox")


def _review(message: Message) -> Review | None:
    return db.session.get(Review, message.about_id, options=[joinedload(Review.team)])


def _team_of_review(message: Message) -> str:
    review = _review(message)
    return review.team.name if review and review.team else "?"


def _is_answered_by(message: Message, viewer: Viewer) -> bool:
    return _is_in(reviews_answered_by(viewer), message)


def _is_named(message: Message, viewer: Viewer) -> bool:
    return _is_in(reviews_naming(viewer), message)


def _is_in(scope: Select[Review], message: Message) -> bool:
    return db.session.scalar(scope.where(Review.id == message.about_id).with_only_columns(Review.id)) is not None
