"""Tokens of other programs, and the answers kept for requests that are sent again."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person


class ApiToken(Model):
    """The right of a program to act as the admin who made it, cut to its scopes. Only the secret's hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))  # how the secret ends, so that people can tell which one it is
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date | None]

    made_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class KeptAnswer(Model):
    """What a request with an Idempotency-Key was answered. Without a status it is still being worked on."""

    __tablename__ = "api_answer"
    __table_args__ = (
        UniqueConstraint("token_id", "key"),
        CheckConstraint("(status IS NULL) = (body IS NULL)", name="whole"),
        Index("ix_api_answer_made_at", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    claim: Mapped[str] = mapped_column(String(32))  # whose turn it is: a random word of the request that works on it
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
