"""The kinds of message there are. Each package above registers its own at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app

from tracker.core.audience import Viewer
from tracker.notifications.groups import Group, group_of
from tracker.notifications.models import Message


def _always(_message: Message, _viewer: Viewer) -> bool:
    return True


def _never(_message: Message) -> bool:
    return False


@dataclass(frozen=True)
class MessageKind:
    """How a kind is shown. The functions run at reading time, in the reader's language; `is_seen_by` asks the scope of the thing
    it speaks of, so that a former manager's message falls silent with the right. Praise comes first in the daily mail."""

    icon: str
    title: Callable[[Message], str]
    text: Callable[[Message], str]
    url: Callable[[Message], str]
    is_seen_by: Callable[[Message, Viewer], bool] = _always
    is_praise: Callable[[Message], bool] = _never


def start(app: Flask) -> None:
    app.extensions["message_kinds"] = {}


def shows(app: Flask, kind: str, how: MessageKind) -> None:
    app.extensions["message_kinds"][kind] = how


def has_kinds_in(app: Flask, group: Group) -> bool:
    """Whether any kind of message that there is belongs to a group."""
    return any(group_of(kind) == group for kind in app.extensions["message_kinds"])


def kind_of(message: Message) -> MessageKind:
    found: MessageKind = current_app.extensions["message_kinds"][message.kind]
    return found


def praise_first(messages: Iterable[Message]) -> list[Message]:
    """The same messages, those that praise before all others, else in their order."""
    return sorted(messages, key=lambda message: not kind_of(message).is_praise(message))
