"""Ratings with what whoever they count for added to them, ready to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.policy import allowed
from tracker.ratings.models import Rating
from tracker.ratings.own_models import Acknowledgement, RatingSide, SavedRating, TalkPoint
from tracker.ratings.own_policy import points_kept_by, saved_by


@dataclass(frozen=True)
class Mine:
    """What was added to one rating. `saved_at` and `read_at` are the viewer's own: nobody else learns of either here."""

    side: str | None = None
    written_at: datetime | None = None
    saved_at: datetime | None = None
    read_at: datetime | None = None


def with_mine(ratings: Select[Rating], viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """The same ratings, each with what was added, in the one question."""
    readable = allowed("rating_side.read", viewer, RatingSide.person_id, dated=Rating.rated_on)
    side = and_(RatingSide.rating_id == Rating.id, RatingSide.person_id == Rating.person_id, readable)
    saved = and_(SavedRating.rating_id == Rating.id, SavedRating.person_id == viewer.person_id)
    read = and_(Acknowledgement.rating_id == Rating.id, Acknowledgement.person_id == viewer.person_id)
    written_at = func.coalesce(RatingSide.changed_at, RatingSide.written_at)
    return (
        ratings.select_from(Rating)
        .outerjoin(RatingSide, side)
        .outerjoin(SavedRating, saved)
        .outerjoin(Acknowledgement, read)
        .add_columns(RatingSide.text, written_at, SavedRating.saved_at, Acknowledgement.read_at)
    )


def parted(rows: Iterable[Row[Any]]) -> tuple[list[Rating], dict[int, Mine]]:
    """Rows of `with_mine` as the ratings, and by their ids what was added."""
    found = [(row[0], Mine(*row[1:5])) for row in rows]
    return [rating for rating, _mine in found], {rating.id: mine for rating, mine in found}


def mine_of(rating: Rating, viewer: Viewer) -> Mine:
    row = db.session.execute(with_mine(select(Rating).where(Rating.id == rating.id), viewer)).one()
    return Mine(*row[1:5])


def kept_for_talk(viewer: Viewer) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """How many points and ratings the viewer keeps for a talk, as parts of a larger question."""
    points = points_kept_by(viewer).where(TalkPoint.done_at.is_(None)).with_only_columns(func.count(TalkPoint.id))
    saved = saved_by(viewer, viewer.person_id).order_by(None).with_only_columns(func.count(SavedRating.id))
    return points.scalar_subquery(), saved.scalar_subquery()


def points_of(viewer: Viewer) -> list[TalkPoint]:
    """Open ones first, then those spoken about, newest first."""
    order = (TalkPoint.done_at.is_not(None), TalkPoint.done_at.desc(), TalkPoint.id)
    return list(db.session.scalars(points_kept_by(viewer).order_by(*order)))


def saved_ratings(viewer: Viewer, *people: int) -> list[Rating]:
    """The ratings that these people saved for a talk, as far as the viewer reads them, the newest saved first."""
    loaded = joinedload(SavedRating.rating)
    parts = (loaded.joinedload(part) for part in (Rating.touchpoint, Rating.channel, Rating.survey))
    return [saved.rating for saved in db.session.scalars(saved_by(viewer, *people).options(*parts))]


def case_read_at(case_id: int, person_id: int) -> datetime | None:
    """When the person of a case said that they have read it."""
    read = Acknowledgement.case_id == case_id, Acknowledgement.person_id == person_id
    return db.session.scalar(select(Acknowledgement.read_at).where(*read))
