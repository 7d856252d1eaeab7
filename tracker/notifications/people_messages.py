"""What people hear when somebody changes their team, what they lead or their roles."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.access.queries import roles_of
from tracker.access.terminal_models import SharedTerminal
from tracker.core.db import db
from tracker.notifications import kinds
from tracker.notifications.actions import tell
from tracker.notifications.kinds import MessageKind
from tracker.notifications.models import Message
from tracker.organisation import ports
from tracker.organisation.models import Team
from tracker.organisation.ports import Announcement, Ports
from tracker.organisation.queries import calendars


def start(app: Flask) -> None:
    ports.plug(app, Ports(tell=_tell_all, roles=lambda people: roles_of(list(people))))
    kinds.shows(app, "person.moved", MessageKind("people", _moved, _moved_text, _team_url))
    kinds.shows(app, "team.manager", MessageKind("people", _leads, _leads_text, _team_url))
    kinds.shows(app, "team.deputy", MessageKind("people", _deputises, _deputises_text, _team_url))
    kinds.shows(
        app, "roles.changed", MessageKind("key", _roles, _roles_text, lambda _message: url_for("access.account"))
    )
    kinds.shows(app, "pin.set", MessageKind("key", _pin_set, _pin_set_text, _account_url))
    kinds.shows(app, "pin.tried", MessageKind("warning", _pin_tried, _pin_tried_text, _account_url))


def _tell_all(announcements: list[Announcement]) -> None:
    """Everybody in their own working hours, which are looked up for all at once."""
    first_day = min(announcement.at for announcement in announcements).date()
    hours = calendars({announcement.to for announcement in announcements}, first_day)
    for announcement in announcements:
        tell(
            announcement.kind,
            to=announcement.to,
            key=announcement.key,
            at=announcement.at,
            visible_at=hours[announcement.to].next_working_moment(announcement.at),
            **announcement.parameters,
        )


def _moved(message: Message) -> str:
    return _("Your team is now %(team)s", team=_team(message))


def _moved_text(_message: Message) -> str:
    return _("Your ratings so far stay as they are. Is this a mistake? Tell HR or an admin.")


def _leads(message: Message) -> str:
    return _("You lead %(team)s", team=_team(message))


def _leads_text(_message: Message) -> str:
    return _("Your team board shows the people of this team from the day you begin.")


def _deputises(message: Message) -> str:
    return _("You stand in for the manager of %(team)s", team=_team(message))


def _deputises_text(_message: Message) -> str:
    return _("While the manager is away, what waits for the manager comes to you.")


def _roles(_message: Message) -> str:
    return _("Your roles have changed")


def _roles_text(_message: Message) -> str:
    return _("An admin changed what you may do here. If you didn’t expect it, ask an admin.")


def _pin_set(_message: Message) -> str:
    return _("Your PIN for shared terminals was set")


def _pin_set_text(_message: Message) -> str:
    return _("If it wasn’t you, change your password and remove the PIN.")


def _pin_tried(message: Message) -> str:
    terminal = db.session.get(SharedTerminal, message.parameters["terminal"])
    return _("Somebody typed many wrong PINs for you on %(terminal)s", terminal=terminal.name if terminal else "?")


def _pin_tried_text(_message: Message) -> str:
    return _("Nobody got in by them. If it wasn’t you, choose a longer PIN, or remove it.")


def _account_url(_message: Message) -> str:
    return url_for("access.account")


def _team(message: Message) -> str:
    team = db.session.get(Team, message.parameters["team"])
    return team.name if team else "?"


def _team_url(message: Message) -> str:
    return url_for("organisation.team", id=message.parameters["team"])
