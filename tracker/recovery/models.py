"""A recovery case: what a customer complains of, who takes care of it, what was done, and whether it helped."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Obstacle
from tracker.recovery.limit_models import Given

OPEN = text("closed_at IS NULL")
UNASKED = text("survey_due_at IS NOT NULL AND survey_decided_at IS NULL")
CLOCK_RUNS = text("closed_at IS NULL AND clock_at IS NOT NULL")


class RecoveryCase(Model):
    """One case an interaction, and one open case a customer. `owner_id` takes care of it; whoever it was escalated to helps.

    `step` counts the steps of the clock that are done and `clock_at` is when the next is due (see recovery.rules)."""

    __tablename__ = "recovery_case"
    __table_args__ = (
        CheckConstraint("outcome IN ('solved', 'partly', 'unsolved', 'not_reached', 'taken_back')", name="outcome"),
        CheckConstraint("cause IN ('person', 'process', 'product')", name="cause"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
        CheckConstraint("closed_at IS NULL OR contact_sealed IS NULL OR survey_due_at IS NOT NULL", name="contact"),
        Index("ix_recovery_case_clock", "clock_at", sqlite_where=CLOCK_RUNS, postgresql_where=CLOCK_RUNS),
        Index("ix_recovery_case_owner", "owner_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_recovery_case_customer", "customer_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_recovery_case_opened_on", "opened_on"),
        Index("ix_recovery_case_unasked", "survey_due_at", sqlite_where=UNASKED, postgresql_where=UNASKED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_on: Mapped[date]  # the local day of its team
    is_loyal: Mapped[bool] = mapped_column(default=False)  # was happy with us before, several times
    # A public review that it is about, and whom that names; both as the reviews package, above, says.
    is_public: Mapped[bool] = mapped_column(default=False)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"), unique=True)
    named_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # How the customer wants to be called back, in their own words, sealed; gone when nothing needs it any more.
    contact_sealed: Mapped[str | None] = mapped_column(Text)
    address_sealed: Mapped[str | None] = mapped_column(
        Text
    )  # where the rating was asked for: the survey goes there too
    language: Mapped[str | None] = mapped_column(String(8))  # the customer's
    call_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    contact_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    contacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    contact_minutes: Mapped[int | None]  # of working time until then
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when we said that we would call
    clock_since: Mapped[datetime | None] = mapped_column(UTCDateTime)  # opened, or the time that the customer agreed to
    step: Mapped[int] = mapped_column(default=0)
    clock_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(12))
    cause: Mapped[str | None] = mapped_column(String(8))
    driver: Mapped[str | None] = mapped_column(String(40))  # a driver's key
    survey_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    survey_decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # that a mail asks, or that none does
    survey_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    # By name, as its table is: the package above is not imported. Only to show its words.
    review: Mapped[Any] = relationship("Review", lazy="raise_on_sql", viewonly=True)
    ratings: Mapped[list[Rating]] = relationship(
        secondary="recovery_rating", order_by="Rating.rated_at", lazy="raise_on_sql", viewonly=True
    )
    entries: Mapped[list["RecoveryEntry"]] = relationship(
        order_by="RecoveryEntry.id", lazy="raise_on_sql", viewonly=True
    )
    obstacle: Mapped[Obstacle | None] = relationship(lazy="raise_on_sql", viewonly=True)
    answer: Mapped["RecoveryAnswer | None"] = relationship(lazy="raise_on_sql", viewonly=True)


class OwnerRule(Model):
    """Who takes care of a team's complaints; without a rule it is who leads the handler. No team: the whole company's rule.

    One person always, or several who take turns: whoever has the fewest open, and of these whose last one is longest ago."""

    __tablename__ = "recovery_owner_rule"
    __table_args__ = (PrimaryKeyConstraint("team_key", "person_id"),)

    team_key: Mapped[int]  # a team's id, or 0 for the company
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class RecoveryRating(Model):
    """A rating that a case is about. The first opened it; later ones of the same customer were added to it."""

    __tablename__ = "recovery_rating"

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"), index=True)


class RecoveryHelper(Model):
    """Somebody whom a case was escalated to: sees it and can act, while it is open."""

    __tablename__ = "recovery_helper"
    __table_args__ = (PrimaryKeyConstraint("case_id", "person_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryEntry(Model):
    """What happened, in order. `words` are what somebody wrote; what is public the customer reads on their own page."""

    __tablename__ = "recovery_entry"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('opened', 'added', 'given', 'call_asked', 'overdue', 'escalated', 'contact', 'missed', 'promise',"
            " 'postponed', 'note', 'closed', 'answered', 'asked', 'no_address', 'declined', 'too_late',"
            " 'public', 'unneeded')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    words: Mapped[str | None] = mapped_column(Text)

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    to: Mapped[Person | None] = relationship(foreign_keys=[to_id], lazy="raise_on_sql")
    given: Mapped[Given | None] = relationship(lazy="raise_on_sql", viewonly=True)


class RecoveryStep(Model):
    """A step of the clock that was taken: the proof that none was forgotten or taken twice."""

    __tablename__ = "recovery_step"
    __table_args__ = (UniqueConstraint("case_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"))
    step: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryAnswer(Model):
    """What the customer said afterwards: once, paired with the first rating through the case."""

    __tablename__ = "recovery_answer"
    __table_args__ = (
        CheckConstraint("solved IN ('yes', 'partly', 'no')", name="solved"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"), primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    solved: Mapped[str] = mapped_column(String(6))
    stars: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)


class ReplyTemplate(Model):
    """A text to begin an answer with, edited before it goes out. Of one team, or of all."""

    __tablename__ = "reply_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)  # or changed, the last time

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
