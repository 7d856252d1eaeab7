"""A second look at a rating: what was asked, what the leader knows about it, and who answered how."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person
from tracker.ratings.models import Rating

KINDS = ("not_me", "not_my_doing", "wrong_stars", "unkind")
OUTCOMES = ("accepted", "partly", "declined", "withdrawn")
OPEN = text("decided_at IS NULL")


class Dispute(Model):
    """One a rating, asked for by whom it is credited to. Its rounds are the first answer and at most one appeal."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("kind IN ('not_me', 'not_my_doing', 'wrong_stars', 'unkind')", name="kind"),
        Index("ix_dispute_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    statement: Mapped[str | None] = mapped_column(Text)  # what who leads the person knows about it
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    rating: Mapped[Rating] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    stated_by: Mapped[Person | None] = relationship(foreign_keys=[stated_by_id], lazy="raise_on_sql")
    rounds: Mapped[list["DisputeRound"]] = relationship(
        back_populates="dispute", order_by="DisputeRound.number", lazy="raise_on_sql"
    )

    @property
    def last(self) -> "DisputeRound":
        return self.rounds[-1]


class DisputeRound(Model):
    """The first look (1) or the appeal (2): what the person wrote, who answers by when, and the answer with its reason.

    No decider: nobody here may decide it yet; the timetable goes on looking."""

    __tablename__ = "dispute_round"
    __table_args__ = (
        UniqueConstraint("dispute_id", "number"),
        CheckConstraint("number IN (1, 2)", name="number"),
        CheckConstraint("outcome IN ('accepted', 'partly', 'declined', 'withdrawn')", name="outcome"),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided_with_outcome"),
        Index("ix_dispute_round_open", "decider_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    comment: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)

    dispute: Mapped[Dispute] = relationship(back_populates="rounds", lazy="raise_on_sql")
    decider: Mapped[Person | None] = relationship(foreign_keys=[decider_id], lazy="raise_on_sql")
