"""The list of talks and the page of one case."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.coaching import actions, queries, sentences
from tracker.coaching.appointment_mail import downloaded
from tracker.coaching.appointments import day_that_suits
from tracker.coaching.debt import may_see_debts
from tracker.coaching.forms import AgreedForm, BookingForm, CompletionForm, ReplyForm
from tracker.coaching.models import CoachingAction, CoachingCase
from tracker.coaching.page import case_page, completion_form, unsaved_page
from tracker.coaching.policy import agreed_actions_seen_by, cases_led_by, cases_seen_by, sessions_seen_by
from tracker.coaching.talks_page import talk_lines
from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, managers, members, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, Refused
from tracker.core.pages import notice
from tracker.organisation.models import Person

bp = Blueprint("coaching", __name__, url_prefix="/coaching")


@bp.get("")
@managers
def cases() -> ResponseReturnValue:
    lines = talk_lines(queries.cases_of_team(viewer()), viewer())
    return render_template("coaching/cases.html", lines=lines, words=sentences, leads_leaders=may_see_debts(viewer()))


@bp.get("/mine")
@members
def mine() -> ResponseReturnValue:
    """One's own talks, closed ones too."""
    return render_template(
        "coaching/mine.html", lines=talk_lines(queries.own_cases(viewer()), viewer()), words=sentences
    )


@bp.get("/<int:id>")
@members
def case(id: int) -> ResponseReturnValue:
    return case_page(find_or_404(cases_seen_by(viewer()), id))


@bp.post("/<int:id>/booking")
@managers
def book(id: int) -> ResponseReturnValue:
    case = _led(id)
    form = BookingForm()
    if not form.validate():
        return case_page(case, booking=form), 422
    try:
        actions.book_session(
            case,
            by=viewer().person_id,
            starts_at=form.starts_at(viewer().time_zone),
            minutes=form.minutes.data,
            place=form.place.data or None,
            at=clock.now(),
        )
    except Invalid as error:
        db.session.rollback()
        form.on.errors = [error.sentence]
        return case_page(_led(id), booking=form), 422
    notice(_("The talk is set. %(name)s is told.", name=_name(case)))
    return redirect(url_for(".case", id=id), 303)


@bp.post("/<int:id>/completion")
@managers
def complete(id: int) -> ResponseReturnValue:
    case = _led(id)
    form = completion_form(case)
    form.owner.offer(actions.people_of(case, viewer().person_id))
    if not form.validate() or not _suits_both(form, case):
        return case_page(case, completion=form), 422
    agreed = [(form.agreed.data, form.owner.data or case.person_id, form.due_on.data)] if form.agreed.data else []
    follow_up_on = form.follow_up_day()
    try:
        actions.complete_session(
            case, by=viewer().person_id, note=form.note.data, agreed=agreed, follow_up_on=follow_up_on, at=clock.now(),
            held_before=form.held_before(),
        )  # fmt: skip
    except Conflict as late:
        return unsaved_page(id, late, form.note.data), 409
    notice(_("Saved. %(name)s can read it now.", name=_name(case)))
    return redirect(url_for(".case", id=id), 303)


@bp.post("/<int:id>/agreed")
@managers
def agree(id: int) -> ResponseReturnValue:
    case = _led(id)
    form = AgreedForm(today=viewer().today)
    form.owner.offer(actions.people_of(case, viewer().person_id))
    if not form.validate():
        return case_page(case, agreed_form=form), 422
    actions.add_agreed(
        case,
        by=viewer().person_id,
        text=form.text.data,
        owner_id=form.owner.data,
        due_on=form.due_on.data,
        at=clock.now(),
        form_key=form.sent_as(),
    )
    return redirect(url_for(".case", id=id), 303)


@bp.post("/agreed/<int:id>/completion")
@members
def tick_agreed(id: int) -> ResponseReturnValue:
    """Either of the two crosses off what was agreed, or opens it again: the button says which, so that two clicks are one."""
    action: CoachingAction = find_or_404(agreed_actions_seen_by(viewer()), id)
    case = find_or_404(cases_seen_by(viewer()), action.case_id)
    done = request.form.get("done") == "yes"
    actions.tick_agreed(action, done=done, by=viewer().person_id, person=case.person_id, at=clock.now())
    return redirect(url_for(".case", id=case.id), 303)


@bp.post("/<int:id>/reply")
@members
def reply(id: int) -> ResponseReturnValue:
    case = find_or_404(cases_seen_by(viewer()).where(CoachingCase.person_id == viewer().person_id), id)
    form = ReplyForm()
    if not form.validate():
        return case_page(case, reply=form), 422
    try:
        actions.reply(case, form.text.data, at=clock.now())
    except Conflict as late:
        return unsaved_page(id, late, form.text.data), 409
    notice(_("Your words are kept with the talk."))
    return redirect(url_for(".case", id=id), 303)


@bp.get("/talks/<int:id>.ics")
@members
def calendar(id: int) -> ResponseReturnValue:
    session = find_or_404(sessions_seen_by(viewer()), id)
    headers = {"Content-Disposition": f"attachment; filename=talk-{session.id}.ics"}
    return Response(downloaded(session), mimetype="text/calendar", headers=headers)


def _led(id: int) -> CoachingCase:
    """The case, if the viewer leads it: a reader who may not write gets 403, a stranger 404."""
    case: CoachingCase = find_or_404(cases_seen_by(viewer()), id)
    led = cases_led_by(viewer()).where(CoachingCase.id == id).with_only_columns(CoachingCase.id)
    if db.session.scalar(led) is None:
        raise Refused(_("This is for the person who leads the talk."))
    return case


def _suits_both(form: CompletionForm, case: CoachingCase) -> bool:
    """Whether a follow-up day that was chosen is no day off. One in so many weeks moves to the next that suits by itself."""
    on = form.follow_up_on.data
    if form.follow_up.data != "on" or day_that_suits(case.person_id, viewer().person_id, on) == on:
        return True
    form.follow_up_on.errors = [_("One of you is away on that day, or it is no working day.")]
    return False


def _name(case: CoachingCase) -> str:
    return db.session.get_one(Person, case.person_id).first_name
