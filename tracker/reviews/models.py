"""What strangers say in public: the feeds it is read from, reviews with every wording they had, and what was done about them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Touchpoint

TICKING = text("reminds_at IS NOT NULL")


class ReviewFeed(Model):
    """An address that is read every quarter of an hour. `next_read_at` is also the claim of who reads it."""

    __tablename__ = "review_feed"
    __table_args__ = (
        CheckConstraint("stars_from IN ('none', 'element', 'text')", name="stars_from"),
        CheckConstraint("answer_within BETWEEN 1 AND 20", name="answer_within"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(2000))
    stars_from: Mapped[str] = mapped_column(String(8), default="none")
    out_of: Mapped[int] = mapped_column(default=5)
    language: Mapped[str | None] = mapped_column(String(8))  # where an entry does not tell its own
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id", ondelete="SET NULL"))
    place: Mapped[str | None] = mapped_column(String(80))
    answer_within: Mapped[int] = mapped_column(default=2)  # working days
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_read_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last time that it worked
    entries_seen: Mapped[int | None]  # at the last reading that brought the feed itself
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    last_error: Mapped[str | None] = mapped_column(String(300))
    etag: Mapped[str | None] = mapped_column(String(300))
    last_modified: Mapped[str | None] = mapped_column(String(100))

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class Review(Model):
    """One public review or mention, in its newest wording. It belongs to a team; null: it waits in the tray.

    The clock: `due_at` is when its answer is due (null: no clock runs), `reminds_at` when somebody is told next.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("outcome IN ('answer', 'not_needed')", name="outcome"),
        Index("ix_review_team", "team_id", "received_at"),
        Index("ix_review_person", "person_id"),
        Index("ix_review_ticking", "reminds_at", sqlite_where=TICKING, postgresql_where=TICKING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120))
    external_id: Mapped[str] = mapped_column(String(200))
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("review_feed.id"))
    title: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(String(120))  # the name shown in public
    link: Mapped[str | None] = mapped_column(String(2000))
    stars: Mapped[int | None]
    original_stars: Mapped[str | None] = mapped_column(String(20))  # as it came: 7/10
    language: Mapped[str | None] = mapped_column(String(8))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id", ondelete="SET NULL"))
    place: Mapped[str | None] = mapped_column(String(80))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # whom it names
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminds_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders_sent: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(12))  # of the newest entry: answered, or none needed
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the answer was given in public

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    touchpoint: Mapped[Touchpoint | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    feed: Mapped[ReviewFeed | None] = relationship(lazy="raise_on_sql")
    versions: Mapped[list["ReviewVersion"]] = relationship(
        order_by="ReviewVersion.number", lazy="raise_on_sql", viewonly=True
    )
    entries: Mapped[list["ReviewEntry"]] = relationship(order_by="ReviewEntry.id", lazy="raise_on_sql", viewonly=True)


class ReviewVersion(Model):
    """A wording of a review, as it was read; the first stays readable whatever its author changes later."""

    __tablename__ = "review_version"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    stars: Mapped[int | None]
    original_stars: Mapped[str | None] = mapped_column(String(20))
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReviewEntry(Model):
    """What was done about a review. Nothing is overwritten: a correction is a new entry, and the newest answer counts."""

    __tablename__ = "review_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('answer', 'not_needed', 'team', 'person')", name="kind"),
        Index("ix_review_entry_review", "review_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str | None] = mapped_column(Text)  # the public answer, or why none is needed
    said_by: Mapped[str | None] = mapped_column(String(120))  # under which name it was given
    said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    link: Mapped[str | None] = mapped_column(String(2000))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
