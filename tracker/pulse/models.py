"""Rounds of the pulse. Who was asked lies apart from what was answered; only what is published outlives a round.

Private to this package (tests/house/test_pulse_is_private.py): nobody else can read a ballot, by construction. No table that holds a
person, an answer or a comment has a time or a number that counts up, and SQLite keeps them in the order of random keys.
"""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team

KEY_BYTES = 16
WITHOUT_ROWID = {"sqlite_with_rowid": False}


def _random_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class PulseSchedule(Model):
    """The cadence HR has chosen: rounds are prepared and opened by themselves while it is on."""

    __tablename__ = "pulse_schedule"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("week BETWEEN 1 AND 4", name="week"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("open_days BETWEEN 3 AND 21", name="open_days"),
        CheckConstraint("every_months IN (1, 2, 3, 6)", name="every_months"),
        CheckConstraint("k_score >= 5", name="k_score"),
        CheckConstraint("k_comment >= 8 AND k_comment >= k_score", name="k_comment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    is_on: Mapped[bool] = mapped_column(default=False)
    week: Mapped[int] = mapped_column(default=1)  # the first, second ... of its weekday in the month
    weekday: Mapped[int] = mapped_column(default=1)  # Monday is 1
    every_months: Mapped[int] = mapped_column(default=1)
    open_days: Mapped[int] = mapped_column(default=7)
    k_score: Mapped[int] = mapped_column(default=5)
    k_comment: Mapped[int] = mapped_column(default=8)
    uses_codes: Mapped[bool] = mapped_column(default=False)


class PulseItem(Model):
    """A question that HR wrote, beside those of the bank. Its texts are frozen into each round that asks it."""

    __tablename__ = "pulse_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[dict[str, str]] = mapped_column(JSON)  # by language
    is_reversed: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PulseRound(Model):
    """One round. `items` are its questions with their texts (bank.Item as JSON), everything locked once it is open.

    draft: being prepared; planned: opens by itself; open; closing: nobody can begin an answer any more; closed: results are there;
    cancelled: never opened; lost: its key was gone, so nothing could be read.
    """

    __tablename__ = "pulse_round"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'planned', 'open', 'closing', 'closed', 'cancelled', 'lost')", name="state"
        ),
        CheckConstraint("(state IN ('open', 'closing')) = (is_running IS NOT NULL)", name="running"),
        CheckConstraint("is_running IS NULL OR is_running", name="running_or_null"),
        CheckConstraint("k_score >= 5", name="k_score"),
        CheckConstraint("k_comment >= 8 AND k_comment >= k_score", name="k_comment"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        Index("ix_pulse_round_state", "state", "opens_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    is_running: Mapped[bool | None] = mapped_column(unique=True)  # true or null: of those that are true there is one
    month: Mapped[date]  # its first day; the month the round is named after and belongs to
    slot: Mapped[date | None] = mapped_column(
        unique=True
    )  # month of the cadence for which it was prepared: once, whatever became of it
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    k_score: Mapped[int] = mapped_column(default=5)
    k_comment: Mapped[int] = mapped_column(default=8)
    uses_codes: Mapped[bool] = mapped_column(default=False)  # staff without a mail address answer by a code on paper
    key_name: Mapped[str | None] = mapped_column(String(60), unique=True)  # of the file in KEY_DIR, while there is one
    reminders: Mapped[int] = mapped_column(default=0)  # how many were sent
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cleaned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the key and every trace of a ballot are gone
    invited: Mapped[int | None]
    answered: Mapped[int | None]  # folded at the close, when who has answered is deleted
    missing: Mapped[int | None]  # marked as answered, but no ballot came: a process died in between


class PulseNode(Model):
    """The tree as it was when the round opened. Who leads a team is in the node of the managers alone."""

    __tablename__ = "pulse_node"
    __table_args__ = (
        UniqueConstraint("round_id", "team_id"),
        CheckConstraint("kind IN ('company', 'team', 'managers')", name="kind"),
        Index("ix_pulse_node_team", "team_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("pulse_node.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class PulseMember(Model):
    """Somebody who is asked, until the round closes. `answered` is all that is known; `by_code`: on paper, not signed in."""

    __tablename__ = "pulse_member"
    __table_args__ = (WITHOUT_ROWID,)  # no further index: 100,000 rows come at once, and only one round has any

    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("pulse_node.id", ondelete="CASCADE"))
    answered: Mapped[bool] = mapped_column(default=False)
    by_code: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class PulseTelling(Model):
    """Something that everybody who is asked is still to be told: whom it has got to, by their numbers. Whether somebody has answered
    changes nothing in it. `kind` and `step` as in the messages; gone once all are told."""

    __tablename__ = "pulse_telling"

    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, default=0)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    told_to: Mapped[int] = mapped_column(default=0)


class PulseCode(Model):
    """A slip of paper: it knows the round and the team. Nobody writes down who took it."""

    __tablename__ = "pulse_code"
    __table_args__ = (WITHOUT_ROWID,)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("pulse_node.id", ondelete="CASCADE"), index=True)
    used: Mapped[bool] = mapped_column(default=False)


class PulseBox(Model):
    """A sealed ballot (boxes.py), as large as every other. Deleted at the close."""

    __tablename__ = "pulse_box"
    __table_args__ = (WITHOUT_ROWID,)

    k: Mapped[bytes] = mapped_column(LargeBinary(KEY_BYTES), primary_key=True, default=_random_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PulseResult(Model):
    """One cell that may be shown, suppressed and rounded once and for all at the close. Every output reads this table and no other.

    Agreement: `mean` 1 to 5 to .1 (5 is the good end, also of a reversed question), `favourable` the whole percent at 4 or 5,
    h1..h5 how many gave each. Recommending (0 to 10): `mean` the eNPS from -100 to 100, `favourable` the percent at 9 or 10,
    h1, h3, h5 how many at 0-6, 7-8, 9-10.
    """

    __tablename__ = "pulse_result"
    __table_args__ = (
        CheckConstraint("n >= 5", name="n"),
        CheckConstraint("h1 IS NULL OR n >= 8", name="histogram"),
        Index("ix_pulse_result_node", "node_id"),
        WITHOUT_ROWID,
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"), primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("pulse_node.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int]
    mean: Mapped[float]
    favourable: Mapped[int]
    h1: Mapped[int | None]
    h2: Mapped[int | None]
    h3: Mapped[int | None]
    h4: Mapped[int | None]
    h5: Mapped[int | None]

    node: Mapped[PulseNode] = relationship(lazy="raise_on_sql")


class PulseComment(Model):
    """What somebody wrote, at the lowest group from which eight or more answered. Read in the order of `k`, which is random.

    `reply_hash` lets whoever holds the writer's code read replies; two comments of one writer have nothing in common. What names
    somebody is hidden, with a reason: from then on its writer alone reads it.
    """

    __tablename__ = "pulse_comment"
    __table_args__ = (WITHOUT_ROWID,)

    k: Mapped[bytes] = mapped_column(LargeBinary(KEY_BYTES), primary_key=True, default=_random_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("pulse_node.id", ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    reply_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    hidden_because: Mapped[str | None] = mapped_column(String(500))

    node: Mapped[PulseNode] = relationship(lazy="raise_on_sql")


class PulseReply(Model):
    """One turn of a conversation about a comment: `number` counts within it. What the writer adds bears no name and no time,
    and is delivered with that of others, once a day."""

    __tablename__ = "pulse_reply"
    __table_args__ = (CheckConstraint("number >= 1", name="number"), WITHOUT_ROWID)

    comment_k: Mapped[bytes] = mapped_column(ForeignKey("pulse_comment.k", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )  # null: who wrote the comment
    is_writers: Mapped[bool] = mapped_column(default=False)
    is_delivered: Mapped[bool] = mapped_column(default=False)  # whoever answers: read; the writer's own: from then on
    text: Mapped[str] = mapped_column(Text)

    by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class PulsePlan(Model):
    """What is done about a result: by whom, until when, and the cell that is to move. Open until it has, or is given up with a reason."""

    __tablename__ = "pulse_plan"
    __table_args__ = (
        CheckConstraint("(given_up_at IS NULL) = (given_up_because IS NULL)", name="given_up_with_reason"),
        CheckConstraint("moved_at IS NULL OR given_up_at IS NULL", name="one_end"),
        CheckConstraint("(done_at IS NULL) = (done IS NULL)", name="done_in_words"),
        CheckConstraint("kind IN ('company', 'team', 'managers')", name="kind"),
        CheckConstraint("(kind = 'team') = (team_id IS NOT NULL)", name="team"),
        Index("ix_pulse_plan_team", "team_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(String(32), unique=True)  # made with the empty form: sent twice, it is one
    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))  # of the group, as a node's
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    item: Mapped[str] = mapped_column(String(40))
    was: Mapped[float]  # the cell's mean when the plan was made
    aim: Mapped[float]  # from where on it has moved
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[str | None] = mapped_column(Text)  # what was done, told to everybody whom it concerns
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    step: Mapped[int] = mapped_column(default=0)  # of the reminders: 1 whose it is, 2 who made it
    given_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_up_because: Mapped[str | None] = mapped_column(String(500))

    owner: Mapped[Person] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")

    @property
    def is_moved(self) -> bool:
        return self.moved_at is not None

    @property
    def is_given_up(self) -> bool:
        return self.given_up_at is not None

    @property
    def runs(self) -> bool:
        """Whether it still waits for its measure."""
        return not self.is_moved and not self.is_given_up
