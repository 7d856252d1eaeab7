"""What is done about the time of a talk, and who has talks waiting."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.coaching import clock_actions
from tracker.coaching.clock_forms import ClosingForm, SnoozeForm
from tracker.coaching.debt import debts_seen_by, may_see_debts
from tracker.coaching.debt_words import debt_headline, waits
from tracker.coaching.models import CoachingCase
from tracker.coaching.page import case_page
from tracker.coaching.policy import cases_led_by, cases_seen_by, cases_snoozed_by
from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.language import long_day
from tracker.core.pages import notice

bp = Blueprint("coaching_clock", __name__, url_prefix="/coaching")


@bp.post("/<int:id>/snooze")
@members
def snooze(id: int) -> ResponseReturnValue:
    case = _case(id, cases_snoozed_by(viewer()))
    form = SnoozeForm()
    if not form.validate():
        return case_page(case, snooze=form), 422
    made = clock_actions.snooze(
        case, reason=form.reason.data, days=int(form.days.data), by=viewer().person_id, at=clock.now()
    )
    notice(_("You are reminded again on %(day)s. The reason is on the page, for you both.", day=long_day(made.until)))
    return redirect(url_for("coaching.case", id=id), 303)


@bp.post("/<int:id>/calling-off")
@members
def call_off(id: int) -> ResponseReturnValue:
    case = _case(id, cases_led_by(viewer()))
    clock_actions.call_off_talk(case, by=viewer().person_id, at=clock.now())
    notice(_("The talk is called off, and taken out of both calendars."))
    return redirect(url_for("coaching.case", id=id), 303)


@bp.post("/<int:id>/another-time")
@members
def ask_for_another_time(id: int) -> ResponseReturnValue:
    """Only the employee asks; whoever leads the talk moves it."""
    case: CoachingCase = find_or_404(cases_seen_by(viewer()), id)
    if case.person_id != viewer().person_id:
        raise Refused(_("You can move the talk yourself."))
    clock_actions.ask_for_another_time(case, at=clock.now())
    notice(_("Asked. The talk stands until a new time is set."))
    return redirect(url_for("coaching.case", id=id), 303)


@bp.post("/<int:id>/closing")
@members
def close(id: int) -> ResponseReturnValue:
    case = _case(id, cases_led_by(viewer()))
    form = ClosingForm()
    if not form.validate():
        return case_page(case, closing=form), 422
    clock_actions.close_without_talk(case, because=form.because.data, by=viewer().person_id, at=clock.now())
    notice(_("Closed. The reason is on the page, for you both."))
    return redirect(url_for("coaching.case", id=id), 303)


@bp.get("/waiting")
@members
def waiting() -> ResponseReturnValue:
    """How many talks wait with whom, and how long: no employee, no figure."""
    if not may_see_debts(viewer()):
        raise Refused(_("This is for HR and for who leads other leaders. Your own talks are under Coaching."))
    debts = debts_seen_by(viewer())
    return render_template("coaching/waiting.html", debts=debts, headline=debt_headline(debts), waits=waits)


def _case(id: int, scope: Any) -> CoachingCase:
    """The case, if the viewer may do this to it: a reader who may not gets 403, a stranger 404."""
    case: CoachingCase = find_or_404(cases_seen_by(viewer()), id)
    allowed = scope.where(CoachingCase.id == id).with_only_columns(CoachingCase.id)
    if db.session.scalar(allowed) is None:
        raise Refused(_("This is for the person who leads the talk."))
    return case
