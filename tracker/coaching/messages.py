"""What the inbox says about a week, a talk that waits, and a talk that was set."""

from datetime import date, datetime

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.coaching import clock_messages
from tracker.coaching.appointments import planned_session
from tracker.coaching.clock_messages import still_waits
from tracker.coaching.feedback_models import CoachFeedbackRequest
from tracker.coaching.feedback_policy import requests_to
from tracker.coaching.models import CoachingAction, CoachingCase
from tracker.coaching.policy import agreed_actions_seen_by, cases_led_by, cases_seen_by
from tracker.coaching.rules import HEAD_START
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import day, moment
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.ratings.sentences import gap_sentence, harder_weeks


def start(app: Flask) -> None:
    clock_messages.start(app)
    shows(app, "week", MessageKind("chart", _week_title, _week_text, _my_feedback, is_praise=_is_praise))
    shows(app, "gap", MessageKind("chart", _gap_title, _gap_text, _my_feedback))
    shows(app, "coaching.reminder", MessageKind("coaching", _reminder_title, _reminder_text, _case_url, _is_led))
    shows(app, "coaching.escalated", MessageKind("clock", _escalated_title, _escalated_text, _waiting, still_waits))
    for kind in ("coaching.booked", "coaching.moved"):
        shows(app, kind, MessageKind("calendar", _booked_title, _booked_text, _case_url, _is_own))
    shows(app, "coaching.feedback", MessageKind("heart", _feedback_title, _feedback_text, _feedback_url, _is_asked))
    shows(app, "coaching.feedback_closed", MessageKind("heart", _closed_title, _closed_text, _feedback_page))
    shows(app, "coaching.replied", MessageKind("feedback", _replied_title, _replied_text, _case_url, _is_led))
    shows(app, "coaching.handed_over", MessageKind("people", _handed_over_title, _handed_over_text, _case_url, _is_own))
    shows(app, "coaching.due", MessageKind("list", _due_title, _due_text, _case_url, _is_due))
    shows(app, "coaching.completed", MessageKind("check", _completed_title, _completed_text, _case_url, _is_own))


def _week_title(message: Message) -> str:
    if message.parameters["state"] == "below":
        return harder_weeks()
    return ngettext("Your week: %(num)d new rating", "Your week: %(num)d new ratings", message.parameters["count"])


def _week_text(message: Message) -> str:
    """Praise first, where there is any."""
    praised = message.parameters.get("praised", 0)  # messages of before do not say
    if not praised:
        return _week_news(message)
    thanks = ngettext("%(num)d customer gave you 5 stars.", "%(num)d customers gave you 5 stars.", praised)
    return _("%(thanks)s %(news)s", thanks=thanks, news=_week_news(message))


def _week_news(message: Message) -> str:
    if message.parameters["state"] == "below" and clock.now() < message.visible_at + HEAD_START:
        return _("You are the first to see this. For 24 hours nobody else does.")
    return _("Your score and what customers said are up to date.")


def _is_praise(message: Message) -> bool:
    return message.parameters["state"] == "plain" and bool(message.parameters.get("praised"))


def _gap_title(_message: Message) -> str:
    return _("A talk may help")


def _gap_text(_message: Message) -> str:
    return gap_sentence()


def _reminder_title(message: Message) -> str:
    return _("A talk with %(name)s is waiting", name=_person_of_case(message))


def _reminder_text(message: Message) -> str:
    """A talk whose time is over may well have been held: then it is the words that are missing."""
    case = db.session.get(CoachingCase, message.about_id)
    planned = planned_session(case) if case else None
    if planned is not None and planned.starts_at < clock.now():
        return _("The talk of %(when)s is not written up yet.", when=moment(planned.starts_at))
    days = message.parameters["days"]
    if not days:
        return _("Choose a time that suits you both, or put it off with a reason.")
    return ngettext(
        "It has been waiting for %(num)d working day.", "It has been waiting for %(num)d working days.", days
    )


def _escalated_title(message: Message) -> str:
    """No employee, no figure: only who leads and how long."""
    leader = db.session.get(Person, message.parameters["leader"]) if message.parameters["leader"] else None
    return ngettext(
        "%(name)s has 1 talk waiting %(num)d working day",
        "%(name)s has 1 talk waiting %(num)d working days",
        message.parameters["days"],
        name=leader.name if leader else "?",
    )


