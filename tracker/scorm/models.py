"""Packages as they are served, and what they reported: the state of each item in a run, and who may write it right now."""

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
from tracker.training.learning_models import CourseRun

BEGUN = text("ticket_hash IS NOT NULL AND ended_at IS NULL")


class Package(Model):
    """A file of a course, read as SCORM. `items`: what there is to go through, as scorm.manifest.Item has it."""

    __tablename__ = "package"
    __table_args__ = (CheckConstraint("standard IN ('1.2', '2004')", name="standard"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_file_id: Mapped[int] = mapped_column(ForeignKey("course_file.id", ondelete="CASCADE"), unique=True)
    standard: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(200))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PackageMember(Model):
    """One file of a package, unpacked. `folded`: its path for who asks with other capitals than it has."""

    __tablename__ = "package_member"
    __table_args__ = (
        UniqueConstraint("package_id", "path"),
        Index("ix_package_member_folded", "package_id", "folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(400))
    folded: Mapped[str] = mapped_column(String(800))  # some letters fold into two
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class PackageMemberPart(Model):
    """One part of a file; all parts but the last have the same length."""

    __tablename__ = "package_member_part"
    __table_args__ = (PrimaryKeyConstraint("member_id", "position"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("package_member.id", ondelete="CASCADE"))
    position: Mapped[int]
    bytes: Mapped[bytes] = mapped_column(LargeBinary)


class PackageState(Model):
    """What one item reported in a run. `data`: its elements of the data model by name.

    `completed_at` and `passed` keep the best there was; `is_open`: a session began and was not ended by the package itself."""

    __tablename__ = "package_state"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "lesson_key", "item"),
        CheckConstraint("seconds >= 0", name="seconds"),
        CheckConstraint("score_scaled BETWEEN -1 AND 1", name="score_scaled"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id", ondelete="CASCADE"))
    lesson_key: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(100))
    data: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_open: Mapped[bool] = mapped_column(default=False)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    passed: Mapped[bool | None]
    score_scaled: Mapped[float | None]
    seconds: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PackageVisit(Model):
    """One opening of an item in one window. It begins when the window takes its ticket, which ends every other of the lesson.

    Of the ticket only the hash is kept. A window that loads again takes a new one, and the one before writes no more."""

    __tablename__ = "package_visit"
    __table_args__ = (
        Index(
            "uq_package_visit_begun",
            "run_id",
            "lesson_key",
            unique=True,
            sqlite_where=BEGUN,
            postgresql_where=BEGUN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id", ondelete="CASCADE"), index=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), index=True)
    lesson_key: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(100))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ticket_hash: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(default=0)  # of the last report that was taken under this ticket
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    run: Mapped[CourseRun] = relationship(lazy="raise_on_sql")
    package: Mapped[Package] = relationship(lazy="raise_on_sql")
