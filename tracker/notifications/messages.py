"""How the digest is written: at sending time, with the recipient as the viewer, in the recipient's language."""

from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import Flask
from flask_babel import force_locale, ngettext
from sqlalchemy import select

from tracker.access.queries import viewer_of_person
from tracker.core import clock, health, leases, mail, outbox
from tracker.core.audience import seen_by
from tracker.core.db import db
from tracker.core.models import OutboxMail
from tracker.notifications import kinds
from tracker.notifications.choice_models import PushDelivery
from tracker.notifications.choices import held_until
from tracker.notifications.models import Message
from tracker.notifications.queries import still_seen
from tracker.organisation.models import Person

# The way in: whoever asks for it waits for it.
ASKED_FOR = frozenset({"invitation", "reset"})


def start(app: Flask) -> None:
    kinds.start(app)
    outbox.composes(app, "digest", _digest)
    outbox.holds_back(app, _held_until)
    health.tells(app, _pushes_on_their_way)


def _pushes_on_their_way() -> dict[str, Any]:
    """For /healthz/ready: how many are due and not out, and since when the oldest waits."""
    depth, oldest = leases.depth_and_oldest(PushDelivery, at=clock.now())
    return {"pushes_waiting": depth, "pushes_oldest_due_at": oldest.isoformat() if oldest else None}


def _held_until(row: OutboxMail, at: datetime) -> datetime | None:
    """Decided when it is about to go: what an outage has held up must not ring in the night either. Customers have no such hours."""
    if row.person_id is None or row.kind in ASKED_FOR:
        return None
    return held_until(row.person_id, at, urgent=bool(row.parameters.get("urgent")))


def _digest(row: OutboxMail) -> EmailMessage | None:
    viewer = viewer_of_person(row.person_id, at=clock.now()) if row.person_id is not None else None
    person = db.session.get(Person, row.person_id)
    if viewer is None or person is None:
        return None
    told = (
        select(Message)
        .where(Message.id.in_(row.parameters["messages"]), Message.read_at.is_(None))
        .order_by(Message.id)
    )
    messages = still_seen(db.session.scalars(told), viewer)
    if not messages:
        return None
    with force_locale(person.language), seen_by(viewer):
        shown = [(kinds.kind_of(message), message) for message in kinds.praise_first(messages)]
        first = shown[0][0].title(shown[0][1])
        subject = (
            first
            if len(shown) == 1
            else ngettext("%(num)d thing is new for you", "%(num)d things are new for you", len(shown))
        )
        return mail.written(person, subject, "digest", messages=shown)
