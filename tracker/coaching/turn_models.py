"""Turns by lot: how many talks a week leaders can hold, and the order that was drawn when more were due."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.coaching.models import CoachingCase
from tracker.core.db import Model, UTCDateTime


class CoachingCapacity(Model):
    """The company’s one setting; without a row, or without `talks_a_week`, everybody’s turn comes at once."""

    __tablename__ = "coaching_capacity"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("talks_a_week >= 1", name="talks_a_week"),
        CheckConstraint("longest_wait BETWEEN 1 AND 12", name="longest_wait"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    talks_a_week: Mapped[int | None]
    longest_wait: Mapped[int] = mapped_column(default=8)  # weeks


class CoachingDraw(Model):
    """One week’s draw. random.Random(seed) shuffles the ids of its cases in ascending order; the audit has them too."""

    __tablename__ = "coaching_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[int] = mapped_column(unique=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    talks_a_week: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the audit heard of it


class CoachingPlace(Model):
    """A case’s place in the order (0 is the first), and how many weeks its leader’s first reminder comes later for it."""

    __tablename__ = "coaching_place"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"), primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("coaching_draw.id"))
    position: Mapped[int]
    weeks: Mapped[int]
    turn_at: Mapped[datetime] = mapped_column(UTCDateTime)

    case: Mapped[CoachingCase] = relationship(lazy="raise_on_sql")
    draw: Mapped[CoachingDraw] = relationship(lazy="raise_on_sql")
