"""How far somebody is: a run through one version of a course, its quizzes and answers, and what is asked again later."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Person

OPEN = text("ended_at IS NULL")
UNFINISHED = text("finished_at IS NULL")


class CourseRun(Model):
    """Somebody going through one version of a course. One open run a person and course.

    `place` is the lesson they are at, on whatever device. `outcome`: completed; failed, out of attempts; replaced by a newer version."""

    __tablename__ = "course_run"
    __table_args__ = (
        CheckConstraint("outcome IN ('completed', 'failed', 'replaced')", name="outcome"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
        Index("uq_course_run_open", "person_id", "course_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_course_run_course", "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)  # something was done
    place: Mapped[str] = mapped_column(String(40))  # a lesson's key
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    more_attempts: Mapped[int] = mapped_column(default=0)  # at each check, given by whoever leads the learner

    version: Mapped[CourseVersion] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    lessons: Mapped[list["LessonDone"]] = relationship(lazy="raise_on_sql", viewonly=True)


class LessonDone(Model):
    """A lesson that was gone through, with what the learner thought of it. Authors read that without a name."""

    __tablename__ = "lesson_done"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "lesson_key"),
        CheckConstraint("helped BETWEEN 1 AND 3", name="helped"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id", ondelete="CASCADE"))
    lesson_key: Mapped[str] = mapped_column(String(40))
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    helped: Mapped[int | None]  # 1 not really, 2 a little, 3 yes
    words: Mapped[str | None] = mapped_column(Text)


class QuizAttempt(Model):
    """One go at a quiz. `asked` keeps what was drawn: [{"key": question, "order": [place of each choice as shown]}].

    `passed` stays null until the last answer is there, and while a free answer waits for who marks it."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("run_id", "lesson_key", "number"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index(
            "uq_quiz_attempt_open",
            "run_id",
            "lesson_key",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id", ondelete="CASCADE"))
    lesson_key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    asked: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # every question has an answer
    score: Mapped[int | None]  # per cent of the questions that are right
    passed: Mapped[bool | None]

    run: Mapped[CourseRun] = relationship(lazy="raise_on_sql")
    answers: Mapped[list["QuizAnswer"]] = relationship(
        order_by="QuizAnswer.id", lazy="raise_on_sql", back_populates="attempt"
    )


class QuizAnswer(Model):
    """The answer to one question of an attempt: places of the choices, or words. Sure and wrong is the dangerous one."""

    __tablename__ = "quiz_answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_key"),
        Index(
            "ix_quiz_answer_unmarked",
            "attempt_id",
            sqlite_where=text("is_right IS NULL"),
            postgresql_where=text("is_right IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="CASCADE"))
    question_key: Mapped[str] = mapped_column(String(40))
    given: Mapped[Any] = mapped_column(JSON)  # [places of choices in the version's order], or {"words": ...}
    is_sure: Mapped[bool | None]  # null: not asked
    is_right: Mapped[bool | None]  # null: waits for who marks it
    tries: Mapped[int] = mapped_column(default=1)  # practice may be tried again
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    marked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mark_words: Mapped[str | None] = mapped_column(Text)

    attempt: Mapped[QuizAttempt] = relationship(lazy="raise_on_sql", back_populates="answers")


class RepeatCard(Model):
    """A question that comes again, a little at a time. `memory` is the state of the scheduler (FSRS), plain JSON."""

    __tablename__ = "repeat_card"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "course_id", "question_key"),
        Index("ix_repeat_card_due", "person_id", "due_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    question_key: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date | None]  # null: known well enough, it comes no more
    memory: Mapped[dict[str, Any]] = mapped_column(JSON)
    times: Mapped[int] = mapped_column(default=0)
    wrong_at: Mapped[datetime] = mapped_column(UTCDateTime)  # in a course, the last time
    answered_on: Mapped[date | None]  # as a repeat, the last time
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
