"""What the inbox says about the turns of a rollout."""

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import long_day
from tracker.courses.queries import current_versions
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Team
from tracker.organisation.policy import teams_led_by
from tracker.training.rollout_models import RolloutTeam, TrainingRollout
from tracker.training.rollout_policy import turns_read_by
from tracker.training.rollout_queries import title_of


def start(app: Flask) -> None:
    shows(app, "training.turn", MessageKind("training", _turn_title, _turn_text, _team_page, _reads))
    shows(app, "training.no_turn", MessageKind("info", _no_turn_title, _no_turn_text, _team_page, _leads))


def _turn_title(message: Message) -> str:
    place = _place(message)
    if place is None:
        return _("A course for your team")
    names = {"team": place.team.name, "day": long_day(place.starts_on)}
    return _("%(team)s: your turn comes on %(day)s", **names)


def _turn_text(message: Message) -> str:
    words = _("“%(title)s”. Everybody who is in the team by then gets it that day; plan a quiet half hour for each.")
    return words % {"title": _title(message)}


def _no_turn_title(message: Message) -> str:
    place = _place(message)
    team = place.team.name if place else _("Your team")
    return _("%(team)s: your turn does not come", team=team)


def _no_turn_text(message: Message) -> str:
    return _("The rollout of “%(title)s” was ended early. Nothing is to be planned for it.", title=_title(message))


def _team_page(_message: Message) -> str:
    return url_for("training.team")


def _place(message: Message) -> RolloutTeam | None:
    whole = (joinedload(RolloutTeam.team), joinedload(RolloutTeam.rollout).joinedload(TrainingRollout.rule))
    return db.session.scalar(select(RolloutTeam).where(RolloutTeam.id == message.about_id).options(*whole))


def _title(message: Message) -> str:
    place = _place(message)
    course_id = place.rollout.rule.course_id if place else 0
    return title_of(current_versions([course_id]), course_id)


def _reads(message: Message, viewer: Viewer) -> bool:
    found = turns_read_by(viewer).where(RolloutTeam.id == message.about_id)
    return db.session.scalar(found.with_only_columns(RolloutTeam.id)) is not None


def _leads(message: Message, viewer: Viewer) -> bool:
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    found = select(RolloutTeam.id).where(RolloutTeam.id == message.about_id, RolloutTeam.team_id.in_(led))
    return db.session.scalar(found) is not None
