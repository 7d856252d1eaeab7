"""Noting interviews and observations, reading, correcting and answering them, and what they add up to."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, hr, managers, members, viewer
from tracker.core.errors import Conflict, Refused
from tracker.core.pages import notice
from tracker.interviews import actions, page, queries
from tracker.interviews import sentences as words
from tracker.interviews.forms import ReplyForm, TakeBackForm
from tracker.interviews.models import Encounter
from tracker.interviews.policy import encounters_seen_by
from tracker.interviews.rules import may_change
from tracker.organisation.policy import people_led_by

bp = Blueprint("interviews", __name__)


@bp.get("/interviews")
@members
def own() -> ResponseReturnValue:
    return page.list_page(None)


@bp.get("/people/<int:id>/interviews")
@managers
def of_person(id: int) -> ResponseReturnValue:
    return page.list_page(find_or_404(people_led_by(viewer()), id))


@bp.get("/interviews/groups")
@hr
def groups() -> ResponseReturnValue:
    figures, names = queries.group_figures(viewer()), queries.driver_names()
    return render_template("interviews/groups.html", figures=figures, names=names, words=words)


@bp.get("/interviews/new")
@members
def new_interview() -> ResponseReturnValue:
    return _new("interview")


@bp.post("/interviews")
@members
def note_interview() -> ResponseReturnValue:
    return _note("interview")


@bp.get("/observations/new")
@managers
def new_observation() -> ResponseReturnValue:
    return _new("observation")


@bp.post("/observations")
@managers
def note_observation() -> ResponseReturnValue:
    return _note("observation")


@bp.get("/interviews/<int:id>")
@members
def encounter(id: int) -> ResponseReturnValue:
    return page.encounter_page(_seen(id))


@bp.get("/interviews/<int:id>/correction")
@members
def correcting(id: int) -> ResponseReturnValue:
    found = _written_by_viewer(id)
    if not may_change(found.written_at, found.taken_back_at, clock.now()):
        raise Conflict(_("It can be put right for 72 hours, while it is not taken back. After that, note a new one."))
    questions = page.questions_of(found)
    return page.form_page(found.kind, questions, page.entry_form(found.kind, questions, of=found), of=found)


@bp.post("/interviews/<int:id>/correction")
@members
def correct(id: int) -> ResponseReturnValue:
    found = _written_by_viewer(id)
    questions = page.questions_of(found)
    form = page.entry_form(found.kind, questions, of=found)
    if not page.is_valid(form, found.kind, questions):
        return page.form_page(found.kind, questions, form, of=found), 422
    is_different = actions.correct(found, form.given(), reason=form.reason.data, at=clock.now())
    notice(_("It is put right. What stood there before is kept.") if is_different else _("Nothing was different."))
    return redirect(url_for(".encounter", id=id), 303)


@bp.post("/interviews/<int:id>/withdrawal")
@members
def take_back(id: int) -> ResponseReturnValue:
    found, form = _written_by_viewer(id), TakeBackForm()
    if not form.validate():
        return page.encounter_page(found, take_back=form), 422
    actions.take_back(found, reason=form.reason.data, at=clock.now())
    notice(_("You took it back. Nobody reads it any more."))
    return redirect(url_for(".encounter", id=id), 303)


@bp.post("/interviews/<int:id>/reply")
@members
def reply(id: int) -> ResponseReturnValue:
    found, form = _seen(id), ReplyForm()
    if found.person_id != viewer().person_id:
        raise Refused(_("This is for the person it is about."))
    if not form.validate():
        return page.encounter_page(found, reply=form), 422
    actions.reply(found, text=form.text.data, at=clock.now())
    notice(_("Your view stands beside it now."))
    return redirect(url_for(".encounter", id=id), 303)


def _new(kind: str) -> ResponseReturnValue:
    choice = page.choose_form(kind)
    questions = page.questions_after(choice)
    if questions is None:
        return page.choose_page(kind, choice), 422 if choice.errors else 200
    return page.form_page(kind, questions, page.entry_form(kind, questions))


def _note(kind: str) -> ResponseReturnValue:
    questions = page.questions_asked(kind)
    form = page.entry_form(kind, questions)
    if not page.is_valid(form, kind, questions):
        return page.form_page(kind, questions, form), 422
    asked = questions.asked(kind, form.key.data)
    noted, is_new = actions.note(asked, form.given(), by=viewer().person_id, at=clock.now())
    notice(_("Saved.") if is_new else _("This had been saved already; here it is."))
    return redirect(url_for(".encounter", id=noted.id), 303)


def _seen(id: int) -> Encounter:
    found: Encounter = find_or_404(queries.whole(encounters_seen_by(viewer())), id)
    return found


def _written_by_viewer(id: int) -> Encounter:
    found = _seen(id)
    if found.by_id != viewer().person_id:
        raise Refused(_("This is for whoever noted it."))
    return found
