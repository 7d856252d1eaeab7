"""Texts for answers, as whoever keeps them sees them."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.errors import Refused
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.organisation.queries import team_choices
from tracker.recovery import queries
from tracker.recovery.forms import ReplyForm
from tracker.recovery.models import ReplyTemplate
from tracker.recovery.policy import keeps_for_all, replies_kept_by
from tracker.recovery.reply_actions import change_reply, remove_reply, write_reply

bp = Blueprint("replies", __name__, url_prefix="/complaints/replies")


@bp.get("")
@members
def replies() -> ResponseReturnValue:
    _refuse_others()
    page = page_of(queries.replies_listed(replies_kept_by(viewer())))
    return render_template("recovery/replies.html", page=page, language_names=PUBLIC_LANGUAGES)


@bp.get("/new")
@members
def new_reply() -> ResponseReturnValue:
    _refuse_others()
    return _page(_form(formdata=None))


@bp.post("")
@members
def add_reply() -> ResponseReturnValue:
    _refuse_others()
    form = _form()
    if not form.validate():
        return _page(form), 422
    write_reply(form.values(), by=viewer().person_id, at=clock.now())
    return _back(_("Saved. It is offered wherever an answer is written."))


@bp.get("/<int:id>")
@members
def edit_reply(id: int) -> ResponseReturnValue:
    reply = _kept(id)
    given = {"title": reply.title, "language": reply.language, "text": reply.text, "team": reply.team_id}
    return _page(_form(formdata=None, data=given), reply)


@bp.post("/<int:id>")
@members
def save_reply(id: int) -> ResponseReturnValue:
    reply, form = _kept(id), _form()
    if not form.validate():
        return _page(form, reply), 422
    change_reply(reply, form.values(), by=viewer().person_id, at=clock.now())
    return _back(_("Saved. Answers that were given stay as they are."))


@bp.post("/<int:id>/removal")
@members
def remove(id: int) -> ResponseReturnValue:
    remove_reply(_kept(id), by=viewer().person_id, at=clock.now())
    return _back(_("Taken off the list."))


def _kept(id: int) -> ReplyTemplate:
    found: ReplyTemplate = find_or_404(replies_kept_by(viewer()), id)
    return found


def _refuse_others() -> None:
    if not viewer().manages and not keeps_for_all(viewer()):
        raise Refused(_("Texts for answers are kept by who leads a team, and by HR."))


def _form(**given: object) -> ReplyForm:
    for_all = keeps_for_all(viewer())
    return ReplyForm(teams=team_choices() if for_all else queries.teams_led(viewer()), for_all=for_all, **given)


def _page(form: ReplyForm, reply: ReplyTemplate | None = None) -> str:
    return render_template("recovery/reply.html", form=form, reply=reply)


def _back(words: str) -> ResponseReturnValue:
    notice(words)
    return redirect(url_for(".replies"), 303)
