"""Turns by lot: drawn right after the weekly check, told to the audit once nobody is in their 24 hours any more."""

from datetime import UTC, datetime, time

from sqlalchemy import select

from tracker.coaching.models import CoachingCase
from tracker.coaching.turn_models import CoachingDraw, CoachingPlace
from tracker.coaching.turns import draw_turns, tell_audit, the_capacity
from tracker.core import clock, tasks
from tracker.core.db import db, reading, transaction
from tracker.ratings.weekly import last_frozen_week
from tracker.training.rollout_rules import new_seed

RULE = "coaching.turns"


def draw_and_tell(at: datetime) -> int:
    """Of how many cases the order was drawn."""
    with reading():
        is_on, since, week = the_capacity().talks_a_week is not None, tasks.done_until(RULE), last_frozen_week()
        untold = list(db.session.scalars(select(CoachingDraw.id).where(CoachingDraw.told_at.is_(None))))
    for draw_id in untold:
        with transaction():
            _tell(draw_id, at)
    if not is_on or week is None:
        return 0
    slot = datetime.combine(clock.monday_of(week + 1), time(), UTC)
    if since is not None and since >= slot:
        return 0
    with transaction():
        return draw_turns(week, seed=new_seed(), at=at) if tasks.advance(RULE, since=since, to=slot) else 0


def _tell(draw_id: int, at: datetime) -> None:
    draw = db.session.get_one(CoachingDraw, draw_id, with_for_update=True, populate_existing=True)
    private = (
        select(CoachingPlace.case_id)
        .join(CoachingCase, CoachingCase.id == CoachingPlace.case_id)
        .where(CoachingPlace.draw_id == draw_id, CoachingCase.shared_at.is_(None))
    )
    if draw.told_at is None and db.session.scalar(private.limit(1)) is None:
        draw.told_at = at
        tell_audit(draw, at=at)
