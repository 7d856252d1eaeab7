"""Does coaching help? For HR, in groups. And how many talks a week leaders can hold."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.coaching.effect_company import company_shown
from tracker.coaching.turn_forms import TurnsForm
from tracker.coaching.turns import may_set_turns, set_capacity, the_capacity, waiting_count
from tracker.core import clock
from tracker.core.audience import Blueprint, hr, office, viewer
from tracker.core.errors import Refused
from tracker.core.pages import notice

bp = Blueprint("coaching_effect", __name__, url_prefix="/coaching")


@bp.get("/effect")
@hr
def effect() -> ResponseReturnValue:
    return render_template("coaching/effect.html", found=company_shown(viewer()), capacity=the_capacity())


@bp.get("/turns")
@office
def turns() -> ResponseReturnValue:
    capacity = the_capacity()
    return _turns_page(TurnsForm(formdata=None, talks_a_week=capacity.talks_a_week, longest_wait=capacity.longest_wait))


@bp.post("/turns")
@office
def save_turns() -> ResponseReturnValue:
    if not may_set_turns(viewer()):
        raise Refused(_("This is for HR and admins."))
    form = TurnsForm()
    if not form.validate():
        return _turns_page(form), 422
    set_capacity(
        talks_a_week=form.talks_a_week.data,
        longest_wait=form.longest_wait.data,
        by=viewer().person_id,
        at=clock.now(),
    )
    notice(_("Saved. It holds from the next weekly check on."))
    return redirect(url_for(".turns"), 303)


def _turns_page(form: TurnsForm) -> str:
    return render_template(
        "coaching/turns.html", form=form, capacity=the_capacity(), waiting=waiting_count(viewer().at)
    )
