"""What the inbox says of a team that fell as a whole: the team, how many ratings of how many people, and no name."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.coaching.team_policy import team_falls_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Team
from tracker.ratings.fall_models import TeamFall
from tracker.ratings.fall_sentences import team_notice_sentence
from tracker.ratings.team_falls import said_of


def start(app: Flask) -> None:
    shows(app, "team.fell", MessageKind("people", _title, _text, _url, _is_seen_by))


def _title(message: Message) -> str:
    return _("%(team)s: the team as a whole fell", team=_team(message))


def _text(message: Message) -> str:
    notice = db.session.get(TeamFall, message.about_id)
    return team_notice_sentence(said_of(notice), _team(message)) if notice else ""


def _url(message: Message) -> str:
    return url_for("team_falls.notice", id=message.about_id)


def _team(message: Message) -> str:
    notice = db.session.get(TeamFall, message.about_id)
    team = db.session.get(Team, notice.team_id) if notice else None
    return team.name if team else "?"


def _is_seen_by(message: Message, viewer: Viewer) -> bool:
    found = team_falls_seen_by(viewer).where(TeamFall.id == message.about_id)
    return db.session.scalar(found.with_only_columns(TeamFall.id)) is not None
