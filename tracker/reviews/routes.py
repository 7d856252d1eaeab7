"""Public reviews: the list of who leads or HR, the tray, one's own, one review, and what is done about it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, office, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.organisation.models import Team
from tracker.reviews import actions, queries
from tracker.reviews import sentences as words
from tracker.reviews.forms import NotNeededForm
from tracker.reviews.models import Review
from tracker.reviews.page import answer_form, name_form, person_named, review_page, team_form
from tracker.reviews.policy import reads_all, reviews_answered_by, reviews_given_by, reviews_seen_by

bp = Blueprint("reviews", __name__, url_prefix="/reviews")


@bp.get("")
@members
def reviews() -> ResponseReturnValue:
    """Of the teams led, for HR of all teams; what is due soonest first."""
    if not viewer().manages and not reads_all(viewer()):
        raise Refused(
            _("Public reviews are for who leads a team and for HR. Those that name you are on their own page.")
        )
    asked = request.args.get("state")
    state = asked if asked in queries.STATES else None
    page = page_of(queries.listed(viewer(), state))
    return render_template(
        "reviews/reviews.html",
        page=page,
        state=state,
        states=queries.STATES,
        summary=queries.summary(viewer()),
        hours=queries.hours_of(page.rows, viewer().at),
        words=words,
    )


@bp.get("/tray")
@office
def tray() -> ResponseReturnValue:
    return render_template("reviews/tray.html", page=page_of(queries.tray(viewer())), hours={}, words=words)


@bp.get("/naming-me")
@members
def own() -> ResponseReturnValue:
    page = page_of(queries.own(viewer()))
    return render_template("reviews/own.html", page=page, words=words)


@bp.get("/<int:id>")
@members
def review(id: int) -> ResponseReturnValue:
    """`?reply=` begins the answer with one of the texts for answers."""
    return review_page(_seen(id), reply=request.args.get("reply", ""))


@bp.post("/<int:id>/answer")
@members
def answer(id: int) -> ResponseReturnValue:
    found = _answered(id)
    form = answer_form(found)
    if not form.validate():
        return review_page(found, answer=form), 422
    try:
        actions.note_answer(
            found,
            words=form.words.data,
            said_by=form.said_by.data,
            said_at=form.said_at(),
            link=form.link.data or None,
            seen=form.seen_count,
            by=viewer().person_id,
            at=clock.now(),
        )
    except Conflict as error:
        return _too_late(id, error, answer=form)
    notice(_("Noted. The clock of this review has stopped."))
    return redirect(url_for(".review", id=id), 303)


@bp.post("/<int:id>/no-answer")
@members
def need_no_answer(id: int) -> ResponseReturnValue:
    found, form = _answered(id), NotNeededForm()
    if not form.validate():
        return review_page(found, not_needed=form), 422
    given = {"reason": form.reason.data, "seen": form.seen_count}
    try:
        actions.need_no_answer(found, **given, by=viewer().person_id, at=clock.now())
    except Conflict as error:
        return _too_late(id, error, not_needed=form)
    notice(_("Noted with your reason."))
    return redirect(url_for(".review", id=id), 303)


@bp.post("/<int:id>/person")
@members
def name_person(id: int) -> ResponseReturnValue:
    found = _answered(id)
    form = name_form(found)
    person = person_named(form) if form.validate() else None
    if form.errors:
        return review_page(found, naming=form), 422
    actions.name_person(found, person, by=viewer().person_id, at=clock.now())
    notice(_("Saved. %(name)s is told.", name=person.first_name) if person else _("Saved: it names nobody."))
    return redirect(url_for(".review", id=id), 303)


@bp.post("/<int:id>/team")
@office
def give_to_team(id: int) -> ResponseReturnValue:
    found = _seen(id)
    if db.session.scalar(reviews_given_by(viewer()).where(Review.id == id)) is None:
        raise Refused(_("This review has been answered, so it stays with its team."))
    form = team_form(found)
    if not form.validate():
        return review_page(found, team=form), 422
    team = db.session.get_one(Team, form.team.data)
    actions.give_to_team(found, team, by=viewer().person_id, at=clock.now())
    notice(_("%(team)s has it now, and who leads the team is told.", team=team.name))
    return redirect(url_for(".tray"), 303)


def _seen(id: int) -> Review:
    found: Review = find_or_404(queries.whole(reviews_seen_by(viewer())), id)
    return found


def _answered(id: int) -> Review:
    """For who may answer; a reader may not."""
    found = _seen(id)
    if db.session.scalar(reviews_answered_by(viewer()).where(Review.id == id)) is None:
        raise Refused(_("Who leads the team answers, or HR."))
    return found


def _too_late(id: int, error: Conflict, **forms: Any) -> ResponseReturnValue:
    """The page as it is by now, with what somebody else did and with the words that were about to be saved."""
    db.session.rollback()
    db.session.expire_all()
    return review_page(_seen(id), problem=error.sentence, **forms), error.status
