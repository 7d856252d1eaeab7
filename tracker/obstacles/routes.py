"""Saying what stood in the way of a rating; the board of everything that does, and the page of one."""

from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock, sheets
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import Invalid, Refused
from tracker.core.pages import notice
from tracker.obstacles import actions, exports, queries, sentences
from tracker.obstacles.forms import ObstacleForm
from tracker.obstacles.page import cause_page, form_for, is_in, rating_page
from tracker.obstacles.policy import (
    causes_answered_by,
    causes_edited_by,
    causes_given_by,
    causes_seen_by,
    ratings_named_by,
    reads_summary,
)
from tracker.organisation.models import Team
from tracker.organisation.policy import teams_seen_by
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause
from tracker.ratings.obstacles import cause_choices
from tracker.ratings.policy import ratings_seen_by

bp = Blueprint("obstacles", __name__)


@bp.get("/ratings/<int:id>/obstacle")
@members
def about_rating(id: int) -> ResponseReturnValue:
    rating = _rating(id)
    return rating_page(rating, is_own=rating.person_id == viewer().person_id)


@bp.post("/ratings/<int:id>/obstacle")
@members
def say(id: int) -> ResponseReturnValue:
    rating, form = _own_rating(id), ObstacleForm(known=cause_choices())
    if not form.validate():
        return rating_page(rating, is_own=True, form=form), 422
    actions.say(rating, form.named(), words=form.words.data, shares=form.shares.data, at=clock.now())
    notice(_("Saved. When somebody answers for it, you hear it in your inbox."))
    return redirect(url_for(".about_rating", id=id), 303)


@bp.post("/ratings/<int:id>/obstacle/withdrawal")
@members
def withdraw(id: int) -> ResponseReturnValue:
    actions.withdraw(_own_rating(id), at=clock.now())
    notice(_("Taken back. Nothing of it is kept."))
    return redirect(url_for(".about_rating", id=id), 303)


@bp.get("/obstacles")
@members
def board() -> ResponseReturnValue:
    return render_template(
        "obstacles/board.html",
        board=queries.board(viewer()),
        waiting=queries.waiting_rows(viewer()) if viewer().manages else [],
        with_people=reads_summary(viewer()),
        words=sentences,
    )


@bp.get("/obstacles/<int:id>")
@members
def cause(id: int) -> ResponseReturnValue:
    found = _seen(id)
    if found.merged_into_id is not None:
        return redirect(url_for(".cause", id=found.merged_into_id))
    return cause_page(found)


@bp.post("/obstacles/<int:id>/owner")
@members
def give(id: int) -> ResponseReturnValue:
    found, form = _acting_on(id, "give", causes_given_by(viewer()))
    if not form.validate():
        return cause_page(found, give=form), 422
    team: Team = db.session.scalars(teams_seen_by(viewer()).where(Team.id == form.team.data)).one()
    actions.give(found, team, due_on=form.due_on.data, by=viewer().person_id, at=clock.now())
    return _back(id, _("%(team)s is asked, and whoever leads it is told.", team=team.name))


@bp.post("/obstacles/<int:id>/answers")
@members
def answer(id: int) -> ResponseReturnValue:
    found, form = _acting_on(id, "answer", causes_answered_by(viewer()))
    if not form.validate():
        return cause_page(found, answer=form), 422
    actions.answer(
        found,
        kind=form.kind.data,
        words=form.words.data,
        change_on=form.day(),
        by=viewer().person_id,
        at=clock.now(),
    )
    return _back(id, _("Answered. Everybody who named it hears it in their inbox."))


@bp.post("/obstacles/<int:id>/name")
@members
def rename(id: int) -> ResponseReturnValue:
    found, form = _acting_on(id, "rename", causes_edited_by(viewer()))
    if not form.validate():
        return cause_page(found, rename=form), 422
    actions.rename(found, form.name.data, by=viewer().person_id, at=clock.now())
    return _back(id, _("Renamed. What was said about it stays."))


@bp.post("/obstacles/<int:id>/merger")
@members
def merge(id: int) -> ResponseReturnValue:
    found, form = _acting_on(id, "merge", causes_edited_by(viewer()))
    if not form.validate():
        return cause_page(found, merge=form), 422
    into = find_or_404(causes_edited_by(viewer()), form.into.data)
    actions.merge(found, into, by=viewer().person_id, at=clock.now())
    return _back(into.id, _("They are one now. What was named keeps the name it was given."))


@bp.post("/obstacles/exports")
@members
def export() -> ResponseReturnValue:
    """The board as a file. A POST, since the audit remembers it."""
    if not reads_summary(viewer()):
        raise Refused(_("This is for who leads a team, and for HR."))
    kind = request.form.get("file", "")
    if kind not in sheets.MEDIA_TYPES:
        raise Invalid(_("Choose an Excel file or a CSV file."))
    rows = exports.lines(queries.board(viewer()))
    file, count = sheets.as_file(kind, _("What stands in the way"), exports.headings(), rows)
    actions.note_export(kind=kind, rows=count, by=viewer().person_id, at=clock.now())
    name = f"obstacles-{viewer().today}.{kind}"
    return send_file(file, mimetype=sheets.MEDIA_TYPES[kind], as_attachment=True, download_name=name)


def _rating(id: int) -> Rating:
    found: Rating = find_or_404(queries.with_details(ratings_seen_by(viewer())), id)
    return found


def _own_rating(id: int) -> Rating:
    """The rating, for whoever it is credited to. Who may only read it gets 403."""
    rating = _rating(id)
    if db.session.scalar(ratings_named_by(viewer()).where(Rating.id == id).with_only_columns(Rating.id)) is None:
        raise Refused(_("This is for the person whom the rating is credited to."))
    return rating


def _seen(id: int) -> Cause:
    found: Cause = find_or_404(queries.with_owner(causes_seen_by(viewer())), id)
    return found


def _acting_on(id: int, name: str, scope: Any) -> tuple[Cause, Any]:
    """What the viewer acts on, with the form that was sent. Everybody may read it; who may not act gets 403."""
    found = _seen(id)
    if not is_in(scope, found):
        raise Refused(_("This is for whoever answers for it, and for HR."))
    return found, form_for(name, found)


def _back(id: int, words: str) -> ResponseReturnValue:
    notice(words)
    return redirect(url_for(".cause", id=id), 303)
