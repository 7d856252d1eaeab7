"""Doors that helpdesks send to, and everything that came in by them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person
from tracker.ratings.models import Channel, Rating, Touchpoint

OPEN = text("removed_at IS NULL")
WAITING = text("state = 'waiting'")
WITH_BODY = text("body IS NOT NULL")


class Door(Model):
    """An address of ours for one helpdesk, and the secret by which we know that it is the one who sends.

    `name` is the source under which its ratings are kept. The secret is needed again for each delivery, so it is sealed, not hashed.
    """

    __tablename__ = "webhook_door"
    __table_args__ = (
        CheckConstraint("kind IN ('chatwoot', 'zendesk', 'freshdesk', 'standard')", name="kind"),
        Index("uq_webhook_door_name", "name", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    secret: Mapped[str | None] = mapped_column(Text)  # sealed
    old_secret: Mapped[str | None] = mapped_column(Text)  # sealed; still good until `old_until`
    old_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    scale: Mapped[str] = mapped_column(String(8), default="words")  # how a plain number is meant
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # what arrives is kept, and waits
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What was refused is not kept, only counted.
    refused: Mapped[int] = mapped_column(default=0)
    refused_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refused_why: Mapped[str | None] = mapped_column(String(12))

    made_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    touchpoint: Mapped[Touchpoint | None] = relationship(lazy="raise_on_sql")
    channel: Mapped[Channel | None] = relationship(lazy="raise_on_sql")


class Delivery(Model):
    """One payload as it came, and what became of it. The body is forgotten after a while; the row stays, so that the same
    delivery is known again."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("door_id", "delivery_id"),
        UniqueConstraint("door_id", "digest"),
        Index("ix_webhook_delivery_waiting", "door_id", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_webhook_delivery_with_body", "received_at", sqlite_where=WITH_BODY, postgresql_where=WITH_BODY),
        Index("ix_webhook_delivery_conversation", "door_id", "conversation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    door_id: Mapped[int] = mapped_column(ForeignKey("webhook_door.id"))
    delivery_id: Mapped[str | None] = mapped_column(String(200))  # as the sender numbers it
    digest: Mapped[str] = mapped_column(String(64))  # of what was signed: nobody makes a second one by another number
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # as it was signed
    body: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    worked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What it says it is about, once it has been read.
    event: Mapped[str | None] = mapped_column(String(80))
    conversation: Mapped[str | None] = mapped_column(String(100))
    said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    why: Mapped[str | None] = mapped_column(String(20))
    field: Mapped[str | None] = mapped_column(String(300))  # which one of the payload `why` is about
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="SET NULL"), index=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id", ondelete="SET NULL"), index=True)

    door: Mapped[Door] = relationship(lazy="raise_on_sql")
    rating: Mapped[Rating | None] = relationship(lazy="raise_on_sql")
