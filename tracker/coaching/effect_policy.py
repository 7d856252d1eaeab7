"""Who reads what became of a case, and what coaching changes in the company."""

from sqlalchemy import Select, false, select, true

from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.models import CoachingCase
from tracker.coaching.policy import cases_seen_by
from tracker.core.audience import Viewer
from tracker.organisation.policy import by_role


def case_effects_seen_by(viewer: Viewer) -> Select[CaseEffect]:
    """Of the cases that the viewer sees. Whoever is not its person reads `shared_figures` only."""
    return select(CaseEffect).where(CaseEffect.case_id.in_(cases_seen_by(viewer).with_only_columns(CoachingCase.id)))


def company_effects_read_by(viewer: Viewer) -> Select[CoachingEffect]:
    """Groups only, so the role decides."""
    return select(CoachingEffect).where(true() if by_role("coaching.effect", viewer) else false())
