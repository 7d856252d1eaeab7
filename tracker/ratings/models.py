"""Ratings, what they are about and whose they are; the weekly star histogram and the score cards made from it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team
from tracker.ratings.survey_models import SurveyVersion

STAGES = ("pre_purchase", "purchase", "post_purchase")
SCALES = ("stars", "nps", "csat7", "csat100", "words")
WAITING = text("person_id IS NULL")
HANDLED = text("handled_by_id IS NOT NULL")
UNCHECKED = text("unchecked_at IS NOT NULL")
SERVED = text("interaction_id IS NOT NULL")
FROM_CUSTOMER = text("customer_id IS NOT NULL")
FROM_KIOSK = text("source = 'kiosk'")
OWN_OBSTACLE = (  # what whoever is credited with it says stood in the way
    "and_(Rating.id == foreign(Obstacle.rating_id), Rating.person_id == Obstacle.said_by_id, Obstacle.case_id.is_(None))"
)


class Touchpoint(Model):
    """Where customers meet the company, and at which stage of their way."""

    __tablename__ = "touchpoint"
    __table_args__ = (CheckConstraint("stage IN ('pre_purchase', 'purchase', 'post_purchase')", name="stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    stage: Mapped[str] = mapped_column(String(16), default="purchase")
    created_by_import_id: Mapped[int | None] = mapped_column(index=True)


class Channel(Model):
    """The way an answer was asked for: mailed link, QR card, kiosk, phone ..."""

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_by_import_id: Mapped[int | None] = mapped_column(index=True)


class Driver(Model):
    """What a rating is about, under a stable key that surveys, observation and lessons share.

    `words` (drivers.Words) are those a company gave its own driver to begin with; the product's own are in drivers.py."""

    __tablename__ = "driver"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Customer(Model):
    """Somebody the company served, by the reference its own system uses. No name, no address."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(120), unique=True)
    created_by_import_id: Mapped[int | None] = mapped_column(index=True)


class Interaction(Model):
    """One time a customer was served: by whom, where, and when service ended. The handler here is frozen."""

    __tablename__ = "interaction"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("queue_length IS NULL OR queue_length >= 0", name="queue_length"),
        Index("ix_interaction_ended_on", "ended_on"),
        CheckConstraint("started_at IS NULL OR started_at <= ended_at", name="started_before_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    place: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_on: Mapped[date | None]  # the local day where the handler worked
    created_by_id: Mapped[int | None]
    handled_how: Mapped[str | None] = mapped_column(String(8))  # how the handler was told: explicit or post
    # What another system says of it, under its own name and number.
    source: Mapped[str | None] = mapped_column(String(120))
    external_id: Mapped[str | None] = mapped_column(String(120))
    employee_reference: Mapped[str | None] = mapped_column(String(120))  # as it came
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    queue_length: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(80))
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the customer was asked, by whichever system
    created_by_import_id: Mapped[int | None] = mapped_column(index=True)  # a file of ratings told its facts

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    touchpoint: Mapped[Touchpoint | None] = relationship(lazy="raise_on_sql")
    channel: Mapped[Channel | None] = relationship(lazy="raise_on_sql")


class Rating(Model):
    """One customer's answer. `handled_by_id` is who was on record when service ended and never changes;
    `person_id` is who is credited now (null: it waits in the tray)."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("effort BETWEEN 1 AND 5", name="effort"),
        Index("ix_rating_person_on", "person_id", "rated_on"),
        Index("ix_rating_waiting", "rated_at", sqlite_where=WAITING, postgresql_where=WAITING),
        # Undoing an import deletes people and customers, and each deletion looks here for what still points at them.
        Index("ix_rating_handled_by", "handled_by_id", sqlite_where=HANDLED, postgresql_where=HANDLED),
        Index("ix_rating_unchecked", "unchecked_at", sqlite_where=UNCHECKED, postgresql_where=UNCHECKED),
        # An interaction rated by two doors keeps one rating.
        Index("uq_rating_interaction", "interaction_id", unique=True, sqlite_where=SERVED, postgresql_where=SERVED),
        Index("ix_rating_customer", "customer_id", sqlite_where=FROM_CUSTOMER, postgresql_where=FROM_CUSTOMER),
        # After each answer a kiosk's last quarter of an hour is looked at.
        Index("ix_rating_kiosk", "rated_at", sqlite_where=FROM_KIOSK, postgresql_where=FROM_KIOSK),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120))
    external_id: Mapped[str] = mapped_column(String(120))
    rated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rated_on: Mapped[date]  # the local day where the team works; its Monday names the week it counts in
    stars: Mapped[int]
    original_value: Mapped[str] = mapped_column(String(20))
    original_scale: Mapped[str] = mapped_column(String(8), default="stars")
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handled_how: Mapped[str | None] = mapped_column(String(8))  # explicit, or post: by who held it; never changed
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"))
    place: Mapped[str | None] = mapped_column(String(80))
    comment: Mapped[str | None] = mapped_column(Text)
    comment_language: Mapped[str | None] = mapped_column(String(8))
    emotions: Mapped[list[str]] = mapped_column(JSON, default=list)
    drivers: Mapped[list[str]] = mapped_column(JSON, default=list)  # keys; praised from 4 stars, blamed below
    effort: Mapped[int | None]  # 1 very difficult, 5 very easy
    survey_version_id: Mapped[int | None] = mapped_column(ForeignKey("survey_version.id"))  # null: the first one's
    employee_reference: Mapped[str | None] = mapped_column(String(120))  # as it came, for the tray
    import_id: Mapped[int | None] = mapped_column(ForeignKey("rating_import.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    excluded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disputed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when a second look was asked for
    unchecked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # since then the checks for a fall leave it out
    transferred_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # handed on, told after it was rated: flagged
    words_hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # then on only the customer reads the words

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    touchpoint: Mapped[Touchpoint | None] = relationship(lazy="raise_on_sql")
    channel: Mapped[Channel | None] = relationship(lazy="raise_on_sql")
    survey: Mapped[SurveyVersion | None] = relationship(lazy="raise_on_sql")
    attributions: Mapped[list["Attribution"]] = relationship(
        order_by="Attribution.id", lazy="raise_on_sql", viewonly=True
    )
    obstacle: Mapped[Any] = relationship("Obstacle", primaryjoin=OWN_OBSTACLE, lazy="raise_on_sql", viewonly=True)

    @property
    def words(self) -> str | None:
        """The customer’s words as whoever works here reads them."""
        return None if self.words_hidden_at else self.comment

    @classmethod
    def has_words(cls) -> ColumnElement[bool]:
        return and_(cls.comment.is_not(None), cls.words_hidden_at.is_(None))


class Attribution(Model):
    """A later change of who is credited: a new, reasoned entry. The first is the rating's own `handled_by_id`."""

    __tablename__ = "attribution"

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), index=True)
    from_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SurveyLink(Model):
    """The right of one customer to rate one interaction. Only the token's hash is kept."""

    __tablename__ = "survey_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id"))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    interaction: Mapped[Interaction] = relationship(lazy="raise_on_sql")
    rating: Mapped[Rating | None] = relationship(lazy="raise_on_sql")


