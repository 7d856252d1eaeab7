"""Trained, as the books say it: how many people of a group have nothing overdue at the end of a month."""

from sqlalchemy import func, or_, select

from tracker.core.db import db
from tracker.organisation.models import Membership
from tracker.organisation.policy import holds_on
from tracker.reports.periods import Year
from tracker.training.models import Assignment


def covered(year: Year) -> dict[int, tuple[int, int]]:
    """Team -> its people on the last day, and those of them without a course that was due by then and not done. One query.

    A course that was waived is not missing. Nobody finishes a training for this figure: it says who had it, never what it changed.
    """
    overdue = select(Assignment.person_id).where(
        Assignment.due_on <= year.last,
        Assignment.assigned_at < year.ends_at,
        or_(Assignment.ended_at.is_(None), Assignment.ended_at >= year.ends_at),
    )
    has_none = func.count().filter(Membership.person_id.not_in(overdue))
    members = select(Membership.team_id, func.count(), has_none).where(*holds_on(Membership, year.last))
    return {
        int(team): (int(people), int(clear))
        for team, people, clear in db.session.execute(members.group_by(Membership.team_id))
    }
