"""Shared terminals, and the personal PINs that work on them alone."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Team


class SharedTerminal(Model):
    """A till’s browser on which people of one team, and of the teams beneath, sign in with a PIN.

    Code and token stand here only as hashes. The code pairs one browser, once; the token in that browser’s cookie says which
    terminal it is, and signs nobody in.
    """

    __tablename__ = "shared_terminal"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date | None]  # to the day: more would say who worked when
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class TerminalPin(Model):
    """A person’s PIN, hashed with argon2id over a keyed hash: of a copied database alone, no PIN can be found by trying all."""

    __tablename__ = "terminal_pin"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
