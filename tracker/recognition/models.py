"""Thanks and praise: what stands on the wall, whom it is about, and who would rather not stand there."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person
from tracker.ratings.models import Rating

KINDS = ("kudos", "praise", "story")
ON_THE_WALL = text("shows_at IS NOT NULL")
PRAISED = text("stars = 5 AND comment IS NOT NULL")
# Every ten minutes new praise is looked for.
Index("ix_rating_praised", Rating.received_at, sqlite_where=PRAISED, postgresql_where=PRAISED)


class Thanks(Model):
    """One good word: a colleague's thanks, a customer's praise, or the story of how a customer came to be delighted.

    Praise has no words here: they are the rating's, read when a page is made, so that what the customer takes back is gone. It has
    `withheld` where it was looked at and is not to be shared. `shows_at` is from when the wall may show it; who may see it, and
    whether everybody on it wants it to, is asked each time it is read."""

    __tablename__ = "thanks"
    __table_args__ = (
        UniqueConstraint("by_id", "form_key"),
        CheckConstraint("kind IN ('kudos', 'praise', 'story')", name="kind"),
        CheckConstraint("(kind = 'praise') = (rating_id IS NOT NULL)", name="praise_of_rating"),
        CheckConstraint("(kind = 'praise') = (by_id IS NULL)", name="praise_by_customer"),
        CheckConstraint("(kind = 'praise') = (text IS NULL)", name="words_of_rating"),
        CheckConstraint("(kind = 'story') = (title IS NOT NULL)", name="title_of_story"),
        CheckConstraint("withheld IS NULL OR shows_at IS NULL", name="withheld_is_not_shown"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_because IS NULL)", name="hidden_with_reason"),
        Index("ix_thanks_shows_at", "shows_at", sqlite_where=ON_THE_WALL, postgresql_where=ON_THE_WALL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    form_key: Mapped[str | None] = mapped_column(String(32))  # made with the empty form: sent twice, it is one entry
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), unique=True)
    rating_edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the rating's, as the words were looked at
    withheld: Mapped[str | None] = mapped_column(String(12))  # rules.py: why praise is not shared
    title: Mapped[str | None] = mapped_column(String(120))
    text: Mapped[str | None] = mapped_column(Text)
    driver: Mapped[str | None] = mapped_column(String(40))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("thanks.id", ondelete="SET NULL"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))  # of who tells a story, on that day
    is_for_all: Mapped[bool] = mapped_column(Boolean, default=False)  # a story for the whole company
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shows_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # taken off the wall by who leads somebody on it
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    hidden_because: Mapped[str | None] = mapped_column(String(500))

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    hidden_by: Mapped[Person | None] = relationship(foreign_keys=[hidden_by_id], lazy="raise_on_sql")
    rating: Mapped[Rating | None] = relationship(lazy="raise_on_sql")
    people: Mapped[list["Thanked"]] = relationship(
        order_by="Thanked.id", lazy="raise_on_sql", passive_deletes=True, cascade="all, delete-orphan"
    )


class Thanked(Model):
    """Somebody who stands on it, with the team of that day, whose wall it is. In a story only after saying yes."""

    __tablename__ = "thanked"
    __table_args__ = (UniqueConstraint("thanks_id", "person_id"), Index("ix_thanked_person", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    thanks_id: Mapped[int] = mapped_column(ForeignKey("thanks.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to a story
    kept_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # since then it is this person's alone

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class WallChoice(Model):
    """Who does not want to stand on the wall: nothing shows with them on it, old or new, for as long as the row is there."""

    __tablename__ = "wall_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    left_at: Mapped[datetime] = mapped_column(UTCDateTime)
