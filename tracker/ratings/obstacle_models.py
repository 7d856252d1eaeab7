"""What kept somebody from helping a customer: said about a rating or a complaint."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


class Obstacle(Model):
    """One obstacle, about a rating or about a complaint; of a complaint one, named as it is closed.

    The table of complaints belongs to a package above, and so stands here by its name."""

    __tablename__ = "obstacle"
    __table_args__ = (
        CheckConstraint("kind IN ('policy', 'system', 'stock', 'staffing', 'knowledge')", name="kind"),
        CheckConstraint("(rating_id IS NULL) <> (case_id IS NULL)", name="about_one"),
        Index("ix_obstacle_team", "team_id", "said_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"), unique=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    driver: Mapped[str | None] = mapped_column(String(40))  # a driver's key
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
