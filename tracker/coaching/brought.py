"""What the person of a case brings to the talk: their points, and the ratings they saved for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    """What is brought to a case, with when its person has read it."""
    brought = brought_to_each([case], viewer)[case.id]
    return replace(brought, read_at=case_read_at(case.id, case.person_id))


def brought_to_each(cases: Iterable[CoachingCase], viewer: Viewer) -> dict[int, Brought]:
    """Case id -> what is brought to it, without `read_at`; nothing to one that is closed, or that the viewer does not see.

    Who leads the person reads all this only here: it is private until a case is open and shared, and again when it is closed.
    """
    found = {case.id: Brought([], [], None) for case in cases}
    seen = cases_seen_by(viewer).where(CoachingCase.id.in_(list(found)), CoachingCase.closed_at.is_(None))
    open_ones = db.session.execute(seen.with_only_columns(CoachingCase.person_id, CoachingCase.id)).all()
    of_person = {person: found[case_id] for person, case_id in open_ones}
    readable = allowed("talk_point.read", viewer, TalkPoint.person_id)
    points = select(TalkPoint).where(TalkPoint.person_id.in_(list(of_person)), TalkPoint.done_at.is_(None), readable)
    for point in db.session.scalars(points.order_by(TalkPoint.id)):
        of_person[point.person_id].points.append(point)
    for rating in saved_ratings(viewer, *of_person):
        if rating.person_id is not None:
            of_person[rating.person_id].ratings.append(rating)
    return found
