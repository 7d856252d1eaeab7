"""What the pages of plans show. Several views answer with them, so they are no view’s own."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import or_, select

from tracker.access.queries import people_with_role
from tracker.charts.reaching import Reading, reaching
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.core.language import month
from tracker.organisation.models import Membership, Person
from tracker.organisation.policy import holds_on, people_seen_by
from tracker.organisation.queries import leaders_on, still_here
from tracker.pulse import plan_queries, plan_sentences
from tracker.pulse.followed import key_of
from tracker.pulse.models import PulsePlan
from tracker.pulse.opening import works_on
from tracker.pulse.plan_forms import DonePlanForm, GivePlanForm, GiveUpForm, MakePlanForm, _OwnedForm
from tracker.pulse.plan_policy import plans_done_by, plans_managed_by
from tracker.pulse.plan_queries import PlannedCell, PlanRow
from tracker.pulse.plan_rules import Measured, State, axis, lowest_aim
from tracker.pulse.result_rules import FEW

WIDTH, WIDE = 326.0, 586.0
MOST_CHOICES = 300


def list_page(state: State | None) -> str:
    rows = plan_queries.plan_rows(viewer())
    shown = [row for row in rows if state in {None, row.state}]
    return render_template(
        "pulse/plans.html",
        rows=rows,
        shown=shown,
        state=state,
        states=[(one, sum(row.state == one for row in rows)) for one in State],
        may_plan=bool(plan_queries.groups_to_plan(viewer())),
        words=plan_sentences,
    )


def choose_page(node_id: int | None) -> str:
    groups = plan_queries.groups_to_plan(viewer())
    cells = plan_queries.planned_cells(viewer(), node_id=node_id) if node_id else []
    return render_template(
        "pulse/plan_choose.html", groups=groups, chosen=node_id, cells=cells, words=plan_sentences, least=lowest_aim
    )


def make_page(cell: PlannedCell, form: MakePlanForm) -> str:
    return render_template("pulse/plan_new.html", cell=cell, form=form, words=plan_sentences)


def plan_page(plan: PulsePlan, **forms: Any) -> str:
    """As the viewer may see it; `forms` are those that came back with errors."""
    row = plan_queries.plan_rows(viewer(), [plan])[0]
    return render_template(
        "pulse/plan.html",
        row=row,
        plan=plan,
        forms=_forms(plan, forms),
        picture=_picture(row, WIDTH, "rounds") if row.readings else None,
        picture_wide=_picture(row, WIDE, "rounds-wide") if row.readings else None,
        table=[[month(asked.month), *plan_sentences.reading_words(row, asked.id)] for asked in row.rounds],
        made_by=db.session.get(Person, plan.made_by_id) if plan.made_by_id else None,
        words=plan_sentences,
    )


def make_form(cell: PlannedCell, **given: Any) -> MakePlanForm:
    return MakePlanForm(
        was=cell.figure.mean, scale=cell.item.scale, people=people_to_give(cell.team_id), today=viewer().today, **given
    )


def give_form(plan: PulsePlan, **given: Any) -> GivePlanForm:
    return GivePlanForm(people=people_to_give(plan.team_id), today=viewer().today, **given)


def people_to_give(team_id: int | None) -> list[tuple[int, str]]:
    """Those who are likely to do it: the group, who leads it and above, and HR; anybody else by staff number."""
    today = viewer().today
    near = {viewer().person_id, *people_with_role("hr")}
    near.update(leaders_on(today).up_from(team_id) if team_id is not None else ())
    members = select(Membership.person_id).where(Membership.team_id == team_id, *holds_on(Membership, today))
    people = still_here(people_seen_by(viewer()), today).where(or_(Person.id.in_(near), Person.id.in_(members)))
    return [(person.id, person.name) for person in db.session.scalars(people.limit(MOST_CHOICES))]


def owner_of(form: _OwnedForm) -> Person | None:
    """Who was chosen or named by number, with the form told where there is nobody."""
    works = people_seen_by(viewer()).where(*works_on(viewer().today))
    if form.owner.data:
        return db.session.scalar(works.where(Person.id == form.owner.data))
    found = db.session.scalar(works.where(Person.staff_number == form.staff_number.data))
    if found is None:
        form.refuse_stranger()
    return found


def is_in(scope: Any, plan: PulsePlan) -> bool:
    return db.session.scalar(scope.where(PulsePlan.id == plan.id).with_only_columns(PulsePlan.id)) is not None


def _forms(plan: PulsePlan, given: dict[str, Any]) -> dict[str, Any]:
    """Those that the viewer may send now."""
    found: dict[str, Any] = {}
    if plan.given_up_at is None and is_in(plans_done_by(viewer()), plan):
        found["done"] = DonePlanForm(formdata=None, data={"words": plan.done})
    if plan.runs and is_in(plans_managed_by(viewer()), plan):
        found["give"] = give_form(plan, formdata=None, data={"due_on": plan.due_on, "owner": plan.owner_id})
        found["end"] = GiveUpForm(formdata=None)
    return {**found, **given}


def _picture(row: PlanRow, width: float, prefix: str) -> Markup:
    scale = row.item.scale
    known = row.readings.values()
    drawn = [
        row.plan.aim,
        *(found.mean for found in known),
        *(end for found in known for end in found.likely(scale) or ()),
    ]
    return reaching(
        prefix=prefix,
        title=_("%(group)s, round by round", group=plan_sentences.group_name(row.plan)),
        description=plan_sentences.finding_words(row),
        points=_points(row),
        axis=axis(drawn, scale),
        number=lambda value: plan_sentences.value_words(value, row.item),
        aim=row.plan.aim,
        aim_label=_("to reach %(aim)s", aim=plan_sentences.value_words(row.plan.aim, row.item)),
        width=width,
        height=170.0,
    )


def _points(row: PlanRow) -> list[Reading]:
    points: list[Reading] = []
    before: Measured | None = None
    for asked in row.rounds:
        found = row.readings.get(asked.id)
        low, high = (found.likely(row.item.scale) if found else None) or (None, None)
        joined = found is not None and before is not None and _is_joined(row, before, found)
        name, value = month(asked.month).split()[0], found.mean if found else None
        points.append(Reading(label=name, value=value, low=low, high=high, is_joined=joined))
        before = found
    return points


def _is_joined(row: PlanRow, before: Measured, after: Measured) -> bool:
    return min(before.n, after.n) >= FEW and key_of((before.cell, after.cell)) not in row.apart
