"""The wall, giving thanks, telling stories, and what each on it may do about an entry."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, NotYet, Refused
from tracker.core.pages import notice
from tracker.recognition import actions, page, queries
from tracker.recognition.forms import ReasonForm
from tracker.recognition.models import Thanks
from tracker.recognition.policy import thanks_hidden_by, thanks_seen_by

bp = Blueprint("recognition", __name__)


@bp.get("/thanks")
@members
def wall() -> ResponseReturnValue:
    return page.wall_page()


@bp.get("/thanks/stories")
@members
def stories() -> ResponseReturnValue:
    return page.wall_page("story")


@bp.get("/thanks/mine")
@members
def own() -> ResponseReturnValue:
    return page.own_page()


@bp.get("/thanks/new")
@members
def new_kudos() -> ResponseReturnValue:
    people = page.chosen("kudos")
    form = page.people_form("kudos", people, about=None)
    if not page.is_chosen(form, "kudos", people):
        return page.choose_page("kudos", form, about=None), 422 if form.errors else 200
    return page.write_page("kudos", page.kudos_form(people), people)


@bp.post("/thanks")
@members
def give() -> ResponseReturnValue:
    people = page.chosen("kudos")
    form = page.kudos_form(people)
    if not people:
        return redirect(url_for(".new_kudos", step="write"), 303)
    if not form.validate():
        return page.write_page("kudos", form, people), 422
    try:
        thanks, is_new = actions.give(page.said(form), people, by=viewer().person_id, at=clock.now())
    except NotYet as wait:
        form.text.errors = [wait.sentence]
        return page.write_page("kudos", form, people), 422
    notice(
        _("Thank you for saying thank you. They are told.") if is_new else _("This was sent already; here it is."),
        kind="warm",
    )
    return redirect(url_for(".thanks", id=thanks.id), 303)


@bp.get("/thanks/stories/new")
@members
def new_story() -> ResponseReturnValue:
    people, about = page.chosen("story"), page.asked_about()
    form = page.people_form("story", people, about=about)
    if not page.is_chosen(form, "story", people):
        return page.choose_page("story", form, about=about), 422 if form.errors else 200
    people = page.with_those_on(people, about)
    return page.write_page("story", page.story_form(people), people, about=about)


@bp.post("/thanks/stories")
@members
def tell_story() -> ResponseReturnValue:
    about = page.asked_about()
    people = page.with_those_on(page.chosen("story"), about)
    form = page.story_form(people)
    if not form.validate():
        return page.write_page("story", form, people, about=about), 422
    try:
        story, _is_new = actions.tell_story(page.said(form, about=about), people, by=viewer().person_id, at=clock.now())
    except NotYet as wait:
        form.text.errors = [wait.sentence]
        return page.write_page("story", form, people, about=about), 422
    notice(_("It is kept. Everybody in it is asked first.") if people else _("Your story is on the wall."), kind="warm")
    return redirect(url_for(".thanks", id=story.id), 303)


@bp.post("/thanks/wall/absence")
@members
def leave_wall() -> ResponseReturnValue:
    actions.leave_the_wall(by=viewer().person_id, at=clock.now())
    notice(_("The wall no longer shows anything with you on it. What people say to you still reaches you."))
    return redirect(url_for(".wall"), 303)


@bp.post("/thanks/wall/return")
@members
def return_to_wall() -> ResponseReturnValue:
    actions.come_back_to_the_wall(by=viewer().person_id, at=clock.now())
    notice(_("You stand on the wall again, but for what you keep to yourself."))
    return redirect(url_for(".wall"), 303)


@bp.get("/thanks/<int:id>")
@members
def thanks(id: int) -> ResponseReturnValue:
    return page.thanks_page(_seen(id))


@bp.get("/thanks/<int:id>/words")
@members
def story_words(id: int) -> ResponseReturnValue:
    story = _told(id)
    if not actions.can_be_reworded(story):
        return redirect(url_for(".thanks", id=id))
    return page.reword_page(story, page.reword_form(story))


@bp.post("/thanks/<int:id>/words")
@members
def reword(id: int) -> ResponseReturnValue:
    story = _told(id)
    form = page.reword_form(story)
    if not form.validate():
        return page.reword_page(story, form), 422
    try:
        actions.reword(story, page.said(form), at=clock.now())
    except Conflict as late:
        form.text.errors = [late.sentence]
        return page.reword_page(story, form), late.status
    notice(_("It is saved. Whoever has not said yes or no is asked again."), kind="warm")
    return redirect(url_for(".thanks", id=id), 303)


@bp.post("/thanks/<int:id>/keeping")
@members
def keep(id: int) -> ResponseReturnValue:
    found = _on_it(id)
    actions.keep(found, by=viewer().person_id, at=clock.now())
    notice(
        _("It stays off the wall, and nobody is told your reason.")
        if found.kind == "story"
        else _("It is yours alone now.")
    )
    return redirect(url_for(".thanks", id=id), 303)


@bp.post("/thanks/<int:id>/sharing")
@members
def share(id: int) -> ResponseReturnValue:
    actions.agree(_on_it(id), by=viewer().person_id, at=clock.now(), read=request.form.get("read"))
    notice(_("Thank you. The wall may show it."))
    return redirect(url_for(".thanks", id=id), 303)


@bp.post("/thanks/<int:id>/withdrawal")
@members
def take_back(id: int) -> ResponseReturnValue:
    found = _seen(id)
    if found.by_id != viewer().person_id:
        raise Refused(_("This is for whoever said it."))
    actions.take_back(found, at=clock.now())
    notice(_("You took it back. Nobody else reads it."))
    return redirect(url_for(".thanks", id=id), 303)


@bp.post("/thanks/<int:id>/hiding")
@members
def hide(id: int) -> ResponseReturnValue:
    found, form = _led(id), ReasonForm()
    if not form.validate():
        return page.thanks_page(found, hiding=form), 422
    actions.take_off_the_wall(found, by=viewer().person_id, reason=form.reason.data, at=clock.now())
    notice(_("It is off the wall. Whoever is on it is told, and reads your reason."))
    return redirect(url_for(".wall"), 303)


@bp.post("/thanks/<int:id>/return")
@members
def put_back(id: int) -> ResponseReturnValue:
    actions.put_back(_led(id), by=viewer().person_id, at=clock.now())
    notice(_("The wall shows it again."))
    return redirect(url_for(".thanks", id=id), 303)


def _seen(id: int) -> Thanks:
    found: Thanks = find_or_404(queries.whole(thanks_seen_by(viewer())), id)
    return found


def _told(id: int) -> Thanks:
    """A story that the viewer tells."""
    found = _seen(id)
    if found.kind != "story" or found.by_id != viewer().person_id:
        raise Refused(_("This is for whoever tells the story."))
    return found


def _on_it(id: int) -> Thanks:
    found = _seen(id)
    if viewer().person_id not in {one.person_id for one in found.people}:
        raise Refused(_("This is for whoever is on it."))
    return found


def _led(id: int) -> Thanks:
    """One that the viewer may take off the wall: not one's own, and not one that the viewer is on."""
    found = _seen(id)
    own = {found.by_id, *(one.person_id for one in found.people)}
    allowed = thanks_hidden_by(viewer()).where(Thanks.id == id).with_only_columns(Thanks.id)
    if viewer().person_id in own or db.session.scalar(allowed) is None:
        raise Refused(_("This is for who leads the team."))
    return found
