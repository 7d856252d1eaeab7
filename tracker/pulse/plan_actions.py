"""What is done about a result: planned, given to somebody, done, given up; and noted as moved when a later round says so."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_queries import PlannedCell
from tracker.pulse.plan_rules import HIGHEST, LONGEST_DUE, lowest_aim


@dataclass(frozen=True)
class Planned:
    """What a form says. `form_key`: made with the empty form. aim: from which mean on it has moved."""

    form_key: str
    text: str
    owner: Person
    due_on: date
    aim: float


def make_plan(cell: PlannedCell, said: Planned, *, by: int, at: datetime) -> tuple[PulsePlan, bool]:
    """(plan, whether it is new): the same form sent twice is one. Whoever it is given to is told."""
    _check_aim(cell, said.aim)
    _check_owner(said.owner, at.date())
    _check_due(said.due_on, at.date())
    values = {
        "form_key": said.form_key,
        "round_id": cell.round_id,
        "kind": cell.kind,
        "team_id": cell.team_id,
        "item": cell.item.key,
        "was": cell.figure.mean,
        "aim": said.aim,
        "text": said.text,
        "owner_id": said.owner.id,
        "due_on": said.due_on,
        "made_by_id": by,
        "made_at": at,
        "step": 0,
    }
    once = upsert(PulsePlan).values(**values).on_conflict_do_nothing(index_elements=["form_key"])
    made = db.session.scalar(once.returning(PulsePlan.id))
    of_form = select(PulsePlan).where(PulsePlan.form_key == said.form_key, PulsePlan.made_by_id == by)
    plan = db.session.scalar(of_form)
    if plan is None:
        raise Conflict("This form was sent by somebody else. Open a new one.")
    if made is not None:
        record("pulse.plan_made", by=by, about=plan, at=at, owner=said.owner.id, due_on=said.due_on.isoformat())
        tell_of_plan("pulse.plan_given", plan, said.owner.id, at=at, but=by)
    return plan, made is not None


def give_plan(plan: PulsePlan, owner: Person, *, due_on: date, by: int, at: datetime) -> None:
    """To somebody else, or until another day; both are told anew when it is due."""
    _refresh(plan)
    _check_runs(plan)
    _check_owner(owner, at.date())
    _check_due(due_on, at.date())
    plan.owner_id, plan.due_on, plan.step = owner.id, due_on, 0
    record("pulse.plan_given", by=by, about=plan, at=at, owner=owner.id, due_on=due_on.isoformat())
    tell_of_plan("pulse.plan_given", plan, owner.id, at=at, but=by)


def say_done(plan: PulsePlan, words: str, *, by: int, at: datetime) -> None:
    """What was done, for everybody who reads the plan. It stays open until the measure moves; said again, the new words stand."""
    _refresh(plan)
    if plan.given_up_at is not None:
        raise Conflict("It has been given up.")
    plan.done, plan.done_at = words, at
    record("pulse.plan_done", by=by, about=plan, at=at)


def give_up(plan: PulsePlan, because: str, *, by: int, at: datetime) -> None:
    """It is not done, or does not help: the reason is kept and shown."""
    _refresh(plan)
    _check_runs(plan)
    plan.given_up_at, plan.given_up_because = at, because
    record("pulse.plan_given_up", by=by, about=plan, at=at)


def note_moved(plan: PulsePlan, *, at: datetime) -> bool:
    """The measure is where it was to be. False where that was noted already, or it was given up."""
    _refresh(plan)
    if not plan.runs:
        return False
    plan.moved_at = at
    record("pulse.plan_moved", by=None, about=plan, at=at)
    for person in {plan.owner_id, plan.made_by_id} - {None}:
        tell_of_plan("pulse.plan_moved", plan, person, at=at)
    return True


def note_export(*, kind: str, rows: int, by: int, at: datetime) -> None:
    """Who took the actions away as a file, and how many; no words of them."""
    record("pulse.plans_exported", by=by, about="pulse_plan", at=at, file=kind, rows=rows)


def tell_of_plan(kind: str, plan: PulsePlan, person: int | None, *, at: datetime, but: int | None = None) -> None:
    """Once for each owner and day; nobody is told of what they did themselves."""
    if person is not None and person != but:
        tell(kind, to=person, key=f"{kind}|{plan.id}|{plan.owner_id}|{plan.due_on}|{person}", at=at, about_id=plan.id)


def _refresh(plan: PulsePlan) -> None:
    """As it is now, held until the end: two at once go one after the other."""
    db.session.refresh(plan, with_for_update={"of": PulsePlan})


def _check_runs(plan: PulsePlan) -> None:
    if not plan.runs:
        raise Conflict("It has come to an end already: the measure has moved, or it was given up.")


def _check_aim(cell: PlannedCell, aim: float) -> None:
    least = lowest_aim(cell.figure.mean, cell.item.scale)
    if least is None:
        raise Invalid("It is as high as it can be. There is nothing to move.")
    if not least <= aim <= HIGHEST[cell.item.scale] or round(aim, 1) != aim:
        raise Invalid("Choose a number above today’s, on the same scale.")


def _check_owner(owner: Person, today: date) -> None:
    if (owner.started_on and owner.started_on > today) or (owner.ended_on and owner.ended_on <= today):
        raise Invalid("Give it to somebody who works here today.")


def _check_due(due_on: date, today: date) -> None:
    if not today < due_on <= today + LONGEST_DUE:
        raise Invalid("Choose a day still to come, within a year.")
