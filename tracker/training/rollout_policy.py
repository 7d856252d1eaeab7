"""Who rolls a course out in waves, who reads whose turn comes when, and who reads what courses changed."""

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.organisation.models import Team
from tracker.organisation.policy import by_role, cell, teams_led_by
from tracker.training.models import TrainingRule
from tracker.training.rollout_models import RolloutTeam, TrainingEffect, TrainingRollout


def rollouts_managed_by(viewer: Viewer) -> Select[TrainingRollout]:
    """HR’s are all of them: the order is the company’s, and nobody chooses a place in it."""
    return select(TrainingRollout).where(true() if by_role("rollout.manage", viewer) else false())


def turns_read_by(viewer: Viewer) -> Select[RolloutTeam]:
    """Places of the teams that the viewer leads, in rollouts that run."""
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    return (
        select(RolloutTeam)
        .join(TrainingRollout, TrainingRollout.id == RolloutTeam.rollout_id)
        .join(TrainingRule, TrainingRule.id == TrainingRollout.rule_id)
        .where(TrainingRule.ended_at.is_(None))
        .where(RolloutTeam.team_id.in_(led) if cell("rollout.read", "mgr_now") == "A" else false())
    )


def effects_read_by(viewer: Viewer) -> Select[TrainingEffect]:
    return select(TrainingEffect).where(true() if by_role("training.effect", viewer) else false())
