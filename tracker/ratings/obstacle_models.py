"""What kept somebody from helping a customer: said about a rating or a complaint, and gathered under what it was."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Team

KINDS = "kind IN ('policy', 'system', 'stock', 'staffing', 'knowledge')"
ANSWERS = ("planned", "declined", "done")
OWN = text("case_id IS NULL")
STANDS = text("merged_into_id IS NULL")


class Cause(Model):
    """What stood in the way, once for all who name it: “Returns need a receipt”. A team may be asked to answer for it.

    `due_on` is the day the team's next word is due: an answer, or the change that was promised. `step` counts what was done
    about that day. One that was merged stays, so that what was named under it keeps its name."""

    __tablename__ = "obstacle_cause"
    __table_args__ = (
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("(owner_id IS NULL) = (owned_at IS NULL)", name="owned_since"),
        Index("uq_obstacle_cause_name", "name_key", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))  # the name without what tells apart only to a computer
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    owned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_on: Mapped[date | None]
    step: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("obstacle_cause.id"), index=True)
    merged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    owner: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class CauseEntry(Model):
    """What happened to one, in order: given to a team, renamed, merged, and each answer. Words are the answer's.

    An old name is not kept: it may have been changed because it named somebody."""

    __tablename__ = "obstacle_cause_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('given', 'renamed', 'merged', 'planned', 'declined', 'done')", name="kind"),
        CheckConstraint("(kind = 'planned') = (change_on IS NOT NULL)", name="planned_for_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cause_id: Mapped[int] = mapped_column(ForeignKey("obstacle_cause.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    change_on: Mapped[date | None]
    words: Mapped[str | None] = mapped_column(Text)

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class Obstacle(Model):
    """One obstacle: what somebody says about a rating of theirs, or what is named as a complaint is closed (`case_id`).

    The day, the stars and whose service it was are kept here, so that it still counts when the customer has taken the rating
    back; the words are not. The table of complaints belongs to a package above, and so stands here by its name."""

    __tablename__ = "obstacle"
    __table_args__ = (
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index("ix_obstacle_team", "team_id", "said_at"),
        Index("ix_obstacle_rated_on", "rated_on"),
        Index("uq_obstacle_own", "rating_id", "said_by_id", unique=True, sqlite_where=OWN, postgresql_where=OWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("obstacle_cause.id"), index=True)
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="SET NULL"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"), unique=True)
    rated_on: Mapped[date | None]
    stars: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    driver: Mapped[str | None] = mapped_column(String(40))  # a driver's key
    words: Mapped[str | None] = mapped_column(Text)
    words_shared_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # whoever answers may read them, without a name
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    cause: Mapped[Cause | None] = relationship(lazy="raise_on_sql")
