"""An inbox is its owner's alone, and so are the browsers that are pushed to."""

from sqlalchemy import Select, select

from tracker.core.audience import Viewer
from tracker.notifications.choice_models import PushSubscription
from tracker.notifications.models import Message


def messages_of(viewer: Viewer) -> Select[Message]:
    """What has been told to the viewer so far; what is planned for later is not there yet."""
    return select(Message).where(Message.person_id == viewer.person_id, Message.visible_at <= viewer.at)


def subscriptions_of(person_id: int) -> Select[PushSubscription]:
    """The browsers that take one's own pushes. (Only ever asked for oneself.)"""
    return select(PushSubscription).where(PushSubscription.person_id == person_id)
