"""Actions: what is done about results of the pulse, until their measure moves."""

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, id_in_address, members, viewer
from tracker.core.db import reading
from tracker.core.errors import Invalid, Refused
from tracker.core.pages import notice
from tracker.core.sheets import MEDIA_TYPES
from tracker.pulse import plan_actions, plan_page, plan_queries
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_actions import Planned
from tracker.pulse.plan_exports import as_file
from tracker.pulse.plan_forms import DonePlanForm, GiveUpForm
from tracker.pulse.plan_policy import plans_done_by, plans_managed_by, plans_seen_by
from tracker.pulse.plan_queries import PlannedCell
from tracker.pulse.plan_rules import State, lowest_aim

bp = Blueprint("plans", __name__, url_prefix="/actions")


@bp.get("")
@members
def plans() -> ResponseReturnValue:
    asked = request.args.get("state", "")
    return plan_page.list_page(State(asked) if asked in set(State) else None)


@bp.post("/files")
@members
def export() -> ResponseReturnValue:
    """Every action that the viewer reads. A POST, since the audit remembers it."""
    kind = request.form.get("file", "")
    if kind not in MEDIA_TYPES:
        raise Invalid(_("Choose an Excel file or a CSV file."))
    with reading():
        file, count = as_file(kind, plan_queries.plan_rows(viewer()), zone=viewer().time_zone)
    plan_actions.note_export(kind=kind, rows=count, by=viewer().person_id, at=clock.now())
    name = f"actions-{viewer().today}.{kind}"
    return send_file(file, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=name)


@bp.get("/new")
@members
def new() -> ResponseReturnValue:
    """First the group, then what of it, then the plan."""
    if "item" not in request.args:
        _check_may_plan()
        return plan_page.choose_page(request.args.get("group", type=id_in_address))
    cell = _cell()
    return plan_page.make_page(cell, plan_page.make_form(cell))


@bp.post("")
@members
def make() -> ResponseReturnValue:
    cell = _cell()
    form = plan_page.make_form(cell)
    owner = plan_page.owner_of(form) if form.validate() else None
    if owner is None:
        return plan_page.make_page(cell, form), 422
    said = Planned(form.key.data, form.text.data, owner, form.due_on.data, form.figure())
    plan, is_new = plan_actions.make_plan(cell, said, by=viewer().person_id, at=clock.now())
    notice(
        _("Planned. Everybody who reads this result sees it now.")
        if is_new
        else _("This was sent already; here it is.")
    )
    return redirect(url_for(".plan", id=plan.id), 303)


@bp.get("/<int:id>")
@members
def plan(id: int) -> ResponseReturnValue:
    return plan_page.plan_page(_seen(id))


@bp.post("/<int:id>/done")
@members
def say_done(id: int) -> ResponseReturnValue:
    found, form = _seen(id), DonePlanForm()
    if not plan_page.is_in(plans_done_by(viewer()), found):
        raise Refused(_("This is for whoever does it, and for who leads the group."))
    if not form.validate():
        return plan_page.plan_page(found, done=form), 422
    plan_actions.say_done(found, form.words.data, by=viewer().person_id, at=clock.now())
    return _back(
        id, _("Kept. Everybody who reads this result sees what was done. It stays open until the measure moves.")
    )


@bp.post("/<int:id>/owner")
@members
def give(id: int) -> ResponseReturnValue:
    found = _managed(id)
    form = plan_page.give_form(found)
    owner = plan_page.owner_of(form) if form.validate() else None
    if owner is None:
        return plan_page.plan_page(found, give=form), 422
    plan_actions.give_plan(found, owner, due_on=form.due_on.data, by=viewer().person_id, at=clock.now())
    return _back(id, _("It is %(name)s’s now, and they are told.", name=owner.name))


@bp.post("/<int:id>/end")
@members
def give_up(id: int) -> ResponseReturnValue:
    found, form = _managed(id), GiveUpForm()
    if not form.validate():
        return plan_page.plan_page(found, end=form), 422
    plan_actions.give_up(found, form.because.data, by=viewer().person_id, at=clock.now())
    return _back(id, _("Given up. The reason stays beside it."))


def _seen(id: int) -> PulsePlan:
    found: PulsePlan = find_or_404(plan_queries.with_people(plans_seen_by(viewer())), id)
    return found


def _managed(id: int) -> PulsePlan:
    """Who may read it but not change it gets 403."""
    found = _seen(id)
    if not plan_page.is_in(plans_managed_by(viewer()), found):
        raise Refused(_("This is for HR, and for who leads the group."))
    return found


def _check_may_plan() -> None:
    if not plan_queries.groups_to_plan(viewer()) and not (viewer().manages or "hr" in viewer().roles):
        raise Refused(_("Actions are planned by HR, and by who leads a group."))


def _cell() -> PlannedCell:
    """The published result that the address names: 404 where the viewer does not read it, 403 where they only read it."""
    node_id = request.args.get("group", type=id_in_address) or 0
    item = request.args.get("item", "").replace("\x00", "")[:40]  # PostgreSQL refuses the whole statement
    found = find_or_404(plan_queries.seen_scope(viewer(), node_id=node_id, item=item))
    cell = plan_queries.planned(viewer(), *found)
    may = [one.item.key for one in plan_queries.planned_cells(viewer(), node_id=node_id)]
    if item not in may:
        raise Refused(_("Actions are planned by HR, and by who leads a group."))
    if lowest_aim(cell.figure.mean, cell.item.scale) is None:
        raise Refused(_("This is as high as it can be. There is nothing to move."))
    return cell


def _back(id: int, words: str) -> ResponseReturnValue:
    notice(words)
    return redirect(url_for(".plan", id=id), 303)
