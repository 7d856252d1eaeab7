"""The list of talks, a line each: what is next, and what waits in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.coaching import queries
from tracker.coaching.brought import brought_to_each
from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.coaching.notes_page import ratings_named
from tracker.coaching.page_models import AgendaPoint
from tracker.coaching.policy import agreed_actions_seen_by, points_seen_by
from tracker.coaching.reminding import days_waited
from tracker.coaching.topics import topics_of
from tracker.core.audience import Viewer
from tracker.core.db import db


@dataclass(frozen=True)
class TalkLine:
    """`due`: how many things agreed on are overdue or due today; `points`: how much on the card “What to talk about” waits from the
    other one; `waited`: for how many working days."""

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
    """What the card of a case shows as waiting, counted by its rules; of closed ones nothing waits."""
    by_id = {case.id: case for case in cases if case.closed_at is None}
    brought = brought_to_each(by_id.values(), viewer)
    points: dict[int, list[AgendaPoint]] = {case_id: [] for case_id in by_id}
    stated = points_seen_by(viewer).where(AgendaPoint.case_id.in_(list(by_id))).options(joinedload(AgendaPoint.by))
    for point in db.session.scalars(stated):
        points[point.case_id].append(point)
    meant = {point.rating_id for listed in points.values() for point in listed if point.rating_id}
    ratings = ratings_named(viewer, meant)
    return {
        case_id: topics_of(
            points[case_id], ratings, brought[case_id], person=case.person, viewer_id=viewer.person_id
        ).waiting
        for case_id, case in by_id.items()
    }
