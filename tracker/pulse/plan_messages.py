"""What the inbox says about actions: no figure, for each reader sees on the page what they may see of it."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import plain_day
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Team
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_policy import plans_seen_by


def start(app: Flask) -> None:
    shows(app, "pulse.plan_given", MessageKind("check", _given_title, _what, _url, _runs))
    shows(app, "pulse.plan_due", MessageKind("clock", _due_title, _what, _url, _waits))
    shows(app, "pulse.plan_late", MessageKind("clock", _late_title, _what, _url, _waits))
    shows(app, "pulse.plan_moved", MessageKind("chart", _moved_title, _moved_text, _url, _is_seen))


def _given_title(message: Message) -> str:
    plan = _plan(message)
    day = plain_day(plan.due_on) if plan else "?"
    return _("An action for %(group)s is yours, by %(day)s", group=_group(plan), day=day)


def _due_title(message: Message) -> str:
    return _("An action for %(group)s is due. Say what was done", group=_group(_plan(message)))


def _late_title(message: Message) -> str:
    return _("An action for %(group)s is past its day", group=_group(_plan(message)))


def _moved_title(message: Message) -> str:
    return _("The measure of an action for %(group)s has moved", group=_group(_plan(message)))


def _moved_text(_message: Message) -> str:
    return _("Read there how sure that is.")


def _what(message: Message) -> str:
    plan = _plan(message)
    return plan.text if plan else ""


def _url(message: Message) -> str:
    return url_for("plans.plan", id=message.about_id)


def _plan(message: Message) -> PulsePlan | None:
    return db.session.get(PulsePlan, message.about_id)


def _group(plan: PulsePlan | None) -> str:
    team = db.session.get(Team, plan.team_id) if plan and plan.team_id else None
    if team is not None:
        return team.name
    return _("the managers") if plan and plan.kind == "managers" else _("the whole company")


def _is_seen(message: Message, viewer: Viewer) -> bool:
    mine = plans_seen_by(viewer).where(PulsePlan.id == message.about_id).with_only_columns(PulsePlan.id)
    return db.session.scalar(mine) is not None


def _runs(message: Message, viewer: Viewer) -> bool:
    """While it is still the reader's."""
    plan = _plan(message)
    return plan is not None and plan.runs and plan.owner_id == viewer.person_id and _is_seen(message, viewer)


def _waits(message: Message, viewer: Viewer) -> bool:
    plan = _plan(message)
    return plan is not None and plan.runs and plan.done is None and _is_seen(message, viewer)
