"""Actions about results for tests: planned by Chloe about one question of a group, given to Kevin."""

from datetime import date, datetime

from sqlalchemy import select

from tests.conftest import Cast
from tests.pulse.rounds import node_named
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_actions import Planned, make_plan, say_done
from tracker.pulse.plan_queries import planned_cells

SOON = date(2026, 12, 4)


def a_plan_for(
    cast: Cast, round_id: int, group: str, words: str, *, at: datetime, due_on: date = SOON, item: str | None = None
) -> int:
    """Its id. item: of that question, else of the first that is shown."""
    chloe = Viewer(cast.chloe.id, "Chloe", at=at, today=at.date(), roles=frozenset({"hr"}))
    with transaction():
        cells = planned_cells(chloe, node_id=node_named(round_id, group))
        cell = next(one for one in cells if item in {None, one.item.key})
    with transaction():
        key = f"{len(list(db.session.scalars(select(PulsePlan.id)))):032x}"
        said = Planned(key, words, cast.kevin, due_on, round(cell.figure.mean + 0.1, 1))
        plan, is_new = make_plan(cell, said, by=cast.chloe.id, at=at)
        assert is_new
        return plan.id


def said_done(cast: Cast, plan_id: int, words: str, *, at: datetime) -> None:
    with transaction():
        say_done(db.session.get_one(PulsePlan, plan_id), words, by=cast.kevin.id, at=at)