class ScoreWeek(Model):
    """Star histogram of one person, week (clock.week_of) and cell. 0 stands for a touchpoint or channel not recorded."""

    __tablename__ = "score_week"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "week", "touchpoint_id", "channel_id"),
        CheckConstraint("n1 >= 0 AND n2 >= 0 AND n3 >= 0 AND n4 >= 0 AND n5 >= 0", name="counts"),
        Index("ix_score_week_week", "week"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    week: Mapped[int]
    touchpoint_id: Mapped[int]
    channel_id: Mapped[int]
    n1: Mapped[int] = mapped_column(default=0)
    n2: Mapped[int] = mapped_column(default=0)
    n3: Mapped[int] = mapped_column(default=0)
    n4: Mapped[int] = mapped_column(default=0)
    n5: Mapped[int] = mapped_column(default=0)


class CellWeek(Model):
    """What customers of one cell gave on average in the weeks before, frozen by the weekly run.

    A cell that one team alone serves holds the mean of the wider cell it was merged into that week."""

    __tablename__ = "cell_week"
    __table_args__ = (PrimaryKeyConstraint("touchpoint_id", "channel_id", "week"),)

    touchpoint_id: Mapped[int]
    channel_id: Mapped[int]
    week: Mapped[int]
    mu: Mapped[float]


class ScoreCard(Model):
    """Ready figures of one person for one audience: `own` from the weekly run, `shared` 24 hours after the person's morning.

    `figures` holds what the pages show (see ratings.rules.Figures), so a page reads one row and draws."""

    __tablename__ = "score_card"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "audience"),
        CheckConstraint("audience IN ('own', 'shared')", name="audience"),
        Index("ix_score_card_shares_at", "shares_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    audience: Mapped[str] = mapped_column(String(8))
    week: Mapped[int]  # the last complete week it rests on
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    shares_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # own cards: when everybody else gets this one
    rewrite_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # something under it changed: made anew by a tick


class Fall(Model):
    """An alert of the weekly check: stored with everything it was worked out from, and never changed."""

    __tablename__ = "fall"
    __table_args__ = (UniqueConstraint("person_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    week: Mapped[int]
    window_weeks: Mapped[int]
    n: Mapped[int]
    observed: Mapped[float]
    expected: Mapped[float]
    p: Mapped[float]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    formula: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shares_at: Mapped[datetime] = mapped_column(UTCDateTime)
