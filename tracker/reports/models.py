"""Figures of reports that would take a look at every customer: worked out by night, so that a page reads one row."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


class ReportFigures(Model):
    """One kind of figures (figures.KINDS) of the whole company for the twelve months that end with `month` (its first day).

    `version` counts the changes; `rests_on`: what they were worked out from: the
    sum of the months’ own versions and of the rounds of the pulse that closed in them."""

    __tablename__ = "report_figures"
    __table_args__ = (PrimaryKeyConstraint("month", "kind"),)

    month: Mapped[date]
    kind: Mapped[str] = mapped_column(String(24))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    rests_on: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
