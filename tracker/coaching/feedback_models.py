"""What coachees say of the coaching: apart from who has answered, and gone once five of them are summed up.

No column of an answer says who gave it or when, and its key is random. Until a batch closes, whoever can read the database
itself might still link the two by the order in which rows were written; the form says so."""

import secrets
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.coaching.models import CoachingSession
from tracker.core.db import Model
from tracker.organisation.models import Person


def _key() -> str:
    return secrets.token_hex(16)


class CoachFeedbackRequest(Model):
    """Somebody was asked about one talk. `answered` says that they have, `closed` that their batch is summed up."""

    __tablename__ = "coach_feedback_request"
    __table_args__ = (Index("ix_coach_feedback_request_leader", "leader_id", "closed"),)

    id: Mapped[int] = mapped_column(
        "session_id", ForeignKey("coaching_session.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    answered: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)

    session: Mapped[CoachingSession] = relationship(lazy="raise_on_sql")
    leader: Mapped[Person] = relationship(foreign_keys=[leader_id], lazy="raise_on_sql")


class CoachFeedbackAnswer(Model):
    """Three marks of 1 to 5, of nobody and no day; deleted as its batch closes."""

    __tablename__ = "coach_feedback_answer"
    __table_args__ = (
        CheckConstraint("listened BETWEEN 1 AND 5", name="listened"),
        CheckConstraint("next_step BETWEEN 1 AND 5", name="next_step"),
        CheckConstraint("fair BETWEEN 1 AND 5", name="fair"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True, default=_key)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    listened: Mapped[int]
    next_step: Mapped[int]
    fair: Mapped[int]


class CoachFeedbackWords(Model):
    """Words without the marks beside which they were written. Read once `batch_id` is set."""

    __tablename__ = "coach_feedback_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(String(32), primary_key=True, default=_key)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("coach_feedback_batch.id", ondelete="CASCADE"), index=True)


class CoachFeedbackBatch(Model):
    """Answers of five people or more, summed up once. figures: {item: {"mean": to .1, "sd": to .1}}."""

    __tablename__ = "coach_feedback_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    month: Mapped[date]  # its first day: no finer, so that nobody can tell whose answer was the last
    n: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    words_from: Mapped[int] = mapped_column(
        default=0
    )  # how many answers the words shown with it come from; 0: none are
