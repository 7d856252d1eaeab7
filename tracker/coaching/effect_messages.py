"""The inbox says that twelve weeks are over, and nothing of what came of them."""

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.coaching.effect_models import CaseEffect
from tracker.coaching.effect_policy import case_effects_seen_by
from tracker.coaching.effect_rules import DECIDED
from tracker.coaching.models import CoachingCase
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person


def start(app: Flask) -> None:
    shows(app, "coaching.verdict", MessageKind("chart", _title, _text, _url, _is_seen_by))


def _title(message: Message) -> str:
    case = db.session.get(CoachingCase, message.about_id)
    if case is not None and case.person_id != message.person_id:
        name = db.session.get_one(Person, case.person_id).first_name
        return _("Twelve weeks after the check: did the talk with %(name)s help?", name=name)
    return _("Twelve weeks after the check: did the talk help?")


def _text(_message: Message) -> str:
    return _("See what customers gave before and after, and how sure one can be.")


def _url(message: Message) -> str:
    return url_for("coaching.case", id=message.about_id, _anchor="effect")


def _is_seen_by(message: Message, viewer: Viewer) -> bool:
    """As long as the verdict is there for this reader."""
    row = db.session.scalar(case_effects_seen_by(viewer).where(CaseEffect.case_id == message.about_id))
    if row is None:
        return False
    person = db.session.scalar(select(CoachingCase.person_id).where(CoachingCase.id == row.case_id))
    figures = row.figures if person == viewer.person_id else row.shared_figures
    return bool(figures and figures["verdict"] in DECIDED)
