"""What somebody adds to their own feedback: their side of a rating, what is saved for a talk, what is read, points to bring."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.ratings.models import Rating


class RatingSide(Model):
    """The own words of whom a rating counts for. Credited to somebody else later, it goes with neither: each writes their own."""

    __tablename__ = "rating_side"
    __table_args__ = (UniqueConstraint("rating_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    rating: Mapped[Rating] = relationship(lazy="raise_on_sql")


class SavedRating(Model):
    """A rating somebody wants to speak about. Who leads them reads it in an open, shared case, and nowhere else."""

    __tablename__ = "saved_rating"
    __table_args__ = (UniqueConstraint("rating_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    rating: Mapped[Rating] = relationship(lazy="raise_on_sql")


class Acknowledgement(Model):
    """“I have read it”: of a rating or of a coaching case.

    The table of cases belongs to a package above, and so stands here by its name."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        UniqueConstraint("rating_id", "person_id"),
        UniqueConstraint("case_id", "person_id"),
        CheckConstraint("(rating_id IS NULL) <> (case_id IS NULL)", name="of_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TalkPoint(Model):
    """Something somebody wants to bring to a talk. Read like a saved rating: by who leads them only while a case is open and shared."""

    __tablename__ = "talk_point"
    __table_args__ = (UniqueConstraint("person_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    form_key: Mapped[str | None] = mapped_column(String(32))  # forms.OnceForm.sent_as: sent twice, it is one
