"""Tables of the machinery: mail and events on their way out, what has been done up to when, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.core.leases import OPEN, Leased


class OutboxMail(Leased, Model):
    """A mail to be written and sent. It holds whom it is for and what about, never a text, link or secret:
    those are made at the moment of sending, with the recipient as the viewer."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="one_end"),
        # Only open mails are looked for, again and again; the sent ones pile up behind them.
        Index("ix_outbox_mail_open", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(index=True)  # null: a customer, whom the composer finds by the key
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_to: Mapped[str | None] = mapped_column(String(320))


class HookSubscription(Model):
    """Where to tell another program of what kinds of events. It acts as the admin who made it, and only they know its secret,
    which is sealed at rest. During a change of the secret the old one signs as well, until `old_secret_until`."""

    __tablename__ = "hook_subscription"
    __table_args__ = (
        CheckConstraint("paused_because IN ('asked', 'gone', 'failing')", name="paused_because"),
        CheckConstraint("(paused_at IS NULL) = (paused_because IS NULL)", name="paused_with_reason"),
        CheckConstraint("(old_secret IS NULL) = (old_secret_until IS NULL)", name="old_secret_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(2000))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(String(300))
    old_secret: Mapped[str | None] = mapped_column(String(300))
    old_secret_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_because: Mapped[str | None] = mapped_column(String(10))
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class HookDelivery(Leased, Model):
    """One event on its way to one subscription. It holds what the event is about, never what is said of it: that is made at the
    moment of sending, with the subscription's maker as the viewer. `message_id` is random, so that nobody can count by it."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "key"),
        CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="one_end"),
        Index("ix_hook_delivery_open", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_hook_delivery_created_at", "created_at"),
    )

    subscription_id: Mapped[int] = mapped_column(ForeignKey("hook_subscription.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[int | None]

    subscription: Mapped[HookSubscription] = relationship(lazy="raise_on_sql")


class Watermark(Model):
    """How far a rule has got. It says what is due; a timer never does."""

    __tablename__ = "watermark"

    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    done_until: Mapped[datetime] = mapped_column(UTCDateTime)


class Heartbeat(Model):
    """When the timetable last ran, for health checks."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
