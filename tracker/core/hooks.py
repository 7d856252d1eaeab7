"""Events for other programs: a row for each subscription in the transaction of the deed. Sending is for the webhooks package,
which knows who may see what."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from tracker.core import leases
from tracker.core.db import db, upsert
from tracker.core.models import HookDelivery, HookSubscription

SEALED_FOR = "outgoing webhook"  # what signing secrets are sealed for
_LISTENING = select(HookSubscription.id, HookSubscription.kinds).where(
    HookSubscription.paused_at.is_(None), HookSubscription.removed_at.is_(None)
)


def announce(kind: str, *, about: int | None, key: str, at: datetime, **parameters: Any) -> None:
    """Tell whoever subscribed to this kind, once under this key. `parameters` hold numbers and moments, no words and no names.

    One small question, and nothing more when nobody listens. What is somebody's alone for now is not announced before it is shared:
    a row that waits could be counted.
    """
    listening = [id for id, kinds in db.session.execute(_LISTENING) if kind in kinds]
    if listening:
        rows = [
            {
                "subscription_id": id,
                "key": key,
                "message_id": new_message_id(),
                "kind": kind,
                "about_id": about,
                "parameters": parameters,
                "created_at": at,
                "due_at": at,
                "attempts": 0,
            }
            for id in listening
        ]
        made = upsert(HookDelivery).on_conflict_do_nothing(index_elements=["subscription_id", "key"])
        db.session.execute(made, rows)


def new_message_id() -> str:
    return f"msg_{secrets.token_urlsafe(20)}"


def is_listened_to() -> ColumnElement[bool]:
    """A row whose subscription is neither paused nor removed."""
    return HookDelivery.subscription_id.in_(_LISTENING.with_only_columns(HookSubscription.id))


def depth_and_oldest(at: datetime) -> tuple[int, datetime | None]:
    """How many events are due and not sent, and since when the oldest waits. Those of a paused webhook wait on purpose."""
    return leases.depth_and_oldest(HookDelivery, is_listened_to(), at=at)
