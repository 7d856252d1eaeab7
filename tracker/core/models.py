"""Tables of the machinery: mail on its way out, what has been done up to when, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


class OutboxMail(Model):
    """A mail to be written and sent. It holds whom it is for and what about, never a text, link or secret:
    those are made at the moment of sending, with the recipient as the viewer."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="one_end"),
        # Only open mails are looked for, again and again; the sent ones pile up behind them.
        Index(
            "ix_outbox_mail_open",
            "due_at",
            sqlite_where=text("sent_at IS NULL AND dropped_at IS NULL AND dead_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND dropped_at IS NULL AND dead_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(index=True)  # null: a customer, whom the composer finds by the key
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_to: Mapped[str | None] = mapped_column(String(320))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(300))


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
