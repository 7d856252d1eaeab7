"""Saying how a talk was; what came of it for leaders, and for HR."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.coaching import feedback_queries as queries
from tracker.coaching import feedback_sentences as words
from tracker.coaching.feedback_actions import answer
from tracker.coaching.feedback_forms import CoachFeedbackForm
from tracker.coaching.feedback_models import CoachFeedbackRequest
from tracker.coaching.feedback_policy import requests_to
from tracker.core.audience import Blueprint, find_or_404, hr, managers, members, viewer
from tracker.core.pages import notice

bp = Blueprint("coach_feedback", __name__, url_prefix="/coaching")


@bp.get("/talks/<int:id>/feedback")
@members
def asking(id: int) -> ResponseReturnValue:
    return _page(_request_to_viewer(id), CoachFeedbackForm(formdata=None))


@bp.post("/talks/<int:id>/feedback")
@members
def tell(id: int) -> ResponseReturnValue:
    asked, form = _request_to_viewer(id), CoachFeedbackForm()
    if not form.validate():
        return _page(asked, form), 422
    answer(
        asked,
        listened=int(form.listened.data),
        next_step=int(form.next_step.data),
        fair=int(form.fair.data),
        words=form.words.data or None,
    )
    notice(_("Thank you. Nobody can see who said what."))
    return redirect(url_for(".asking", id=id), 303)


@bp.get("/feedback")
@managers
def batches() -> ResponseReturnValue:
    return render_template("coaching/feedback_batches.html", batches=queries.own_batches(viewer()), words=words)


@bp.get("/quality")
@hr
def quality() -> ResponseReturnValue:
    return render_template("coaching/quality.html", quality=queries.coach_quality(viewer()), words=words)


def _request_to_viewer(id: int) -> CoachFeedbackRequest:
    found: CoachFeedbackRequest = find_or_404(queries.with_leader(requests_to(viewer())), id)
    return found


def _page(asked: CoachFeedbackRequest, form: CoachFeedbackForm) -> str:
    return render_template("coaching/feedback.html", asked=asked, form=form)
