"""Rules that assign by themselves: the list, a new one, the end of one."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.organisation.policy import by_role
from tracker.training import rule_actions, rule_page
from tracker.training.blueprint import bp
from tracker.training.policy import rules_edited_by
from tracker.training.rule_form import RuleForm


@bp.get("/rules")
@members
def rules() -> ResponseReturnValue:
    _refuse_others()
    return render_template("training/rules.html", rows=rule_page.rules_shown(viewer()))


@bp.get("/rules/new")
@members
def new_rule() -> ResponseReturnValue:
    """`?course=` and `?kind=` begin the form."""
    _refuse_others()
    begun = {"kind": request.args.get("kind", "joined"), "course": request.args.get("course", type=int), "days": 14}
    return _form_page(_form(formdata=None, data=begun))


@bp.post("/rules")
@members
def make_rule() -> ResponseReturnValue:
    _refuse_others()
    form = _form()
    if not form.validate():
        return _form_page(form), 422
    rule_actions.make_rule(form.values(viewer().today), by=viewer().person_id, at=clock.now())
    notice(_("The rule holds from today on. Whoever it finds gets the course in the next hour."))
    return redirect(url_for(".rules"), 303)


@bp.post("/rules/<int:id>/end")
@members
def end_rule(id: int) -> ResponseReturnValue:
    rule = find_or_404(rules_edited_by(viewer()), id)
    rule_actions.end_rule(rule, by=viewer().person_id, at=clock.now())
    notice(_("Ended. What it has assigned stays."))
    return redirect(url_for(".rules"), 303)


def _refuse_others() -> None:
    if not viewer().manages and not by_role("training_rule.edit", viewer()):
        raise Refused(_("Rules are made by whoever leads a team, and by HR."))


def _form(**kwargs: object) -> RuleForm:
    return RuleForm(offered=rule_page.offered_to(viewer()), for_all=by_role("training_rule.edit", viewer()), **kwargs)


def _form_page(form: RuleForm) -> str:
    return render_template("training/rule_form.html", form=form, for_all=by_role("training_rule.edit", viewer()))
