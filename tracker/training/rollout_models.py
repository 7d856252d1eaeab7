"""A course that teams get one after another in an order drawn by lot, and what came of courses in customers’ ratings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.courses.models import Course
from tracker.organisation.models import Team
from tracker.training.models import TrainingRule

UNTOLD = text("told_at IS NULL")


class TrainingRollout(Model):
    """What the rule of kind `wave` carries out: course, days, words and end are the rule’s. It never changes once drawn.

    `seed` makes the draw again: random.Random(seed) shuffles the ids of the teams in ascending order."""

    __tablename__ = "training_rollout"
    __table_args__ = (CheckConstraint("weeks_apart >= 1", name="weeks_apart"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("training_rule.id"), unique=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    waves: Mapped[int]
    weeks_apart: Mapped[int]
    end_reason: Mapped[str | None] = mapped_column(Text)

    rule: Mapped[TrainingRule] = relationship(lazy="raise_on_sql")
    teams: Mapped[list["RolloutTeam"]] = relationship(
        order_by="RolloutTeam.position", lazy="raise_on_sql", viewonly=True
    )


class RolloutTeam(Model):
    """A team’s place in the order that was drawn (0 is the first), and the Monday its turn comes."""

    __tablename__ = "rollout_team"
    __table_args__ = (
        UniqueConstraint("rollout_id", "team_id"),
        UniqueConstraint("rollout_id", "position"),
        Index("ix_rollout_team_untold", "starts_on", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout_id: Mapped[int] = mapped_column(ForeignKey("training_rollout.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    position: Mapped[int]
    starts_on: Mapped[date]
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when its leader heard that it comes soon

    rollout: Mapped[TrainingRollout] = relationship(lazy="raise_on_sql")
    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class TrainingEffect(Model):
    """What a course changed in customers’ ratings, worked out every night (see training.effect.Figures for `figures`)."""

    __tablename__ = "training_effect"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    week: Mapped[int]  # the last whole week that it rests on
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
