"""Accounts and what proves them. Secrets are kept only as hashes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person


class Account(Model):
    """The right of a person to sign in. Without a password hash, only a link or slip lets in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class SignInSession(Model):
    """One browser that is signed in. The row is the session: end it, and the cookie is worth nothing.

    With `terminal_id` it holds only in the browser of that shared terminal; `is_by_pin` opens one’s own pages alone.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(80), default="")
    is_remembered: Mapped[bool] = mapped_column(default=False)
    terminal_id: Mapped[int | None] = mapped_column(ForeignKey("shared_terminal.id", ondelete="CASCADE"), index=True)
    is_by_pin: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date]
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AccountLink(Model):
    """A link or printed code that lets its holder set a password, once. Single use by a conditional update."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("kind IN ('invitation', 'reset', 'slip')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the person heard that somebody printed a slip


class RoleGrant(Model):
    """A role beyond one's own work. Leading a team is no role: it follows from the tenure."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role IN ('hr', 'admin')", name="role"), UniqueConstraint("person_id", "role"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(8))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    granted_by_id: Mapped[int | None]


class Throttle(Model):
    """How often something was tried in vain, by account or by address; survives restarts."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
