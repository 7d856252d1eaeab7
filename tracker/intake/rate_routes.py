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
from tracker.core.pages import notice
from tracker.intake import actions
from tracker.intake.blueprint import bp
from tracker.intake.forms import RateForm
from tracker.intake.queries import Visit, visit_behind
from tracker.ratings.queries import drivers_asked

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
        form = RateForm.of(link.rating, drivers=drivers_asked(visit.stage))
        return render_template(RATE, visit=visit, form=form, token=token, changing=True, is_today=False)
    return _over(visit, "thanks", token=token, can_change=actions.can_change(link, at=clock.now()))


@bp.post("/rate/<token>")
@customers
def answer(token: str) -> ResponseReturnValue:
    visit = _visit(token)
    if visit is None:
        return _unknown()
    if visit.link.answered_at is not None or visit.link.expires_at <= clock.now():
        return redirect(url_for(".rate", token=token), 303)
    form = RateForm(drivers=drivers_asked(visit.stage))
    if not form.validate():
        return _question(visit, token, form), 422
    try:
        kept = actions.answer_link(visit.link, **form.given(), at=clock.now())
        if kept.source != actions.SOURCE:
            notice(_("This visit had been rated already. The first answer is kept, and you see it here."))
    except Conflict:
        db.session.rollback()  # somebody else with this link was quicker; both see the thanks
    return redirect(url_for(".rate", token=token), 303)


@bp.post("/rate/<token>/change")
@customers
def change_answer(token: str) -> ResponseReturnValue:
    visit = _visit(token)
    if visit is None:
        return _unknown()
    form = RateForm(drivers=drivers_asked(visit.stage))
    if not form.validate():
        return render_template(RATE, visit=visit, form=form, token=token, changing=True, is_today=False), 422
    actions.change_answer(visit.link, **form.given(), at=clock.now())
    notice(_("Your answer is changed."))
    return redirect(url_for(".rate", token=token), 303)


@bp.post("/rate/<token>/erasure")
@customers
def take_answer_back(token: str) -> ResponseReturnValue:
    visit = _visit(token)
    if visit is None:
        return _unknown()
    actions.take_answer_back(visit.link, at=clock.now())
    return redirect(url_for(".rate", token=token), 303)


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


def _question(visit: Visit, token: str, form: RateForm | None = None) -> str:
    form = form or RateForm(drivers=drivers_asked(visit.stage))
    days = [clock.local_day(moment, visit.time_zone) for moment in (visit.ended_at, clock.now())]
    return render_template(RATE, visit=visit, form=form, token=token, changing=False, is_today=days[0] == days[1])


def _over(visit: Visit, state: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    return render_template("intake/rate_over.html", visit=visit, state=state, **values), status
