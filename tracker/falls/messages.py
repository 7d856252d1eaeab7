"""Word to who asked that a replay is done, and to the office that the weekly check goes by something else."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import plain_day
from tracker.falls.models import FallReplay
from tracker.falls.policy import replays_seen_by
from tracker.falls.sentences import settings_words
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.policy import by_role
from tracker.ratings.fall_models import FallSettings
from tracker.ratings.thresholds import Thresholds


def start(app: Flask) -> None:
    shows(app, "falls.replayed", MessageKind("chart", _replayed_title, _replayed_text, _replay_url, _reads_replay))
    shows(app, "falls.settings", MessageKind("chart", _settings_title, _settings_text, _settings_url, _reads_settings))


def _replayed_title(_message: Message) -> str:
    return _("Last year is replayed")


def _replayed_text(message: Message) -> str:
    replay = db.session.get(FallReplay, message.about_id)
    return settings_words(Thresholds.of(replay)) if replay else ""


def _settings_title(message: Message) -> str:
    row = db.session.get(FallSettings, message.about_id)
    day = plain_day(row.from_monday) if row else "?"
    return _("The weekly check goes by other settings from %(day)s on", day=day)


def _settings_text(message: Message) -> str:
    row = db.session.get(FallSettings, message.about_id)
    return settings_words(Thresholds.of(row)) if row else ""


def _replay_url(message: Message) -> str:
    return url_for("falls.replay", id=message.about_id)


def _settings_url(_message: Message) -> str:
    return url_for("falls.settings")


def _reads_replay(message: Message, viewer: Viewer) -> bool:
    found = replays_seen_by(viewer).where(FallReplay.id == message.about_id)
    return db.session.scalar(found.with_only_columns(FallReplay.id)) is not None


def _reads_settings(_message: Message, viewer: Viewer) -> bool:
    return by_role("fall_settings.read", viewer)
