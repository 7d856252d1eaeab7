"""Asking for a second look, being heard, answering, and the list of what is open."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, managers, members, viewer
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.disputes import actions, queries
from tracker.disputes import sentences as words
from tracker.disputes.forms import AppealForm, AskForm, DecisionForm, StatementForm
from tracker.disputes.models import Dispute
from tracker.disputes.page import dispute_page, person_meant
from tracker.disputes.policy import (
    disputes_heard_by,
    disputes_seen_by,
    ratings_asked_about_by,
    reads_summary,
    rounds_decided_by,
)
from tracker.disputes.rules import may_ask
from tracker.ratings import sentences
from tracker.ratings.models import Rating

bp = Blueprint("disputes", __name__)


@bp.get("/ratings/<int:id>/second-look")
@members
def asking(id: int) -> ResponseReturnValue:
    return _asking_page(_own_rating(id), AskForm())


@bp.post("/ratings/<int:id>/second-look")
@members
def ask(id: int) -> ResponseReturnValue:
    rating, form = _own_rating(id), AskForm()
    if may_ask(rating, clock.now()) and not form.validate():
        return _asking_page(rating, form), 422
    dispute = actions.ask(rating, kind=form.kind.data, comment=form.comment.data, at=clock.now())
    notice(_("Your question is on its way. You’ll find the answer in your inbox."))
    return redirect(url_for(".dispute", id=dispute.id), 303)


@bp.get("/second-looks")
@members
def disputes() -> ResponseReturnValue:
    return render_template(
        "disputes/disputes.html",
        mine=queries.own_disputes(viewer()),
        to_decide=queries.to_decide(viewer()),
        to_hear=queries.to_hear(viewer()) if viewer().manages else [],
        summary=queries.summary(viewer().today) if reads_summary(viewer()) else None,
        words=words,
    )


@bp.get("/second-looks/<int:id>")
@members
def dispute(id: int) -> ResponseReturnValue:
    return dispute_page(_seen(id))


@bp.post("/second-looks/<int:id>/statement")
@managers
def state(id: int) -> ResponseReturnValue:
    found, form = _seen(id), StatementForm()
    find_or_404(disputes_heard_by(viewer()), id)
    if not form.validate():
        return dispute_page(found, statement=form), 422
    actions.state(found, form.text.data, by=viewer().person_id, at=clock.now())
    notice(_("Saved. Whoever decides reads it, and %(name)s too.", name=found.person.first_name))
    return redirect(url_for(".dispute", id=id), 303)


@bp.post("/second-looks/<int:id>/answer")
@members
def answer(id: int) -> ResponseReturnValue:
    found = _seen(id)
    find_or_404(rounds_decided_by(viewer()).where(Dispute.id == id))
    form = DecisionForm(colleagues=queries.colleagues_of(found))
    if not form.validate():
        return dispute_page(found, decision=form), 422
    to = person_meant(form) if form.answer.data == "credit" else None
    if form.errors:
        return dispute_page(found, decision=form), 422
    actions.decide(
        found,
        outcome=form.outcome(),
        reason=form.reason.data,
        leave_out=form.answer.data == "leave_out",
        to=to,
        hides_words=form.hide_words.data,
        by=viewer().person_id,
        at=clock.now(),
    )
    notice(_("Answered. %(name)s is told.", name=found.person.first_name))
    return redirect(url_for(".disputes"), 303)


@bp.post("/second-looks/<int:id>/appeal")
@members
def appeal(id: int) -> ResponseReturnValue:
    found, form = _own(id), AppealForm()
    if not form.validate():
        return dispute_page(found, appeal=form), 422
    actions.appeal(found, comment=form.comment.data, at=clock.now())
    notice(_("Somebody else looks at it now. You’ll find the answer in your inbox."))
    return redirect(url_for(".dispute", id=id), 303)


@bp.post("/second-looks/<int:id>/withdrawal")
@members
def withdraw(id: int) -> ResponseReturnValue:
    actions.withdraw(_own(id), at=clock.now())
    notice(_("You took the question back. The rating is as it was."))
    return redirect(url_for(".dispute", id=id), 303)


def _own_rating(id: int) -> Rating:
    rating: Rating = find_or_404(queries.with_details(ratings_asked_about_by(viewer())), id)
    return rating


def _asking_page(rating: Rating, form: AskForm) -> str:
    known = queries.dispute_of_rating(viewer(), rating.id)
    can_ask = may_ask(rating, clock.now())
    return render_template("disputes/ask.html", rating=rating, form=form, known=known, can_ask=can_ask, say=sentences)


def _seen(id: int) -> Dispute:
    found: Dispute = find_or_404(queries.whole(disputes_seen_by(viewer())), id)
    return found


def _own(id: int) -> Dispute:
    found = _seen(id)
    if found.person_id != viewer().person_id:
        raise Refused(_("This is for the person who asked."))
    return found
