"""Who is to learn what by when, and why: assignments and the rules that make them, and what people wish for."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.courses.models import Course
from tracker.organisation.models import Person, Team

OPEN = text("ended_at IS NULL")
REMINDED = text("ended_at IS NULL AND remind_at IS NOT NULL")
WHYS = "'chosen', 'own', 'rating', 'joined', 'leads', 'low', 'renewal', 'version', 'wave'"


class Assignment(Model):
    """A course that somebody is to do, or began by their own wish (`why` is `own`, without a day). One open at a time.

    What a rule made carries the rule and its `cause`, the one event that it answers: the same event never makes a second one.
    `certificate_id` is the certificate that it renews: that is asked for once, also when it was waived.
    `outcome` is how it ended: completed; waived, with a reason; withdrawn, when what it was for holds no more."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(f"why IN ({WHYS})", name="why"),
        CheckConstraint("outcome IN ('completed', 'waived', 'withdrawn')", name="outcome"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
        CheckConstraint("outcome <> 'waived' OR reason IS NOT NULL", name="waived_with_reason"),
        CheckConstraint("(rule_id IS NULL) = (cause IS NULL)", name="rule_with_cause"),
        CheckConstraint("why <> 'renewal' OR certificate_id IS NOT NULL", name="renewal_of_certificate"),
        UniqueConstraint("rule_id", "person_id", "cause"),
        Index("uq_assignment_open", "person_id", "course_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_assignment_remind", "remind_at", sqlite_where=REMINDED, postgresql_where=REMINDED),
        Index("ix_assignment_course", "course_id"),
        Index("ix_assignment_person", "person_id", "assigned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # null: a rule
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("training_rule.id"))
    cause: Mapped[str | None] = mapped_column(String(60))  # such as membership:12
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)  # that it renews
    why: Mapped[str] = mapped_column(String(8))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="SET NULL"))
    driver: Mapped[str | None] = mapped_column(String(40))  # a driver's key
    words: Mapped[str | None] = mapped_column(Text)  # a line that the learner reads
    is_paid: Mapped[bool] = mapped_column(default=True)  # time on shift is planned for it
    assigned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date | None]
    remind_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the next step of reminding is due
    step: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")


class TrainingRule(Model):
    """Assigns a course by itself to everybody of a team and the teams beneath it (no team: the company) whom it is about.

    One whose maker led the team on the day it was made is about the people of exactly that team (training.rule_queries).
    joined: who comes into the team from `since` on; leads: who begins to lead one; low: whose customers keep wishing for `driver`;
    wave: the teams of a rollout, each from its day on. Certificates need no rule to be renewed (training.renewals)."""

    __tablename__ = "training_rule"
    __table_args__ = (
        CheckConstraint("kind IN ('joined', 'leads', 'low', 'wave')", name="kind"),
        CheckConstraint("(kind = 'low') = (driver IS NOT NULL)", name="low_names_driver"),
        CheckConstraint("days >= 1", name="days"),
        Index("ix_training_rule_open", "kind", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    driver: Mapped[str | None] = mapped_column(String(40))
    days: Mapped[int]  # from the assignment until it is due
    words: Mapped[str | None] = mapped_column(Text)
    since: Mapped[date]  # what happened before is left alone
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class CourseWish(Model):
    """Somebody would like to learn this: a course there is, or in words one there is not yet."""

    __tablename__ = "course_wish"
    __table_args__ = (
        CheckConstraint("course_id IS NOT NULL OR words IS NOT NULL", name="says_what"),
        UniqueConstraint("person_id", "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    words: Mapped[str | None] = mapped_column(Text)
    wished_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
