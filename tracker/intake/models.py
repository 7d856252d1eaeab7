"""What the doors keep: an import somebody is preparing, how a source's columns were matched, kiosks, votes set aside."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Team
from tracker.ratings.models import SurveyLink

UNDECIDED = text("closed_at IS NULL")


class ImportDraft(Model):
    """A file being prepared: its owner's alone until it is saved. It holds choices, no ratings; the file itself lies in uploads."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(120))
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # field -> header
    scale: Mapped[str] = mapped_column(String(8), default="stars")
    day_first: Mapped[bool | None]
    create_missing: Mapped[bool] = mapped_column(default=False)
    remember: Mapped[bool] = mapped_column(default=True)
    people: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # reference in the file -> the person meant
    fixes: Mapped[dict[str, dict[str, str]]] = mapped_column(
        JSON, default=dict
    )  # line -> field -> what is read instead
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ImportMapping(Model):
    """How the columns of one source were matched when its last file was saved."""

    __tablename__ = "import_mapping"

    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    scale: Mapped[str] = mapped_column(String(8), default="stars")
    day_first: Mapped[bool | None]


class Kiosk(Model):
    """A tablet at one place that asks whoever passes. Code, token and PIN stand here only as hashes.

    The code pairs a tablet once; the token in that tablet's cookie is then its right to send answers, and no other right.
    """

    __tablename__ = "kiosk"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(80))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    asks_who: Mapped[bool] = mapped_column(default=False)
    # In which it begins with each customer; all of PUBLIC_LANGUAGES can be chosen there.
    language: Mapped[str] = mapped_column(String(8), default="en", server_default="en")
    pin_hash: Mapped[str] = mapped_column(String(200))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # somebody left with the PIN; the pairing stands
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to the hour
    waiting: Mapped[int | None]  # answers that were still on the tablet when it last sent
    clock_ahead: Mapped[int | None]  # seconds by which the tablet's clock was ahead of ours then
    alarmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class SetAsideVote(Model):
    """A vote by a mailed link that a program seems to have sent. It counts for nobody, and the link stays open.

    `answer` is what was sent, kept only while it may still be released; `evidence` what was seen, without any address.
    """

    __tablename__ = "set_aside_vote"
    __table_args__ = (
        CheckConstraint("outcome IN ('released', 'discarded', 'replaced')", name="outcome"),
        # One open vote a link: a program that comes again adds to the count.
        Index("uq_set_aside_vote_open", "link_id", unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("survey_link.id", ondelete="CASCADE"))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    times: Mapped[int] = mapped_column(default=1)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    outcome: Mapped[str | None] = mapped_column(String(10))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None]

    link: Mapped[SurveyLink] = relationship(lazy="raise_on_sql")


class VoteOrigin(Model):
    """From where, as a keyed hash of the day, mailed links were answered: to see one sender answer for many. Kept for a day."""

    __tablename__ = "vote_origin"
    __table_args__ = (UniqueConstraint("origin_hash", "link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_hash: Mapped[str] = mapped_column(String(40))
    link_id: Mapped[int] = mapped_column(ForeignKey("survey_link.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
