"""Reminding, once, of what was agreed and is due."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from tracker.coaching.models import CoachingAction, CoachingCase
from tracker.core.db import db, reading, transaction
from tracker.notifications.actions import tell
from tracker.organisation.queries import calendars

# What was agreed still holds once the talk is over; where a case ended in another way nobody waits for it.
TALKED = ("held", "followed_up")


def remind_of_agreed(at: datetime) -> int:
    """Tell who owns each thing on the working morning of its day; the number told."""
    with reading():
        due = _due_by(at)
    return sum(_remind(action_id, at) for action_id in due)


def _due_by(at: datetime) -> list[int]:
    """Ids of what is due where its owner works."""
    tomorrow = at.date() + timedelta(days=1)  # it may be that day already elsewhere
    waiting = (
        CoachingAction.done_at.is_(None),
        CoachingAction.reminded_at.is_(None),
        CoachingAction.due_on <= tomorrow,
    )
    lives = or_(CoachingCase.closed_at.is_(None), CoachingCase.closed_because.in_(TALKED))
    rows = db.session.execute(
        select(CoachingAction.id, CoachingAction.owner_id, CoachingAction.due_on)
        .join(CoachingCase, CoachingCase.id == CoachingAction.case_id)
        .where(*waiting, lives, CoachingCase.shares_at <= at)
    ).all()
    if not rows:
        return []
    works = calendars({owner for _id, owner, _due in rows}, min(due for _id, _owner, due in rows))
    return [
        action_id
        for action_id, owner, due_on in rows
        if works[owner].morning_of(works[owner].next_working_day(due_on)) <= at
    ]


def _remind(action_id: int, at: datetime) -> int:
    with transaction():
        action = db.session.get(
            CoachingAction, action_id, with_for_update={"of": CoachingAction}, populate_existing=True
        )
        # Claimed by its row: ticked off meanwhile, or told by another process.
        if action is None or action.done_at or action.reminded_at:
            return 0
        action.reminded_at = at
        tell(
            "coaching.due",
            to=action.owner_id,
            key=f"coaching.due|{action.id}",
            at=at,
            about_id=action.case_id,
            action=action.id,
            due_on=action.due_on.isoformat(),
        )
        return 1
