"""That somebody finished a course, and the certificate that proves it. Nothing deletes either."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.courses.models import Course, CourseVersion
from tracker.organisation.models import Person
from tracker.training.certificate_rules import State, state_on

REMINDED = text("remind_on IS NOT NULL")


class Completion(Model):
    """Somebody finished a course here, or proved to their leader that they did elsewhere. It ends when a version says so.

    The person's row cannot go while it is there: no ON DELETE."""

    __tablename__ = "completion"
    __table_args__ = (
        CheckConstraint("how IN ('learned', 'attested')", name="how"),
        CheckConstraint("(how = 'attested') = (words IS NOT NULL)", name="attested_with_words"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("ix_completion_person", "person_id", "course_id"),
        Index("ix_completion_course", "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    how: Mapped[str] = mapped_column(String(8))
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_on: Mapped[date]  # the local day of the person
    score: Mapped[int | None]  # per cent, the lowest of the checks
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # who attested
    words: Mapped[str | None] = mapped_column(Text)  # what was seen
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # a newer version asks for it anew

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    version: Mapped[CourseVersion] = relationship(lazy="raise_on_sql")


class Certificate(Model):
    """The paper: what it was for, from when to when. A renewal is a new one; the old one stays and says which replaced it.

    `expires_on` is the first day it is valid no more. `remind_on` is the day of the next step (see training.certificate_rules)."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("expires_on > issued_on", name="expires_later"),
        Index("ix_certificate_person", "person_id", "course_id"),
        Index("ix_certificate_course", "course_id", "expires_on"),
        Index("ix_certificate_remind", "remind_on", sqlite_where=REMINDED, postgresql_where=REMINDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        String(32), unique=True
    )  # in the address that a QR code holds; not to be guessed
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"), unique=True)
    title: Mapped[str] = mapped_column(String(120))  # of the course, as it was then
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    step: Mapped[int] = mapped_column(default=0)
    remind_on: Mapped[date | None]
    renewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    ended_on: Mapped[date | None]  # a newer version of the course asks for it anew, or it was replaced early

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    completion: Mapped[Completion] = relationship(lazy="raise_on_sql")

    @property
    def last_day(self) -> date | None:
        """The last day it is valid, for reading; None when it never ends."""
        return self.expires_on - timedelta(days=1) if self.expires_on else None

    def state_on(self, day: date) -> State:
        renewed = self.renewed_by_id is not None
        return state_on(day, expires_on=self.expires_on, ended_on=self.ended_on, renewed=renewed)
