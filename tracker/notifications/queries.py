"""Reading the inbox."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.notifications.kinds import kind_of
from tracker.notifications.models import Message
from tracker.notifications.policy import messages_of

SHOWN = 60


def inbox(viewer: Viewer) -> list[Message]:
    """The latest messages whose subject the viewer may still see, newest first."""
    rows = db.session.scalars(messages_of(viewer).order_by(Message.visible_at.desc(), Message.id.desc()).limit(SHOWN))
    return still_seen(rows, viewer)


def still_seen(messages: Iterable[Message], viewer: Viewer) -> list[Message]:
    return [message for message in messages if kind_of(message).is_seen_by(message, viewer)]


def new_count(viewer: Viewer) -> ScalarSelect[int]:
    """How many wait unread: a number to be asked for together with others."""
    unread = messages_of(viewer).where(Message.read_at.is_(None)).subquery()
    return select(func.count()).select_from(unread).scalar_subquery()


def unmailed(*, at: datetime) -> list[Message]:
    """Messages that are visible and not yet in any mail, by person."""
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.mailed_at.is_(None), Message.visible_at <= at)
            .order_by(Message.person_id, Message.visible_at, Message.id)
        )
    )


def people_told(kind: str, *, since: datetime) -> set[int]:
    """Who has been told something of this kind since then."""
    return set(db.session.scalars(select(Message.person_id).where(Message.kind == kind, Message.created_at > since)))
