"""What the two write on the page of a case: points for the talk, a hand-over to the next leader, and each one's private note."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person

ABOUT_RATING = text("rating_id IS NOT NULL")


class AgendaPoint(Model):
    """Something one of the two wants to talk about: in words, or a rating, or a rating with words. A rating once for each of them."""

    __tablename__ = "agenda_point"
    __table_args__ = (
        UniqueConstraint("case_id", "by_id", "form_key"),
        Index("ix_agenda_point_case_id", "case_id"),
        Index(
            "uq_agenda_point_rating",
            "case_id",
            "by_id",
            "rating_id",
            unique=True,
            sqlite_where=ABOUT_RATING,
            postgresql_where=ABOUT_RATING,
        ),
        Index("ix_agenda_point_rating_id", "rating_id", sqlite_where=ABOUT_RATING, postgresql_where=ABOUT_RATING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(300))  # empty: the rating says it
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="SET NULL"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_on: Mapped[date]  # local day, for the tenure rule
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # talked about
    form_key: Mapped[str | None] = mapped_column(String(32))  # forms.OnceForm.sent_as: sent twice, it is one

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class HandOverNote(Model):
    """What a leader leaves for whoever leads the person next; the person reads it too. One a leader and case."""

    __tablename__ = "hand_over_note"
    __table_args__ = (UniqueConstraint("case_id", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class PrivateNote(Model):
    """What somebody wrote about a case for themselves alone, locked under DATA_KEY and bound to this case and author."""

    __tablename__ = "private_note"
    __table_args__ = (PrimaryKeyConstraint("case_id", "author_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("coaching_case.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
