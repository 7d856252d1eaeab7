"""Word to HR about rounds: one is prepared, did not open, can’t be counted, or was lost."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.clock import local_day
from tracker.core.db import db
from tracker.core.language import long_day
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.queries import the_organisation
from tracker.pulse.models import PulseRound
from tracker.pulse.policy import rounds_managed_by
from tracker.pulse.round_sentences import round_name


def start(app: Flask) -> None:
    shows(app, "pulse.prepared", MessageKind("pulse", _prepared_title, _prepared_text, _url, _is_seen))
    shows(app, "pulse.missed", MessageKind("warning", _missed_title, _missed_text, _url, _is_missed))
    shows(app, "pulse.stuck", MessageKind("warning", _stuck_title, _stuck_text, _url, _is_stuck))
    shows(app, "pulse.lost", MessageKind("warning", _lost_title, _lost_text, _url, _is_seen))


def _prepared_title(message: Message) -> str:
    found = _round(message)
    return _("The %(name)s is prepared", name=round_name(found)) if found else _("A round of the pulse is prepared")


def _prepared_text(message: Message) -> str:
    found, company = _round(message), the_organisation()
    if found is None:
        return ""
    day = long_day(local_day(found.opens_at, company.time_zone if company else "UTC"))
    return _("It opens by itself on %(day)s. Until then you can change or cancel it.", day=day)


def _lost_title(message: Message) -> str:
    found = _round(message)
    return _("The %(name)s was lost", name=round_name(found)) if found else _("A round of the pulse was lost")


def _lost_text(_message: Message) -> str:
    return _("Nobody can read what was answered. The round’s page says what to do.")


def _missed_title(message: Message) -> str:
    found = _round(message)
    return _("The %(name)s did not open", name=round_name(found)) if found else _("A round of the pulse did not open")


def _missed_text(_message: Message) -> str:
    return _(
        "On its day something stood in the way, and now too little of it is left. Its page says what; choose other days."
    )


def _stuck_title(message: Message) -> str:
    found = _round(message)
    return _("The %(name)s can’t be counted", name=round_name(found)) if found else _("A round can’t be counted")


def _stuck_text(_message: Message) -> str:
    return _("Nothing is lost yet. Tell whoever runs the server: the log says why, and it is tried again every minute.")


def _url(message: Message) -> str:
    return url_for("pulse_rounds.round_page", id=message.about_id)


def _round(message: Message) -> PulseRound | None:
    return db.session.get(PulseRound, message.about_id)


def _is_missed(message: Message, viewer: Viewer) -> bool:
    """Until it is planned anew, or cancelled."""
    found = _round(message)
    return found is not None and found.state == "draft" and _is_seen(message, viewer)


def _is_stuck(message: Message, viewer: Viewer) -> bool:
    """Until it has been counted after all."""
    found = _round(message)
    return found is not None and found.state == "closing" and _is_seen(message, viewer)


def _is_seen(message: Message, viewer: Viewer) -> bool:
    found = rounds_managed_by(viewer).where(PulseRound.id == message.about_id)
    return db.session.scalar(found.with_only_columns(PulseRound.id)) is not None
