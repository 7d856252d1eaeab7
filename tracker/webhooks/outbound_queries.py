"""What the pages of webhooks show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from tracker.access.queries import viewer_of_person
from tracker.core.db import db
from tracker.core.models import HookDelivery, HookSubscription
from tracker.organisation.models import Person
from tracker.webhooks.outbound_actions import can_be_read
from tracker.webhooks.outbound_policy import may_have_webhooks


@dataclass(frozen=True)
class Shown:
    """A webhook with the name of who made it, and how it stands: works, failing, paused, stopped or unreadable."""

    webhook: HookSubscription
    maker: str | None
    state: str


def webhooks_shown(scope: Select[HookSubscription], *, at: datetime) -> list[Shown]:
    webhooks = list(db.session.scalars(scope))
    makers = select(Person.id, Person.name).where(Person.id.in_({webhook.made_by_id for webhook in webhooks}))
    names: dict[int, str] = dict(db.session.execute(makers).all())
    still: dict[int, bool] = {}
    for maker in {webhook.made_by_id for webhook in webhooks}:
        still[maker] = may_have_webhooks(viewer_of_person(maker, at=at))
    return [Shown(webhook, names.get(webhook.made_by_id), _state(webhook, still.__getitem__)) for webhook in webhooks]


def _state(webhook: HookSubscription, may: Callable[[int], bool]) -> str:
    """What stands in the way first: a pause, a maker who may not, a secret that nobody can read, a receiver that is silent."""
    if webhook.paused_at:
        return "paused"
    if not may(webhook.made_by_id):
        return "stopped"
    if not can_be_read(webhook):
        return "unreadable"
    return "failing" if webhook.failing_since else "works"


def log_of(scope: Select[HookDelivery], webhook_id: int) -> Select[HookDelivery]:
    return scope.where(HookDelivery.subscription_id == webhook_id)
