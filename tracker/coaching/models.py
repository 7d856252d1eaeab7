"""A coaching case, its talks and what was agreed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Fall

OPEN = text("closed_at IS NULL")
UNTOLD = text("done_at IS NULL AND reminded_at IS NULL")
PLANNED = text("held_at IS NULL AND called_off_at IS NULL")


class CoachingCase(Model):
    """One open case a person. Until `shares_at` only the person can see it; then also who leads their team.

    The clock of its reminders (see coaching.rules): `clock_from` is the number of its first step, `clock_starts_on` its day zero,
    `clock_leader_id` for whom it runs, `reminds_at` when it is looked at next; `reminders_sent` counts what was said so far.
    """

    __tablename__ = "coaching_case"
    __table_args__ = (
        Index("uq_coaching_case_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_coaching_case_reminds_at", "reminds_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    fall_id: Mapped[int | None] = mapped_column(ForeignKey("fall.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shares_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders_sent: Mapped[int] = mapped_column(default=0)
    reminds_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_reminded_on: Mapped[date | None]
    clock_from: Mapped[int] = mapped_column(default=0, server_default="0")
    clock_starts_on: Mapped[date | None]
    clock_leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    snoozed_until: Mapped[date | None]
    reply: Mapped[str | None] = mapped_column(Text)  # the employee's own words
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_by: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_because: Mapped[str | None] = mapped_column(String(20))

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    fall: Mapped[Fall | None] = relationship(lazy="raise_on_sql")
    sessions: Mapped[list["CoachingSession"]] = relationship(
        back_populates="case", order_by="CoachingSession.id", lazy="raise_on_sql"
    )
    agreed: Mapped[list["CoachingAction"]] = relationship(
        back_populates="case", order_by="CoachingAction.id", lazy="raise_on_sql"
    )


class CoachingSession(Model):
    """A talk: planned, moved, held or called off. Every change raises the calendar sequence, so that calendars follow."""

    __tablename__ = "coaching_session"
    __table_args__ = (
        CheckConstraint("kind IN ('talk', 'follow_up')", name="kind"),
        CheckConstraint("minutes BETWEEN 5 AND 240", name="minutes"),
        # One talk and one follow-up at a time: two that book at once cannot both win.
        Index(
            "uq_coaching_session_planned",
            "case_id",
            unique=True,
            sqlite_where=PLANNED,
            postgresql_where=PLANNED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10), default="talk")
    led_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    starts_on: Mapped[date]  # local day, for the tenure rule
    minutes: Mapped[int] = mapped_column(default=20)
    place: Mapped[str | None] = mapped_column(String(120))
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the moment of the last calendar sequence
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_off_because: Mapped[str | None] = mapped_column(String(20))
    day_off_told_for: Mapped[int | None]  # the sequence of which both have heard that somebody is away
    note: Mapped[str | None] = mapped_column(Text)  # shared: the employee reads it

    case: Mapped[CoachingCase] = relationship(back_populates="sessions", lazy="raise_on_sql")


class CoachingAction(Model):
    """Something agreed: who does it by when."""

    __tablename__ = "coaching_action"
    __table_args__ = (
        UniqueConstraint("case_id", "form_key"),
        Index("ix_coaching_action_untold", "due_on", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_on: Mapped[date]  # local day, for the tenure rule
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its owner was told that it is due, once
    form_key: Mapped[str | None] = mapped_column(String(32))  # forms.OnceForm.sent_as: sent twice, it is one

    case: Mapped[CoachingCase] = relationship(back_populates="agreed", lazy="raise_on_sql")
    owner: Mapped[Person] = relationship(lazy="raise_on_sql")


class CoachingReminder(Model):
    """What has been said to whom about a case, once per step: the proof that nothing was sent twice or forgotten."""

    __tablename__ = "coaching_reminder"
    __table_args__ = (UniqueConstraint("case_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"))
    step: Mapped[int]
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CoachingSnooze(Model):
    """A leader put the reminders off, and said why in one of our words: the employee reads it."""

    __tablename__ = "coaching_snooze"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(20))
    until: Mapped[date]  # the first day on which the leader is reminded again
    at: Mapped[datetime] = mapped_column(UTCDateTime)
