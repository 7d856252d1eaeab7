"""What the person of a case brings to the talk: their points, and the ratings they saved for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.coaching.models import CoachingCase
from tracker.coaching.policy import cases_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.policy import allowed
from tracker.ratings.models import Rating
from tracker.ratings.own_models import TalkPoint
from tracker.ratings.own_queries import case_read_at, saved_ratings


@dataclass(frozen=True)
class Brought:
    """Open points, and saved ratings as far as the viewer reads them. `read_at`: when the person said they have read the case."""

    points: list[TalkPoint]
    ratings: list[Rating]
    read_at: datetime | None


def brought_to(case: CoachingCase, viewer: Viewer) -> Brought:
    """What is brought to a case; nothing to one that is closed, or that the viewer does not see.

    Who leads the person reads all this only here: it is private until a case is open and shared, and again when it is closed.
    """
    read_at = case_read_at(case.id, case.person_id)
    is_seen = cases_seen_by(viewer).where(CoachingCase.id == case.id).with_only_columns(CoachingCase.id)
    if case.closed_at is not None or db.session.scalar(is_seen) is None:
        return Brought([], [], read_at)
    readable = allowed("talk_point.read", viewer, TalkPoint.person_id)
    points = select(TalkPoint).where(TalkPoint.person_id == case.person_id, TalkPoint.done_at.is_(None), readable)
    return Brought(
        list(db.session.scalars(points.order_by(TalkPoint.id))), saved_ratings(viewer, case.person_id), read_at
    )
