"""A round that opens later than planned, such as after a stop of the server: HR hears of it, and its page says so."""

from datetime import datetime

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.core.language import moment
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.queries import the_organisation
from tracker.pulse.models import PulseRound
from tracker.pulse.policy import rounds_managed_by
from tracker.pulse.preparing import tell_hr
from tracker.pulse.round_sentences import is_late, round_name


def start(app: Flask) -> None:
    shows(app, "pulse.opened_late", MessageKind("clock", _title, _text, _url, _is_seen))


def tell_if_late(round_id: int, *, at: datetime) -> None:
    """Word to HR about a round that has just opened, once."""
    with transaction():
        pulse_round = db.session.get_one(PulseRound, round_id)
        if is_late(pulse_round):
            tell_hr("pulse.opened_late", pulse_round, at=at)


def _title(message: Message) -> str:
    found = _round(message)
    return _("The %(name)s opened late", name=round_name(found)) if found else _("A round of the pulse opened late")


def _text(message: Message) -> str:
    found, company = _round(message), the_organisation()
    if found is None or found.opened_at is None:
        return ""
    zone = company.time_zone if company else "UTC"
    return _(
        "Planned for %(planned)s, it could not open before %(opened)s. It closes as planned, on %(closes)s.",
        planned=moment(found.opens_at, zone),
        opened=moment(found.opened_at, zone),
        closes=moment(found.closes_at, zone),
    )


def _url(message: Message) -> str:
    return url_for("pulse_rounds.round_page", id=message.about_id)


def _round(message: Message) -> PulseRound | None:
    return db.session.get(PulseRound, message.about_id)


def _is_seen(message: Message, viewer: Viewer) -> bool:
    found = rounds_managed_by(viewer).where(PulseRound.id == message.about_id)
    return db.session.scalar(found.with_only_columns(PulseRound.id)) is not None
