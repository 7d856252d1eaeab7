"""Who looks after webhooks, and as whom they speak."""

from typing import Any

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.models import HookDelivery, HookSubscription
from tracker.organisation.policy import by_role


def may_have_webhooks(viewer: Viewer | None) -> bool:
    """Asked at every sending: the webhooks of somebody who is gone or no admin any more say nothing."""
    return viewer is not None and by_role("webhook.manage", viewer)


def webhooks_managed_by(viewer: Viewer) -> Select[HookSubscription]:
    """All of them: any admin may test, pause and remove one."""
    return (
        select(HookSubscription)
        .where(HookSubscription.removed_at.is_(None), true() if may_have_webhooks(viewer) else false())
        .order_by(HookSubscription.id.desc())
    )


def deliveries_seen_by(viewer: Viewer) -> Select[HookDelivery]:
    managed = webhooks_managed_by(viewer).order_by(None).with_only_columns(HookSubscription.id)
    return select(HookDelivery).where(HookDelivery.subscription_id.in_(managed)).order_by(HookDelivery.id.desc())


def sees(scope: Select[Any], model: Any, id: int | None) -> bool:
    """Whether one thing is within a scope."""
    return db.session.scalar(scope.where(model.id == id).order_by(None).with_only_columns(model.id)) is not None