def _escalated_text(_message: Message) -> str:
    return _("A word from you may be all it takes.")


def _booked_title(message: Message) -> str:
    leader = db.session.get(Person, message.parameters["leader"])
    starts_at = moment(datetime.fromisoformat(message.parameters["starts_at"]))
    name = leader.name if leader else _("your manager")
    if message.kind == "coaching.moved":
        return _("Talk with %(name)s moved to %(when)s", name=name, when=starts_at)
    return _("Talk with %(name)s: %(when)s", name=name, when=starts_at)


def _booked_text(_message: Message) -> str:
    return _("You can add your own points before the talk.")


def _completed_title(_message: Message) -> str:
    return _("Your talk is written up")


def _completed_text(_message: Message) -> str:
    return _("See what you agreed, and say so if it’s not right.")


def _feedback_title(message: Message) -> str:
    leader = db.session.get(Person, message.parameters["leader"])
    return _("How was your talk with %(name)s?", name=leader.name if leader else _("your manager"))


def _feedback_text(_message: Message) -> str:
    return _("Three taps, if you like. Nobody sees who said what.")


def _feedback_url(message: Message) -> str:
    return url_for("coach_feedback.asking", id=message.about_id)


def _is_asked(message: Message, viewer: Viewer) -> bool:
    open_to = requests_to(viewer).where(
        CoachFeedbackRequest.id == message.about_id, CoachFeedbackRequest.answered.is_(False)
    )
    return db.session.scalar(open_to.with_only_columns(CoachFeedbackRequest.id)) is not None


def _closed_title(_message: Message) -> str:
    return _("What people say of your talks")


def _closed_text(_message: Message) -> str:
    return _("Five people or more have answered, and it is summed up.")


def _feedback_page(_message: Message) -> str:
    return url_for("coach_feedback.batches")


def _replied_title(message: Message) -> str:
    return _("%(name)s wrote their side of it", name=_person_of_case(message))


def _replied_text(_message: Message) -> str:
    return _("Good to read before the talk.")


def _handed_over_title(message: Message) -> str:
    leader = db.session.get(Person, message.parameters["leader"])
    return _("%(name)s wrote a hand-over note about your talk", name=leader.name if leader else _("Your manager"))


def _handed_over_text(_message: Message) -> str:
    return _("You read the same words as whoever leads your team next, and can answer.")


def _due_title(message: Message) -> str:
    """Without what it is: mails are read on locked screens."""
    return _("Something you agreed on is due %(day)s", day=day(date.fromisoformat(message.parameters["due_on"])))


def _due_text(_message: Message) -> str:
    return _("Tick it off when it is done, or say what stands in the way. You hear of it this once.")


def _my_feedback(_message: Message) -> str:
    return url_for("home.my_feedback")


def _waiting(_message: Message) -> str:
    return url_for("coaching_clock.waiting")


def _case_url(message: Message) -> str:
    return url_for("coaching.case", id=message.about_id)


def _person_of_case(message: Message) -> str:
    case = db.session.get(CoachingCase, message.about_id)
    person = db.session.get(Person, case.person_id) if case else None
    return person.name if person else "?"


def _is_led(message: Message, viewer: Viewer) -> bool:
    found = cases_led_by(viewer).where(CoachingCase.id == message.about_id, CoachingCase.closed_at.is_(None))
    return db.session.scalar(found.with_only_columns(CoachingCase.id)) is not None


def _is_due(message: Message, viewer: Viewer) -> bool:
    """As long as it is not done, and whoever is to do it sees the case."""
    due = agreed_actions_seen_by(viewer).where(
        CoachingAction.id == message.parameters["action"], CoachingAction.done_at.is_(None)
    )
    return db.session.scalar(due.with_only_columns(CoachingAction.id)) is not None


def _is_own(message: Message, viewer: Viewer) -> bool:
    found = cases_seen_by(viewer).where(CoachingCase.id == message.about_id, CoachingCase.person_id == viewer.person_id)
    return db.session.scalar(found.with_only_columns(CoachingCase.id)) is not None
