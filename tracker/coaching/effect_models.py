"""What became of somebody’s ratings after an alert, and what coaching changes in the company: worked out weekly, read as rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.coaching.models import CoachingCase
from tracker.core.db import Model, UTCDateTime

UNSHARED = text("shares_at IS NOT NULL")


class CaseEffect(Model):
    """Before and after of one case (see effect_rules.CaseFigures). Its own person reads `figures` at once; whoever leads them reads
    `shared_figures`, which follow 24 hours after the person’s next working morning, as a score card does."""

    __tablename__ = "case_effect"
    __table_args__ = (Index("ix_case_effect_shares_at", "shares_at", sqlite_where=UNSHARED, postgresql_where=UNSHARED),)

    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[int]  # the last whole week that `figures` rest on
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    shared_figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    shares_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_on: Mapped[date | None]  # the Monday of its verdict, which does not change any more

    case: Mapped[CoachingCase] = relationship(lazy="raise_on_sql")


class CoachingEffect(Model):
    """What coaching changed in the company, as of each weekly check (see effect_rules.CompanyFigures). Groups only."""

    __tablename__ = "coaching_effect"

    week: Mapped[int] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
