"""Who looks after the doors, and reads what came in by them."""

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.organisation.policy import by_role
from tracker.webhooks.inbound_models import Delivery, Door


def doors_managed_by(viewer: Viewer) -> Select[Door]:
    """Those that have not been removed."""
    may = by_role("webhook_door.manage", viewer)
    return select(Door).where(true() if may else false(), Door.removed_at.is_(None)).order_by(Door.id)


def deliveries_read_by(viewer: Viewer) -> Select[Delivery]:
    doors = doors_managed_by(viewer).order_by(None).with_only_columns(Door.id)
    return select(Delivery).where(Delivery.door_id.in_(doors))
