"""What the inbox and the mail say about a complaint: no words of a customer, no stars, no way to reach anybody."""

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import moment
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.recovery import limit_sentences
from tracker.recovery.limit_models import Given
from tracker.recovery.models import OwnerRule, RecoveryCase
from tracker.recovery.policy import cases_resolved_by, cases_seen_by, gifts_of, reads_own_limit


def start(app: Flask) -> None:
    shows(app, "recovery.opened", MessageKind("flag", _opened_title, _opened_text, _url, _may_act))
    shows(app, "recovery.overdue", MessageKind("clock", _overdue_title, _overdue_text, _url, _may_act))
    shows(app, "recovery.escalated", MessageKind("flag", _escalated_title, _escalated_text, _url, _may_act))
    shows(app, "recovery.still_open", MessageKind("clock", _still_open_title, _still_open_text, _url, _may_act))
    shows(app, "recovery.promise", MessageKind("clock", _promise_title, _promise_text, _url, _may_act))
    shows(app, "recovery.chosen", MessageKind("flag", _chosen_title, _chosen_text, _list_url, _is_chosen))
    shows(app, "recovery.limit", MessageKind("check", _limit_title, _limit_text, _limit_url, _is_told))
    shows(app, "recovery.agreed", MessageKind("check", _agreed_title, _agreed_text, _limit_url, _has_agreed))
    shows(
        app, "recovery.answered", MessageKind("check", _answered_title, _answered_text, _answered_url, _may_see_answer)
    )


def _opened_title(message: Message) -> str:
    case = _case(message)
    if case and case.call_asked_at:
        return _("A customer asks for a call")
    if case and case.is_public:
        return _("Somebody complains in public")
    return _("A customer was let down")


def _opened_text(message: Message) -> str:
    case = _case(message)
    if case is None or case.contact_due_at is None:
        return _("%(team)s. Look at what happened, and write down what was done.", team=_team(case))
    if case.is_public:
        return _("%(team)s. Answer before %(when)s.", team=_team(case), when=moment(case.contact_due_at))
    return _("%(team)s. Speak with them before %(when)s.", team=_team(case), when=moment(case.contact_due_at))


def _overdue_title(_message: Message) -> str:
    return _("A customer still waits for a word")


def _overdue_text(message: Message) -> str:
    return _("%(team)s. Nobody has spoken with them yet; 4 working hours were promised.", team=_team(_case(message)))


def _escalated_title(_message: Message) -> str:
    return _("Please help with a complaint that waits")


def _escalated_text(message: Message) -> str:
    return _(
        "%(team)s. Nobody has spoken with the customer yet. You can act on it now too.", team=_team(_case(message))
    )


def _still_open_title(_message: Message) -> str:
    return _("A complaint stands still")


def _still_open_text(message: Message) -> str:
    return _("%(team)s. The customer was spoken with; the matter is still open.", team=_team(_case(message)))


def _promise_title(message: Message) -> str:
    case = _case(message)
    return (
        _("You promised a call at %(when)s", when=moment(case.promised_at))
        if case and case.promised_at
        else _("A call")
    )


def _promise_text(message: Message) -> str:
    return _("%(team)s. The customer expects you.", team=_team(_case(message)))


def _answered_title(message: Message) -> str:
    match message.parameters.get("solved"):
        case "yes":
            return _("The customer says: you put it right")
        case "partly":
            return _("The customer says: partly put right")
    return _("The customer says: not put right")


def _answered_text(message: Message) -> str:
    if _is_credit(message):
        return _("%(team)s. What they wrote stands with the complaints you put right.", team=_team(_case(message)))
    return _("%(team)s. Their answer stands on the complaint’s page.", team=_team(_case(message)))


def _chosen_title(message: Message) -> str:
    team = db.session.get(Team, message.about_id) if message.about_id else None
    if team is None:
        return _("You take care of complaints where a team has nobody of its own")
    return _("You take care of complaints about %(team)s", team=team.name)


def _chosen_text(_message: Message) -> str:
    return _("A new one comes to you by itself. Those that are open already stay with whoever has them.")


def _limit_title(message: Message) -> str:
    return limit_sentences.told_title(message.parameters["amount"])


def _limit_text(message: Message) -> str:
    return limit_sentences.own(message.parameters["amount"], message.parameters["currency"])


def _limit_url(_message: Message) -> str:
    return url_for("giving_limits.limits")


def _is_told(message: Message, viewer: Viewer) -> bool:
    return message.person_id == viewer.person_id and reads_own_limit()


def _agreed_title(message: Message) -> str:
    return _("%(name)s wrote down that you agreed", name=_giver(message))


def _agreed_text(message: Message) -> str:
    """Nothing of the customer or of whose service it was: whoever agreed may read neither here."""
    row = db.session.get(Given, message.about_id)
    what = limit_sentences.what(row) if row else _("Something")
    return _(
        "%(what)s, to put a complaint right. If that is not so, speak with %(name)s.", what=what, name=_giver(message)
    )


def _giver(message: Message) -> str:
    of = select(Person.name).join(Given, Given.by_id == Person.id).where(Given.entry_id == message.about_id)
    return db.session.scalar(of) or _("Somebody")


def _has_agreed(message: Message, viewer: Viewer) -> bool:
    """As long as it stands in the complaint."""
    agreed = gifts_of(viewer).where(Given.entry_id == message.about_id, Given.agreed_by_id == viewer.person_id)
    return db.session.scalar(agreed.with_only_columns(Given.entry_id)) is not None


def _list_url(_message: Message) -> str:
    return url_for("recovery.cases")


def _answered_url(message: Message) -> str:
    return url_for("recovery.put_right") if _is_credit(message) else _url(message)


def _url(message: Message) -> str:
    return url_for("recovery.case", id=message.about_id)


def _is_credit(message: Message) -> bool:
    """Whether it goes to who closed the complaint, who may read no more of it by now than the customer’s thanks."""
    case = _case(message)
    return message.parameters.get("solved") == "yes" and case is not None and case.closed_by_id == message.person_id


def _case(message: Message) -> RecoveryCase | None:
    return db.session.get(RecoveryCase, message.about_id)


def _team(case: RecoveryCase | None) -> str:
    team = db.session.get(Team, case.team_id) if case and case.team_id else None
    return team.name if team else _("Team not known")


def _may_act(message: Message, viewer: Viewer) -> bool:
    found = cases_resolved_by(viewer).where(RecoveryCase.id == message.about_id)
    return db.session.scalar(found.with_only_columns(RecoveryCase.id)) is not None


def _may_see(message: Message, viewer: Viewer) -> bool:
    found = cases_seen_by(viewer).where(RecoveryCase.id == message.about_id)
    return db.session.scalar(found.with_only_columns(RecoveryCase.id)) is not None


def _is_chosen(message: Message, viewer: Viewer) -> bool:
    return db.session.get(OwnerRule, (message.about_id or 0, viewer.person_id)) is not None


def _may_see_answer(message: Message, viewer: Viewer) -> bool:
    return _may_see(message, viewer) or (_is_credit(message) and message.person_id == viewer.person_id)
