"""What the inbox says about the time of a talk: put off, called off, handed on, on a day on which somebody is away."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from tracker.coaching import appointment_mail
from tracker.coaching.clock_words import closing_reason, snooze_reason
from tracker.coaching.models import CoachingCase
from tracker.coaching.policy import cases_led_by, cases_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import long_day, moment
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team


def start(app: Flask) -> None:
    appointment_mail.start(app)
    shows(app, "coaching.unled", MessageKind("clock", _unled_title, _unled_text, _waiting_url, still_waits))
    _own(app, "coaching.snoozed", "clock", _snoozed_title, _snoozed_text)
    _own(app, "coaching.called_off", "calendar", _called_off_title, _called_off_text)
    _own(app, "coaching.handed_on", "calendar", _handed_on_title, _handed_on_text)
    _own(app, "coaching.closed", "check", _closed_title, _closed_text)
    shows(app, "coaching.taken_on", MessageKind("calendar", _taken_on_title, _taken_on_text, _case_url, _is_led))
    shows(app, "coaching.asked_to_move", MessageKind("calendar", _asked_title, _asked_text, _case_url, _is_led))
    shows(app, "coaching.day_off", MessageKind("calendar", _day_off_title, _day_off_text, _case_url, _is_seen))
    shows(app, "coaching.given_up", MessageKind("calendar", _given_up_title, _given_up_text, _inbox_url))


def _own(app: Flask, kind: str, icon: str, title: Callable[[Message], str], text: Callable[[Message], str]) -> None:
    shows(app, kind, MessageKind(icon, title, text, _case_url, _is_own))


def still_waits(message: Message, _viewer: Viewer) -> bool:
    """Word of a talk that waits falls silent when the case is closed. Who reads it may not see the case, and need not."""
    case_id = message.parameters.get("case")
    case = db.session.get(CoachingCase, case_id) if case_id is not None else None
    return case_id is None or (case is not None and case.closed_at is None)


def _unled_title(message: Message) -> str:
    team = db.session.get(Team, message.parameters["team"]) if message.parameters["team"] else None
    if team is None:
        return _("1 talk is waiting, and nobody leads the team")
    return _("1 talk is waiting in %(name)s, which nobody leads", name=team.name)


def _unled_text(_message: Message) -> str:
    return _("Only who leads the team can plan it. Ask HR to name somebody, or a deputy for now.")


def _snoozed_title(message: Message) -> str:
    until = long_day(date.fromisoformat(message.parameters["until"]))
    return _("%(name)s will set a time for your talk by %(day)s", name=_leader(message), day=until)


def _snoozed_text(message: Message) -> str:
    return snooze_reason(message.parameters["reason"])


def _called_off_title(message: Message) -> str:
    return _("The talk on %(when)s is called off", when=_when(message))


def _called_off_text(message: Message) -> str:
    if message.parameters["leader"] is None:
        return _("Nobody leads your team just now. You will hear when there is a new time.")
    return _("%(name)s called it off, and is reminded to set another time.", name=_leader(message))


def _handed_on_title(message: Message) -> str:
    return _("Your talk on %(when)s is now with %(name)s", when=_when(message), name=_leader(message))


def _handed_on_text(message: Message) -> str:
    return _("%(name)s leads your team now. The time stays as it was; you can ask for another.", name=_leader(message))


def _taken_on_title(message: Message) -> str:
    return _("The talk with %(name)s on %(when)s is yours now", name=_employee(message), when=_when(message))


def _taken_on_text(_message: Message) -> str:
    return _("It was planned before you led the team. Move it if the time does not suit you.")


def _given_up_title(message: Message) -> str:
    return _("The talk on %(when)s is no longer yours", when=_when(message))


def _given_up_text(_message: Message) -> str:
    return _("Somebody else leads the team now. It is taken out of your calendar.")


def _asked_title(message: Message) -> str:
    return _("%(name)s asks for another time than %(when)s", name=_employee(message), when=_when(message))


def _asked_text(_message: Message) -> str:
    return _("Open the talk to move it.")


def _day_off_title(message: Message) -> str:
    return _("The talk on %(when)s falls on a day off", when=_when(message))


def _day_off_text(_message: Message) -> str:
    return _("One of you is away then, or it is a holiday. It can be moved on the page of the talk.")


def _closed_title(_message: Message) -> str:
    return _("Your talk is closed")


def _closed_text(message: Message) -> str:
    return closing_reason(message.parameters["because"])


def _when(message: Message) -> str:
    return moment(datetime.fromisoformat(message.parameters["starts_at"]))


def _leader(message: Message) -> str:
    leader = db.session.get(Person, message.parameters["leader"]) if message.parameters["leader"] else None
    return leader.name if leader else _("your manager")


def _employee(message: Message) -> str:
    case = db.session.get(CoachingCase, message.about_id)
    person = db.session.get(Person, case.person_id) if case else None
    return person.name if person else "?"


def _case_url(message: Message) -> str:
    return url_for("coaching.case", id=message.about_id)


def _inbox_url(_message: Message) -> str:
    return url_for("notifications.inbox")


def _waiting_url(_message: Message) -> str:
    return url_for("coaching_clock.waiting")


def _is_own(message: Message, viewer: Viewer) -> bool:
    own = cases_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id)
    return _finds(own, message)


def _is_led(message: Message, viewer: Viewer) -> bool:
    return _finds(cases_led_by(viewer).where(CoachingCase.closed_at.is_(None)), message)


def _is_seen(message: Message, viewer: Viewer) -> bool:
    return _finds(cases_seen_by(viewer).where(CoachingCase.closed_at.is_(None)), message)


def _finds(scope: Select[Any], message: Message) -> bool:
    found = scope.where(CoachingCase.id == message.about_id).with_only_columns(CoachingCase.id)
    return db.session.scalar(found) is not None
