"""Who answers about a talk, who reads what came of it."""

from sqlalchemy import Select, select

from tracker.coaching.feedback_models import CoachFeedbackBatch, CoachFeedbackRequest
from tracker.core.audience import Viewer
from tracker.organisation.policy import allowed, by_role


def requests_to(viewer: Viewer) -> Select[CoachFeedbackRequest]:
    """Talks about which the viewer was asked."""
    mine = allowed("coaching_feedback.create", viewer, CoachFeedbackRequest.person_id)
    return select(CoachFeedbackRequest).where(mine)


def batches_seen_by(viewer: Viewer) -> Select[CoachFeedbackBatch]:
    """What was said of the viewer's own coaching, once it is summed up."""
    return select(CoachFeedbackBatch).where(allowed("coaching_feedback.read", viewer, CoachFeedbackBatch.leader_id))


def reads_quality(viewer: Viewer) -> bool:
    return by_role("coach_quality.read", viewer)
