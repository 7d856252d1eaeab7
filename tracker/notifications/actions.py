"""Telling people things, in their working hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from tracker.core.audience import Viewer
from tracker.core.db import db, upsert
from tracker.notifications.models import Message
from tracker.organisation.queries import calendar_of


def tell(
    kind: str,
    *,
    to: int,
    key: str,
    at: datetime,
    visible_at: datetime | None = None,
    about_id: int | None = None,
    urgent: bool = False,
    **parameters: Any,
) -> None:
    """Put a message into somebody's inbox; the same `key` twice is one message.

    It shows from `visible_at`, by default the next moment inside the person's working hours; what is urgent shows at once.
    """
    if visible_at is None:
        visible_at = at if urgent else calendar_of(to, at.date()).next_working_moment(at)
    told = Told(kind, to, key, visible_at, parameters, about_id=about_id, is_urgent=urgent)
    tell_all([told], at=at)


@dataclass(frozen=True)
class Told:
    """One message to be put into an inbox."""

    kind: str
    person_id: int
    key: str
    visible_at: datetime
    parameters: dict[str, Any]
    about_id: int | None = None
    is_urgent: bool = False


def tell_all(messages: Sequence[Told], *, at: datetime) -> None:
    """Put many messages into inboxes in one go; keys that exist already are passed over."""
    if messages:
        rows = [{**vars(told), "created_at": at} for told in messages]
        db.session.execute(upsert(Message).on_conflict_do_nothing(index_elements=["key"]), rows)


def mark_all_read(viewer: Viewer) -> None:
    unread = update(Message).where(
        Message.person_id == viewer.person_id, Message.visible_at <= viewer.at, Message.read_at.is_(None)
    )
    db.session.execute(unread.values(read_at=viewer.at))


def mark_read(message: Message, *, at: datetime) -> None:
    message.read_at = message.read_at or at
