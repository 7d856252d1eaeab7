"""The customer says, from the link of the first answer, whether a complaint was put right."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import customers
from tracker.core.language import asked_language
from tracker.core.pages import notice
from tracker.intake.blueprint import bp
from tracker.intake.complaint_view import RecoveryForm
from tracker.intake.rate_routes import thanks
from tracker.intake.visits import unknown, visit_of
from tracker.recovery.queries import case_of_rating
from tracker.recovery.surveys import answer_survey


@bp.post("/rate/<token>/recovery")
@customers
def answer_recovery(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    case = case_of_rating(visit.link.rating.id) if visit is not None and visit.link.rating is not None else None
    if visit is None or case is None:
        return unknown()
    form = RecoveryForm()
    if not form.validate():
        return thanks(visit, token, recovery_form=form, status=422)
    answer_survey(
        case, solved=form.solved.data, stars=int(form.stars.data), comment=form.comment.data or None, at=clock.now()
    )
    notice(_("Thank you for telling us."))
    return redirect(url_for(".rate", token=token, language=asked_language()), 303)
