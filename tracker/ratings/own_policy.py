"""Who writes and reads what somebody adds to their own feedback."""

from sqlalchemy import Select, select

from tracker.core.audience import Viewer
from tracker.organisation.policy import allowed
from tracker.ratings.models import Rating
from tracker.ratings.own_models import RatingSide, SavedRating, TalkPoint
from tracker.ratings.policy import counted, ratings_seen_by


def ratings_answered_by(viewer: Viewer) -> Select[Rating]:
    """The ratings to which the viewer adds something: their own."""
    return select(Rating).where(counted(), allowed("rating_side.write", viewer, Rating.person_id))


def sides_seen_by(viewer: Viewer) -> Select[RatingSide]:
    """One's own; those of people led, to ratings that count for them and fall into the present tenure."""
    return (
        select(RatingSide)
        .join(Rating, Rating.id == RatingSide.rating_id)
        .where(
            RatingSide.person_id == Rating.person_id,
            counted(),
            allowed("rating_side.read", viewer, RatingSide.person_id, dated=Rating.rated_on),
        )
    )


def points_kept_by(viewer: Viewer) -> Select[TalkPoint]:
    """One's own points. That who leads somebody reads them in a case is decided where the case is: coaching.brought."""
    return select(TalkPoint).where(allowed("talk_point.write", viewer, TalkPoint.person_id))


def saved_by(viewer: Viewer, *people: int) -> Select[SavedRating]:
    """What these people saved of their own, as far as the viewer reads the ratings themselves; newest first."""
    seen = ratings_seen_by(viewer).with_only_columns(Rating.id)
    return (
        select(SavedRating)
        .join(Rating, Rating.id == SavedRating.rating_id)
        .where(SavedRating.person_id.in_(people), Rating.person_id == SavedRating.person_id, Rating.id.in_(seen))
        .order_by(SavedRating.saved_at.desc(), SavedRating.id.desc())
    )
