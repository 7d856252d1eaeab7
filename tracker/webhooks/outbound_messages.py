"""What the inbox says when a webhook of one’s own was paused by itself."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.models import HookSubscription
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.webhooks.outbound_policy import sees, webhooks_managed_by


def start(app: Flask) -> None:
    shows(app, "webhook.paused", MessageKind("warning", _title, _text, _url, _is_managed))


def _title(message: Message) -> str:
    webhook = db.session.get(HookSubscription, message.about_id)
    return _("The webhook “%(name)s” is paused", name=webhook.name if webhook else "?")


def _text(message: Message) -> str:
    if message.parameters["because"] == "gone":
        return _("The receiver says that it is gone for good. Nothing is sent to it any more.")
    return _("The receiver has taken nothing for 5 days. Nothing is sent to it until somebody starts it again.")


def _url(message: Message) -> str:
    return url_for("outgoing.webhook", id=message.about_id)


def _is_managed(message: Message, viewer: Viewer) -> bool:
    return sees(webhooks_managed_by(viewer), HookSubscription, message.about_id)
