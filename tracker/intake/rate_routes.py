"""The customer's own page. The token in the address is the permission; reading never votes, and of many posts one does."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import customers
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.language import PUBLIC_LANGUAGES, asked_language, locale
from tracker.core.pages import notice
from tracker.intake import actions
from tracker.intake.blueprint import bp
from tracker.intake.complaint_view import RecoveryForm, customer_view
from tracker.intake.queries import Visit
from tracker.intake.rate_forms import FACES, RateForm
from tracker.intake.scanner_rules import is_set_aside
from tracker.intake.set_aside import put_aside
from tracker.intake.visits import evidence, page_seal, unknown, visit_of
from tracker.invitations.actions import can_decline
from tracker.ratings import survey_words
from tracker.ratings.models import Rating
from tracker.ratings.queries import survey_of, version_asked
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import Survey

RATE = "intake/rate.html"
FACES_CHOSEN = {choice.value for choice in FACES}


@bp.get("/rate/<token>")
@customers
def rate(token: str) -> ResponseReturnValue:
    """The question, or what became of the answer. `?change=1` shows the answer to be changed."""
    visit = visit_of(token)
    if visit is None:
        return unknown()
    link = visit.link
    if link.answered_at is None:
        return _question(visit, token) if link.expires_at > clock.now() else _over(visit, "expired", 410)
    if link.rating is None:
        return _over(visit, "taken_back")
    if "change" in request.args and actions.can_change(link, at=clock.now()):
        return _change(visit, token, RateForm.of(link.rating, *_asked_then(visit, link.rating)))
    return thanks(visit, token)


@bp.post("/rate/<token>")
@customers
def answer(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    if visit is None:
        return unknown()
    if visit.link.answered_at is not None or visit.link.expires_at <= clock.now():
        return _back(token)
    version = version_asked(visit.stage, request.form.get("v", type=int))
    form = RateForm(survey_of(version, visit.stage), version.number if version else None)
    if not form.validate():
        return _question(visit, token, form), 422
    given = {**form.given(), "survey_version_id": version.id if version else None}
    if visit.mailed_at is not None:
        seen = evidence(visit, visit.mailed_at, at=clock.now())
        if is_set_aside(seen):
            put_aside(visit.link, given, seen, at=clock.now())
            return _question(visit, token, form, is_unsure=True)
    try:
        kept = actions.answer_link(
            visit.link, **given, contact=form.contact(), language=locale().language, at=clock.now()
        )
        if kept.source != actions.SOURCE:
            notice(_("This visit had been rated already. The first answer is kept, and you see it here."))
    except Conflict:
        db.session.rollback()  # somebody else with this link was quicker; both see the thanks
    return _back(token)


@bp.post("/rate/<token>/change")
@customers
def change_answer(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    if visit is None:
        return unknown()
    form = RateForm(*_asked_then(visit, visit.link.rating))
    if not form.validate():
        return _change(visit, token, form), 422
    actions.change_answer(
        visit.link, **form.given(), contact=form.contact(), language=locale().language, at=clock.now()
    )
    notice(_("Your answer is changed."))
    return _back(token)


@bp.post("/rate/<token>/erasure")
@customers
def take_answer_back(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    if visit is None:
        return unknown()
    actions.take_answer_back(visit.link, at=clock.now())
    return _back(token)


def _asked_then(visit: Visit, rating: Rating | None) -> tuple[Survey, int | None]:
    """The questions an answer was given to. One without a version was given to the first of its stage."""
    version: SurveyVersion | None = rating.survey if rating else None
    version = version or version_asked(visit.stage, 1)
    return survey_of(version, visit.stage), version.number if version else None


def _question(visit: Visit, token: str, form: RateForm | None = None, *, is_unsure: bool = False) -> str:
    if form is None:
        version = version_asked(visit.stage, None)
        form = RateForm(survey_of(version, visit.stage), version.number if version else None)
        # A star of the mail is a face already chosen; nothing is sent before the button is pressed.
        form.stars.data = request.args.get("r") if request.args.get("r") in FACES_CHOSEN else None
    if visit.mailed_at is not None:
        form.opened.data = page_seal(visit, at=clock.now())
    days = [clock.local_day(moment, visit.time_zone) for moment in (visit.ended_at, clock.now())]
    action = url_for(".answer", token=token, language=asked_language())
    return _form_page(visit, form, action=action, changing=False, is_today=days[0] == days[1], is_unsure=is_unsure)


def _change(visit: Visit, token: str, form: RateForm) -> str:
    languages = [
        (code, name, url_for(".rate", token=token, change=1, language=code)) for code, name in PUBLIC_LANGUAGES.items()
    ]
    action = url_for(".change_answer", token=token, language=asked_language())
    return _form_page(visit, form, action=action, changing=True, is_today=False, is_unsure=False, languages=languages)


def _form_page(visit: Visit, form: RateForm, **values: Any) -> str:
    return render_template(RATE, form=form, first_name=visit.person.first_name, place=visit.place, **values)


def _back(token: str) -> ResponseReturnValue:
    return redirect(url_for(".rate", token=token, language=asked_language()), 303)


def thanks(
    visit: Visit, token: str, *, recovery_form: RecoveryForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """What became of the answer, and of the complaint where it was one."""
    complaint = customer_view(visit.link.rating, visit.time_zone, recovery_form)
    can_change = actions.can_change(visit.link, at=clock.now())
    return _over(visit, "thanks", status, token=token, can_change=can_change, complaint=complaint)


def _over(visit: Visit, state: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    return render_template(
        "intake/rate_over.html",
        visit=visit,
        state=state,
        language_asked=asked_language(),
        say=survey_words,
        can_decline=state == "thanks" and can_decline(visit.link.interaction),
        **values,
    ), status
