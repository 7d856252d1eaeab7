"""A course, its versions and its files. A published version never changes, so that old answers keep their question."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team

DRAFT = text("published_at IS NULL")
CURRENT = text("published_at IS NOT NULL AND superseded_at IS NULL")


class Course(Model):
    """A course of one team and the teams beneath it, or of the whole company. It is retired, never deleted."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class CourseVersion(Model):
    """What a course says: one draft at most, one current version at most, and those that were replaced.

    `content` is plain JSON, read through courses.content.Content. `revision` counts the savings of a draft: whoever saves an
    older one is told. `reopens`: completions of earlier versions no longer stand once this one is published."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark"),
        CheckConstraint("attempts >= 1", name="attempts"),
        CheckConstraint("certificate_months >= 0", name="certificate_months"),
        CheckConstraint("superseded_at IS NULL OR published_at IS NOT NULL", name="published_first"),
        Index("uq_course_version_draft", "course_id", unique=True, sqlite_where=DRAFT, postgresql_where=DRAFT),
        Index("uq_course_version_current", "course_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(500))
    language: Mapped[str] = mapped_column(String(8), default="en")
    drivers: Mapped[list[str]] = mapped_column(JSON, default=list)
    pass_mark: Mapped[int] = mapped_column(default=80)
    attempts: Mapped[int | None]  # most attempts at each check; null: as often as wanted
    certificate_months: Mapped[int | None]  # null: no certificate; 0: one that never expires
    minutes: Mapped[int] = mapped_column(default=0)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopens: Mapped[bool] = mapped_column(default=False)

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    changed_by: Mapped[Person | None] = relationship(foreign_keys=[changed_by_id], lazy="raise_on_sql")


class CourseFile(Model):
    """A picture, a film, a document or a package of a course. Its bytes lie in parts, so that a piece of a film is read alone."""

    __tablename__ = "course_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)  # its name in addresses, not to be guessed
    name: Mapped[str] = mapped_column(String(120))  # as it was sent, to show and to save under
    media_type: Mapped[str] = mapped_column(String(80))  # found by looking into it, never as it was sent
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class CourseFilePart(Model):
    """One part of a file; all parts but the last have the same length."""

    __tablename__ = "course_file_part"
    __table_args__ = (PrimaryKeyConstraint("file_id", "position"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("course_file.id", ondelete="CASCADE"))
    position: Mapped[int]
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
