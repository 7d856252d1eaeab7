"""Who says what stood in the way and reads it, who chooses the team that answers, and who answers."""

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true

from tracker.core.audience import Viewer
from tracker.organisation.policy import allowed, by_role, cell, teams_led_and_beneath
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, Obstacle
from tracker.ratings.policy import counted


def ratings_named_by(viewer: Viewer) -> Select[Rating]:
    """The ratings about which the viewer may say what stood in the way: their own."""
    return select(Rating).where(counted(), allowed("obstacle.create", viewer, Rating.person_id))


def obstacles_seen_by(viewer: Viewer) -> Select[Obstacle]:
    """What one said oneself, with its words; and what people one leads said about ratings of the present tenure."""
    return select(Obstacle).where(allowed("obstacle.read", viewer, Obstacle.said_by_id, dated=Obstacle.rated_on))


def causes_seen_by(_viewer: Viewer) -> Select[Cause]:
    """What stands in the way, and what is answered: for everybody who works here. Those that were merged lead on."""
    return select(Cause).where(true() if cell("cause.read", "peer") == "A" else false())


def causes_given_by(viewer: Viewer) -> Select[Cause]:
    """For which the viewer chooses who answers: by role every one; for people led, those that no team has yet."""
    stands = Cause.merged_into_id.is_(None)
    if by_role("cause.own", viewer):
        return select(Cause).where(stands)
    return select(Cause).where(stands, Cause.owner_id.is_(None), _stood_before_people_of(viewer))


def causes_answered_by(viewer: Viewer) -> Select[Cause]:
    """Those given to a team that the viewer leads, or to one beneath."""
    led = teams_led_and_beneath(viewer)
    answers = Cause.owner_id.in_(select(led.c.id)) if cell("cause.answer", "assignee") == "A" else false()
    return select(Cause).where(Cause.merged_into_id.is_(None), answers)


def causes_edited_by(viewer: Viewer) -> Select[Cause]:
    """Which the viewer names anew and merges: by role every one, else those that are theirs to answer."""
    if by_role("cause.edit", viewer):
        return select(Cause).where(Cause.merged_into_id.is_(None))
    return causes_answered_by(viewer) if cell("cause.edit", "assignee") == "A" else select(Cause).where(false())


def words_read_by(viewer: Viewer, cause: Cause) -> Select[str | None]:
    """What authors wrote and agreed to show whoever answers for it: words alone, in an order that tells nothing."""
    of_cause = Obstacle.cause_id.in_(
        select(Cause.id).where(or_(Cause.id == cause.id, Cause.merged_into_id == cause.id))
    )
    shared = (Obstacle.words.is_not(None), Obstacle.words_shared_at.is_not(None))
    is_theirs = causes_answered_by(viewer).where(Cause.id == cause.id).with_only_columns(Cause.id).exists()
    return select(Obstacle.words).where(of_cause, *shared, is_theirs).order_by(func.lower(Obstacle.words))


def reads_summary(viewer: Viewer) -> bool:
    """Whether counts of people are shown too, and a file of the board."""
    leads = viewer.manages and cell("cause.summary", "mgr_now") == "A"
    return leads or by_role("cause.summary", viewer)


def _stood_before_people_of(viewer: Viewer) -> ColumnElement[bool]:
    """Whether somebody named it about a rating of a person whom the viewer leads."""
    part = select(Cause.id.label("part"), func.coalesce(Cause.merged_into_id, Cause.id).label("whole")).subquery()
    return exists(
        select(Obstacle.id)
        .join(part, part.c.part == Obstacle.cause_id)
        .where(part.c.whole == Cause.id, allowed("cause.own", viewer, Obstacle.person_id))
        .correlate(Cause)
    )
