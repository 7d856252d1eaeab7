"""Who reads a public review, who answers it, who gives it to a team, who looks after feeds."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from tracker.core.audience import Viewer
from tracker.organisation.models import Team
from tracker.organisation.policy import allowed, by_role, cell, teams_led_by
from tracker.recovery.models import RecoveryCase
from tracker.recovery.policy import cases_held_by
from tracker.reviews.models import Review, ReviewFeed


def reviews_seen_by(viewer: Viewer) -> Select[Review]:
    """Those of teams led today, those that name the viewer or somebody led, for HR all; for the office what waits for a team; and while a
    complaint about one is open, whoever takes care of it."""
    waiting = Review.team_id.is_(None) if by_role("unlinked_review.read", viewer) else false()
    reads = (allowed("review.read", viewer, Review.person_id), _of_team(viewer), _held("review.read", viewer))
    return select(Review).where(or_(*reads, waiting))


def reviews_naming(viewer: Viewer) -> Select[Review]:
    """The viewer's own: those that say their name."""
    is_own = Review.person_id == viewer.person_id
    return select(Review).where(is_own if cell("review.read", "self") == "A" else false())


def reviews_answered_by(viewer: Viewer) -> Select[Review]:
    """Where the viewer may note what was answered: in teams led today; for HR in every team, but not about themselves;
    and in open complaints that the viewer takes care of."""
    by_office = allowed("review.answer", viewer, Review.person_id) if by_role("review.answer", viewer) else false()
    answers = (by_office, _of_team(viewer), _held("review.answer", viewer))
    return select(Review).where(Review.team_id.is_not(None), or_(*answers))


def reviews_given_by(viewer: Viewer) -> Select[Review]:
    """Which the viewer may give to a team: what waits in the tray; for who reads all, any that has no answer yet."""
    if not by_role("unlinked_review.assign", viewer):
        return select(Review).where(false())
    open_ones = and_(Review.outcome.is_(None), allowed("review.read", viewer, Review.person_id))
    return select(Review).where(or_(Review.team_id.is_(None), open_ones if by_role("review.read", viewer) else false()))


def unlinked_reviews_seen_by(viewer: Viewer) -> Select[Review]:
    """The tray: reviews of which nobody knows the team."""
    reads = true() if by_role("unlinked_review.read", viewer) else false()
    return select(Review).where(Review.team_id.is_(None), reads)


def feeds_managed_by(viewer: Viewer) -> Select[ReviewFeed]:
    manages = true() if by_role("review_feed.manage", viewer) else false()
    return select(ReviewFeed).where(ReviewFeed.removed_at.is_(None), manages).order_by(ReviewFeed.name, ReviewFeed.id)


def may_bring_in(viewer: Viewer) -> bool:
    """By a file or by a token of theirs."""
    return by_role("review.create", viewer)


def reads_all(viewer: Viewer) -> bool:
    return by_role("review.read", viewer)


def _of_team(viewer: Viewer) -> ColumnElement[bool]:
    """By team, as public words are said of one: the relation to whom they name comes on top."""
    if cell("review.read", "mgr_now") != "A":
        return false()
    led: Select[Any] = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    return Review.team_id.in_(led)


def _held(action: str, viewer: Viewer) -> ColumnElement[bool]:
    """By the complaint that the review has become, for whoever takes care of it."""
    if cell(action, "assignee") != "A":
        return false()
    about: Select[Any] = cases_held_by(viewer).with_only_columns(RecoveryCase.review_id)
    return Review.id.in_(about.where(RecoveryCase.review_id.is_not(None)))
