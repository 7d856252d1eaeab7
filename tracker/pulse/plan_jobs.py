"""What happens to actions by themselves: whose day has come is reminded once, then whoever made it; a measure that moved is noted."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, reading, transaction
from tracker.organisation.queries import calendars_of_teams
from tracker.pulse.models import PulseNode, PulsePlan, PulseResult, PulseRound
from tracker.pulse.plan_actions import note_moved, tell_of_plan
from tracker.pulse.plan_queries import readings_of
from tracker.pulse.plan_rules import MAKER, MAKER_AFTER, OWNER, has_moved

LOOK_BACK = timedelta(days=60)  # holidays since a day was due count too


def follow_plans(at: datetime) -> int:
    """How many were reminded of or noted as moved, each in its own transaction."""
    return _remind(at) + _note(at)


def _remind(at: datetime) -> int:
    runs = (PulsePlan.moved_at.is_(None), PulsePlan.given_up_at.is_(None), PulsePlan.done_at.is_(None))
    with reading():
        due = select(PulsePlan.id, PulsePlan.team_id).where(
            *runs, PulsePlan.step < MAKER, PulsePlan.due_on <= at.date() + timedelta(days=1)
        )
        found = db.session.execute(due.order_by(PulsePlan.id)).all()
        hours = calendars_of_teams({team_id for _id, team_id in found}, at.date() - LOOK_BACK) if found else {}
    return sum(_reminded(plan_id, hours[team_id], at) for plan_id, team_id in found)


def _reminded(plan_id: int, hours: WorkCalendar, at: datetime) -> int:
    """The step is claimed by the row as it was read: of two processes one takes it."""
    with transaction():
        plan = db.session.get(PulsePlan, plan_id, populate_existing=True)
        if plan is None or not plan.runs or plan.done is not None:
            return 0
        step = _step(plan.due_on, clock.local_day(at, hours.zone), hours)
        claimed = update(PulsePlan).where(
            PulsePlan.id == plan_id, PulsePlan.step < step, PulsePlan.due_on == plan.due_on
        )
        was = plan.step
        if db.session.scalar(claimed.values(step=step).returning(PulsePlan.id)) is None:
            return 0
        if was < OWNER:
            tell_of_plan("pulse.plan_due", plan, plan.owner_id, at=at)
        if step == MAKER:
            tell_of_plan("pulse.plan_late", plan, plan.made_by_id, at=at, but=plan.owner_id)
        return 1


def _step(due_on: date, today: date, hours: WorkCalendar) -> int:
    if today < due_on:
        return 0
    return MAKER if today >= hours.working_days_after(due_on, MAKER_AFTER) else OWNER


def _note(at: datetime) -> int:
    """Plans whose figure, in a round later than theirs, is where it was to be. One query for all that run."""
    with reading():
        plans = select(PulsePlan.id, PulsePlan.aim, PulseRound.opens_at).join(
            PulseRound, PulseRound.id == PulsePlan.round_id
        )
        running = db.session.execute(plans.where(PulsePlan.moved_at.is_(None), PulsePlan.given_up_at.is_(None))).all()
        cells = select(PulseResult).join(PulseNode, PulseNode.id == PulseResult.node_id)
        readings = readings_of(cells, [plan.id for plan in running])
        opened = dict(db.session.execute(select(PulseRound.id, PulseRound.opens_at)).all()) if running else {}
        moved = [
            plan.id
            for plan in running
            if any(
                opened[round_id] > plan.opens_at and has_moved(found.mean, plan.aim)
                for round_id, found in readings[plan.id].items()
            )
        ]
    return sum(_noted(plan_id, at) for plan_id in moved)


def _noted(plan_id: int, at: datetime) -> int:
    with transaction():
        return int(note_moved(db.session.get_one(PulsePlan, plan_id), at=at))
