"""The customer's own page. The token in the address is the permission; reading never votes, and of many posts one does."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access.actions import count_failure
from tracker.access.queries import blocked_until
from tracker.access.rules import keyed_hash
from tracker.core import clock
from tracker.core.audience import checked_elsewhere, customers, viewer_or_none
from tracker.core.db import db
from tracker.core.errors import Conflict, Refused
from tracker.core.language import PUBLIC_LANGUAGES, asked_language
from tracker.core.pages import notice
from tracker.intake import actions
from tracker.intake.blueprint import bp
from tracker.intake.queries import Visit, visit_behind
from tracker.intake.rate_forms import RateForm
from tracker.ratings import survey_words
from tracker.ratings.models import Rating
from tracker.ratings.queries import survey_of, version_asked
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import Survey

FREE_GUESSES = 20  # a whole shop may share one address
RATE = "intake/rate.html"


@bp.get("/rate/<token>")
@customers
def rate(token: str) -> ResponseReturnValue:
    """The question, or what became of the answer. `?change=1` shows the answer to be changed."""
    visit = _visit(token)
    if visit is None:
        return _unknown()
    link = visit.link
    if link.answered_at is None:
        return _question(visit, token) if link.expires_at > clock.now() else _over(visit, "expired", 410)
    if link.rating is None:
        return _over(visit, "taken_back")
    if "change" in request.args and actions.can_change(link, at=clock.now()):
        return _change(visit, token, RateForm.of(link.rating, *_asked_then(visit, link.rating)))
    return _over(visit, "thanks", token=token, can_change=actions.can_change(link, at=clock.now()))


@bp.post("/rate/<token>")
@customers
def answer(token: str) -> ResponseReturnValue:
    visit = _visit(token)
    if visit is None:
        return _unknown()
    if visit.link.answered_at is not None or visit.link.expires_at <= clock.now():
        return _back(token)
    version = version_asked(visit.stage, request.form.get("v", type=int))
    form = RateForm(survey_of(version, visit.stage), version.number if version else None)
    if not form.validate():
        return _question(visit, token, form), 422
    try:
        kept = actions.answer_link(
            visit.link, **form.given(), survey_version_id=version.id if version else None, at=clock.now()
        )
        if kept.source != actions.SOURCE:
            notice(_("This visit had been rated already. The first answer is kept, and you see it here."))
    except Conflict:
        db.session.rollback()  # somebody else with this link was quicker; both see the thanks
    return _back(token)


@bp.post("/rate/<token>/change")
@customers
def change_answer(token: str) -> ResponseReturnValue:
    visit = _visit(token)
    if visit is None:
        return _unknown()
    form = RateForm(*_asked_then(visit, visit.link.rating))
    if not form.validate():
        return _change(visit, token, form), 422
    actions.change_answer(visit.link, **form.given(), at=clock.now())
    notice(_("Your answer is changed."))
    return _back(token)


@bp.post("/rate/<token>/erasure")
@customers
def take_answer_back(token: str) -> ResponseReturnValue:
    visit = _visit(token)
    if visit is None:
        return _unknown()
    actions.take_answer_back(visit.link, at=clock.now())
    return _back(token)


def _visit(token: str) -> Visit | None:
    """The service behind a token. Whoever works here and is signed in on this browser is refused: customers rate."""
    checked_elsewhere()
    if _is_blocked():
        return None
    visit = visit_behind(token)
    staff = viewer_or_none()
    if visit is not None and staff is not None:
        raise Refused(
            _(
                "You’re signed in here as %(name)s, and only customers rate. Open the link where nobody is signed in.",
                name=staff.name,
            )
        )
    return visit


def _unknown() -> ResponseReturnValue:
    """The same page for every token that is not ours, also while an address is held back for guessing."""
    if request.method == "POST" and not _is_blocked():
        # Counted in a transaction of its own: it must survive the refusal. Reading never writes, so it is not counted.
        db.session.rollback()
        count_failure(_address(), at=clock.now(), free=FREE_GUESSES)
        db.session.commit()
    return render_template("intake/rate_unknown.html"), 404


def _is_blocked() -> bool:
    return blocked_until([_address()], at=clock.now()) is not None


def _address() -> str:
    return f"rate:{keyed_hash(current_app.config['SECRET_KEY'], request.remote_addr or '')}"


def _asked_then(visit: Visit, rating: Rating | None) -> tuple[Survey, int | None]:
    """The questions an answer was given to. One without a version was given to the first of its stage."""
    version: SurveyVersion | None = rating.survey if rating else None
    version = version or version_asked(visit.stage, 1)
    return survey_of(version, visit.stage), version.number if version else None


def _question(visit: Visit, token: str, form: RateForm | None = None) -> str:
    if form is None:
        version = version_asked(visit.stage, None)
        form = RateForm(survey_of(version, visit.stage), version.number if version else None)
    days = [clock.local_day(moment, visit.time_zone) for moment in (visit.ended_at, clock.now())]
    action = url_for(".answer", token=token, language=asked_language())
    return _form_page(visit, form, action=action, changing=False, is_today=days[0] == days[1])


def _change(visit: Visit, token: str, form: RateForm) -> str:
    languages = [
        (code, name, url_for(".rate", token=token, change=1, language=code)) for code, name in PUBLIC_LANGUAGES.items()
    ]
    action = url_for(".change_answer", token=token, language=asked_language())
    return _form_page(visit, form, action=action, changing=True, is_today=False, languages=languages)


def _form_page(visit: Visit, form: RateForm, **values: Any) -> str:
    return render_template(RATE, form=form, first_name=visit.person.first_name, place=visit.place, **values)


def _back(token: str) -> ResponseReturnValue:
    return redirect(url_for(".rate", token=token, language=asked_language()), 303)


def _over(visit: Visit, state: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    return render_template(
        "intake/rate_over.html", visit=visit, state=state, language_asked=asked_language(), say=survey_words, **values
    ), status
