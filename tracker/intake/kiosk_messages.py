"""What the inbox says when many customers at one kiosk are unhappy. Nobody who works here and no customer is named."""

from datetime import datetime

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import hour
from tracker.intake.kiosk_actions import leader_of
from tracker.intake.models import Kiosk
from tracker.intake.policy import kiosks_managed_by
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message


def start(app: Flask) -> None:
    shows(app, "kiosk.unhappy", MessageKind("place", _title, _text, _url, _is_managed))


def _title(message: Message) -> str:
    kiosk = _kiosk(message)
    return _("Customers may be waiting for something: %(place)s", place=kiosk.place if kiosk else "?")


def _text(message: Message) -> str:
    kiosk, given = _kiosk(message), message.parameters
    return _(
        "Between %(since)s and %(until)s, %(unhappy)d of %(count)d answers at the kiosk in %(team)s were unhappy. A look at the "
        "queue, the staffing or the till may help. It can also be chance.",
        since=hour(datetime.fromisoformat(given["since"])),
        until=hour(datetime.fromisoformat(given["until"])),
        unhappy=given["unhappy"],
        count=given["count"],
        team=kiosk.team.name if kiosk else "?",
    )


def _url(_message: Message) -> str:
    return url_for("intake.kiosks")


def _kiosk(message: Message) -> Kiosk | None:
    return db.session.get(Kiosk, message.about_id, options=[joinedload(Kiosk.team)])


def _is_managed(message: Message, viewer: Viewer) -> bool:
    """By who looks after the kiosk, or leads in the place of a team's missing manager."""
    found = kiosks_managed_by(viewer).where(Kiosk.id == message.about_id)
    if db.session.scalar(found.with_only_columns(Kiosk.id)) is not None:
        return True
    kiosk = _kiosk(message)
    return kiosk is not None and kiosk.closed_at is None and leader_of(kiosk, at=viewer.at) == viewer.person_id
