"""An inbox is its owner's alone."""

from sqlalchemy import Select, select

from tracker.core.audience import Viewer
from tracker.notifications.models import Message


def messages_of(viewer: Viewer) -> Select[Message]:
    """What has been told to the viewer so far; what is planned for later is not there yet."""
    return select(Message).where(Message.person_id == viewer.person_id, Message.visible_at <= viewer.at)
