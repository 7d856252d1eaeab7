"""Posts of a team, and the shifts in which people held them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team

STANDS = text("withdrawn_at IS NULL")


class Post(Model):
    """A named place of a team where somebody serves: a till, a desk, a queue, a phone line."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("team_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80), index=True)  # rules.key_of(name): how it is found
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]

    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class Shift(Model):
    """Somebody held a post from one moment to before another. Several may hold one at once: then it tells nobody's credit.

    A shift never changes: one that was wrong is withdrawn with its reason, and stays."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        Index("ix_shift_post", "post_id", "starts_at"),
        Index("ix_shift_person", "person_id", "starts_at"),
        Index(
            "uq_shift_standing",
            "post_id",
            "person_id",
            "starts_at",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(500))  # why it was withdrawn, or entered after it had begun

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
