"""Replays: what other settings would have alerted last year, worked out beside the request that asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person

OPEN = text("finished_at IS NULL AND cancelled_at IS NULL")


class FallReplay(Model):
    """One replay of a year of weekly checks. Whoever works on it holds the lease; one that ran out lets another begin anew.

    `result` (falls.rules.summary) holds counts of groups of five people or more and nothing about one person."""

    __tablename__ = "fall_replay"
    __table_args__ = (Index("ix_fall_replay_open", "asked_at", sqlite_where=OPEN, postgresql_where=OPEN),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_week: Mapped[int]  # the last week that is judged
    weeks: Mapped[int]
    alert_one_in: Mapped[int]
    least_fall: Mapped[float]
    strict: Mapped[bool]
    cooldown_weeks: Mapped[int]
    weeks_done: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(String(200))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    asked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @property
    def is_running(self) -> bool:
        return self.finished_at is None and self.cancelled_at is None
