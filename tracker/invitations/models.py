"""Whom a customer's answer was asked of, the address for as long as it is needed, and who asked not to be asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.ratings.models import Interaction, SurveyLink

OPEN = text("asked_at IS NULL AND skipped_at IS NULL")
UNREMINDED = text("sent_at IS NOT NULL AND reminder_queued_at IS NULL")


class Invitation(Model):
    """One time a customer is to be asked about one interaction: planned, then asked or skipped with its reason.

    `address_hash` is keyed, and forgotten with time; the address itself stands in CustomerContact while it is needed."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("asked_at IS NULL OR skipped_at IS NULL", name="one_end"),
        CheckConstraint("(skipped_at IS NULL) = (skip_reason IS NULL)", name="reason"),
        Index("ix_invitation_open", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_invitation_unreminded", "sent_at", sqlite_where=UNREMINDED, postgresql_where=UNREMINDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"), unique=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("survey_link.id", ondelete="SET NULL"), unique=True)
    address_hash: Mapped[str | None] = mapped_column(String(40), index=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    source: Mapped[str] = mapped_column(String(8))  # api, file or page
    created_by_id: Mapped[int | None]
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)  # decided, and its mail queued
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminder_queued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the reminder's mail was queued
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    skipped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    skip_reason: Mapped[str | None] = mapped_column(String(20))

    interaction: Mapped[Interaction] = relationship(lazy="raise_on_sql")
    link: Mapped[SurveyLink | None] = relationship(lazy="raise_on_sql")


# When a customer was last asked, over all channels.
Index("ix_interaction_customer", Interaction.customer_id, Interaction.invited_at)


class CustomerContact(Model):
    """Where to write about one invitation. The row is deleted as soon as nothing is to be written any more."""

    __tablename__ = "customer_contact"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))


class MailedToken(Model):
    """A further secret of a link: each mail carries one of its own, and all lead to the same single answer."""

    __tablename__ = "mailed_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("survey_link.id", ondelete="CASCADE"), index=True)
    mailed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DoNotAsk(Model):
    """Somebody who asked not to be asked again, known by the hash of an address or by the company's own reference."""

    __tablename__ = "do_not_ask"
    __table_args__ = (CheckConstraint("(address_hash IS NULL) <> (customer_id IS NULL)", name="one_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str | None] = mapped_column(String(40), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
