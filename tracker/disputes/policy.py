"""Who sees a second look, who is heard, and who decides: never somebody who is part of it."""

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select

from tracker.core.audience import Viewer
from tracker.disputes.models import Dispute, DisputeRound
from tracker.organisation.policy import allowed, by_role, cell, manages
from tracker.ratings.models import Rating
from tracker.ratings.policy import counted


def ratings_asked_about_by(viewer: Viewer) -> Select[Rating]:
    """The ratings for which the viewer may ask: their own."""
    return select(Rating).where(counted(), allowed("rating.dispute", viewer, Rating.person_id))


def disputes_seen_by(viewer: Viewer) -> Select[Dispute]:
    """One's own; those of people one leads, about ratings of the present tenure; and the one to decide, while it is open."""
    open_to_decide = exists(
        select(DisputeRound.id).where(DisputeRound.dispute_id == Dispute.id, _decides(viewer))
    ).correlate(Dispute)
    return (
        select(Dispute)
        .join(Rating, Rating.id == Dispute.rating_id)
        .where(or_(allowed("dispute.read", viewer, Dispute.person_id, dated=Rating.rated_on), open_to_decide))
    )


def disputes_heard_by(viewer: Viewer) -> Select[Dispute]:
    """Where the viewer may say what they know: about people led today, while the first look is open."""
    first_is_open = exists(
        select(DisputeRound.id).where(DisputeRound.dispute_id == Dispute.id, DisputeRound.decided_at.is_(None))
    ).correlate(Dispute)
    return (
        select(Dispute)
        .join(Rating, Rating.id == Dispute.rating_id)
        .where(allowed("dispute.hear", viewer, Dispute.person_id, dated=Rating.rated_on), first_is_open)
    )


def rounds_decided_by(viewer: Viewer) -> Select[DisputeRound]:
    """What waits for the viewer's answer."""
    return select(DisputeRound).join(Dispute, Dispute.id == DisputeRound.dispute_id).where(_decides(viewer))


def reads_summary(viewer: Viewer) -> bool:
    return by_role("dispute.summary", viewer)


def _decides(viewer: Viewer) -> ColumnElement[bool]:
    """Assigned, open, and still without a part in it: whoever has come to lead the person decides nothing."""
    if cell("dispute.decide", "assignee") != "A":
        return DisputeRound.id.is_(None)
    return (
        (DisputeRound.decider_id == viewer.person_id)
        & DisputeRound.decided_at.is_(None)
        & (Dispute.person_id != viewer.person_id)
        & not_(manages(viewer, Dispute.person_id))
    )
