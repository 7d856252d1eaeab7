"""The list of talks, a line each: what is next, and what waits in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.coaching import queries
from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.coaching.page_models import AgendaPoint
from tracker.coaching.policy import agreed_actions_seen_by, points_seen_by
from tracker.coaching.reminding import days_waited
from tracker.core.audience import Viewer
from tracker.core.db import db


@dataclass(frozen=True)
class TalkLine:
    """`due`: how many things agreed on are overdue or due today; `points`: how many points of the other one wait; `waited`: for
    how many working days."""

    case: CoachingCase
    sessions: list[CoachingSession]
    due: int
    points: int
    waited: int

    @property
    def planned(self) -> CoachingSession | None:
        return next((session for session in self.sessions if session.held_at is None), None)


def talk_lines(cases: Sequence[CoachingCase], viewer: Viewer) -> list[TalkLine]:
    """A few queries. Open ones first: those to be written up, those without a time (the longest waiting on top), then by day."""
    sessions = queries.sessions_of(cases, viewer)
    due, points = _due(cases, viewer), _points(cases, viewer)
    waited = days_waited(list(cases), at=viewer.at)
    lines = [
        TalkLine(case, sessions[case.id], due.get(case.id, 0), points.get(case.id, 0), waited[case.id])
        for case in cases
    ]
    return sorted(lines, key=lambda line: _order(line, viewer.at))


def _order(line: TalkLine, at: datetime) -> tuple[int, float]:
    """Where a line stands; closed ones last, the newest of them first."""
    if line.case.closed_at:
        return 3, -line.case.closed_at.timestamp()
    if line.planned is None:
        return 1, line.case.opened_at.timestamp()
    return 0 if line.planned.starts_at <= at else 2, line.planned.starts_at.timestamp()


def _due(cases: Sequence[CoachingCase], viewer: Viewer) -> dict[int, int]:
    late = (CoachingAction.done_at.is_(None), CoachingAction.due_on <= viewer.today)
    mine = agreed_actions_seen_by(viewer).where(*late, CoachingAction.case_id.in_([case.id for case in cases]))
    found = mine.order_by(None).with_only_columns(CoachingAction.case_id).subquery()
    return dict(db.session.execute(select(found.c.case_id, func.count()).group_by(found.c.case_id)).all())


def _points(cases: Sequence[CoachingCase], viewer: Viewer) -> dict[int, int]:
    waiting = (AgendaPoint.done_at.is_(None), AgendaPoint.by_id != viewer.person_id)
    theirs = points_seen_by(viewer).where(*waiting, AgendaPoint.case_id.in_([case.id for case in cases]))
    found = theirs.order_by(None).with_only_columns(AgendaPoint.case_id).subquery()
    return dict(db.session.execute(select(found.c.case_id, func.count()).group_by(found.c.case_id)).all())
