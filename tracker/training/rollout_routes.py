"""Rolling a course out in waves: the list, the plan and its draw, the order, the end. For HR."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, hr, viewer
from tracker.core.pages import notice
from tracker.courses.policy import courses_read_by
from tracker.organisation.queries import team_tree
from tracker.training import rollout_actions, rollout_page, rollout_queries
from tracker.training.blueprint import bp
from tracker.training.rollout_form import EndForm, RolloutForm, mark_of
from tracker.training.rollout_models import TrainingRollout
from tracker.training.rollout_policy import rollouts_managed_by
from tracker.training.rollout_rules import PERIOD_WEEKS, new_seed

WAVES, DAYS = 6, 21


@bp.get("/rollouts")
@hr
def rollouts() -> ResponseReturnValue:
    return render_template("training/rollouts.html", rows=rollout_queries.rollouts_shown(viewer()))


@bp.get("/rollouts/new")
@hr
def new_rollout() -> ResponseReturnValue:
    """`?course=` begins the form."""
    ahead = timedelta(days=7 - viewer().today.weekday())
    begun = {"course": request.args.get("course", type=int), "first_on": viewer().today + ahead}
    begun |= {"waves": WAVES, "weeks_apart": PERIOD_WEEKS, "days": DAYS}
    return _form_page(_form(formdata=None, data=begun))


@bp.post("/rollouts")
@hr
def draw_rollout() -> ResponseReturnValue:
    """First the plan is shown, then it is drawn: what was changed meanwhile is shown again."""
    form = _form()
    if not form.validate():
        return _form_page(form), 422
    if not form.is_confirmed():
        return _form_page(form, plan=rollout_page.plan_shown(form.plan()), mark=mark_of(form.plan()))
    rollout = rollout_actions.begin_rollout(
        form.plan(), seed=new_seed(), by=viewer().person_id, at=clock.now(), today=viewer().today
    )
    notice(_("The order is drawn, and who leads each team has been told."))
    return redirect(url_for(".rollout", id=rollout.id), 303)


@bp.get("/rollouts/<int:id>")
@hr
def rollout(id: int) -> ResponseReturnValue:
    return _rollout_page(find_or_404(rollouts_managed_by(viewer()), id), EndForm(formdata=None))


@bp.post("/rollouts/<int:id>/end")
@hr
def end_rollout(id: int) -> ResponseReturnValue:
    found: TrainingRollout = find_or_404(rollouts_managed_by(viewer()), id)
    form = EndForm()
    if not form.validate():
        return _rollout_page(found, form), 422
    rollout_actions.end_rollout(found, form.reason.data, by=viewer().person_id, at=clock.now(), today=viewer().today)
    notice(_("Ended. What it has assigned stays."))
    return redirect(url_for(".rollouts"), 303)


def _form(**kwargs: Any) -> RolloutForm:
    return RolloutForm(
        courses=rollout_page.courses_to_roll_out(courses_read_by(viewer())),
        leaves=rollout_queries.teams_to_draw(viewer().today),
        tree=team_tree(),
        today=viewer().today,
        **kwargs,
    )


def _form_page(form: RolloutForm, *, plan: rollout_page.PlanShown | None = None, mark: str = "") -> str:
    return render_template("training/rollout_form.html", form=form, plan=plan, mark=mark)


def _rollout_page(found: TrainingRollout, form: EndForm) -> str:
    page = rollout_page.rollout_page(found, viewer().today)
    return render_template("training/rollout.html", page=page, form=form)
