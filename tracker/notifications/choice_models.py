"""What a person chose: by group what comes by mail and push, the quiet hours, and the browsers that are pushed to."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.core.leases import OPEN, Leased


class NotificationChoice(Model):
    """One group of one person. No row: mails as whoever tells it thinks right, and pushes to every browser that takes them."""

    __tablename__ = "notification_choice"
    __table_args__ = (CheckConstraint("mail IN ('auto', 'once', 'daily', 'none')", name="mail"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    group: Mapped[str] = mapped_column(String(20), primary_key=True)
    mail: Mapped[str] = mapped_column(String(8))
    push: Mapped[bool]


class QuietHours(Model):
    """A person’s own quiet hours, in the zone of their team. No row: quiet_rules.Quiet as it stands there."""

    __tablename__ = "quiet_hours"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool]
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    days_off: Mapped[bool]
    lets_urgent: Mapped[bool]


class PushSubscription(Model):
    """A browser that takes pushes: where to send them, and the keys that only it can read them with (RFC 8291).

    It belongs to the session in which it was set up, and ends with it: signed out there, by its owner from elsewhere, or shut out.
    A session that only ran out ends it when the row is forgotten, 30 days later.
    """

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sign_in_session.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(2000))
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    browser: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PushDelivery(Leased, Model):
    """One push on its way to one browser. It holds no words and not even which messages: whether there is still something new
    is looked up when it is sent, and all it says is that there is."""

    __tablename__ = "push_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "key"),
        CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="one_end"),
        Index("ix_push_delivery_open", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )

    subscription_id: Mapped[int] = mapped_column(ForeignKey("push_subscription.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    is_urgent: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    subscription: Mapped[PushSubscription] = relationship(lazy="raise_on_sql")
