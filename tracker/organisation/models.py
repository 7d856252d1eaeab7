"""People and teams with their dates: history stays true after a move. `ended_on` is the first day it no longer holds."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime

OPEN = text("ended_on IS NULL")


class Dated:
    """Something that holds from one day to another."""

    ended_on: Any

    @property
    def last_day(self) -> date | None:
        """The last day it holds, for reading; None while it is open."""
        return self.ended_on - timedelta(days=1) if self.ended_on else None


class Organisation(Model):
    """The one company of this instance. `kind` guards what may only be done to a demo or a test."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('real', 'demo', 'test')", name="kind"),
        CheckConstraint("id = 1", name="only_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8), default="real")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str] = mapped_column(String(8), default="en")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Team(Model):
    """A node of the tree, with the zone, weekdays and hours its people work in."""

    __tablename__ = "team"
    __table_args__ = (CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    working_days: Mapped[str] = mapped_column(String(7), default="12345")  # ISO weekdays, Monday is 1
    work_starts: Mapped[time] = mapped_column(default=time(8))
    work_ends: Mapped[time] = mapped_column(default=time(17))
    closed_on: Mapped[date | None]
    created_by_import_id: Mapped[int | None] = mapped_column(
        index=True
    )  # so that undoing a file can take it away again

    parent: Mapped["Team | None"] = relationship(remote_side=[id], lazy="raise_on_sql")


class Person(Dated, Model):
    """Somebody who works here. Names and addresses live only in this row."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # kept in lower case
    language: Mapped[str] = mapped_column(String(8), default="en")
    contract: Mapped[str | None] = mapped_column(String(40))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    created_by_import_id: Mapped[int | None] = mapped_column(index=True)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    def works_on(self, day: date) -> bool:
        return (self.started_on is None or self.started_on <= day) and (self.ended_on is None or day < self.ended_on)


class Membership(Dated, Model):
    """Who is in which team from when to when. One open membership a person; they never overlap."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on > started_on", name="ends_after_start"),
        Index("uq_membership_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_membership_team", "team_id", "ended_on"),
        UniqueConstraint("person_id", "started_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class Tenure(Dated, Model):
    """Who leads a team from when to when: its manager, or a deputy while the manager is away."""

    __tablename__ = "tenure"
    __table_args__ = (
        CheckConstraint("kind IN ('manager', 'deputy')", name="kind"),
        CheckConstraint("ended_on IS NULL OR ended_on > started_on", name="ends_after_start"),
        Index(
            "uq_tenure_one_manager",
            "team_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL AND kind = 'manager'"),
            postgresql_where=text("ended_on IS NULL AND kind = 'manager'"),
        ),
        Index("ix_tenure_person", "person_id", "ended_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8), default="manager")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class Absence(Dated, Model):
    """Days somebody is away. Dates only: why is nobody's business here."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ended_on > started_on", name="ends_after_start"),
        Index("ix_absence_person", "person_id", "ended_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    started_on: Mapped[date]
    ended_on: Mapped[date]


class Holiday(Model):
    """A day nobody works: everywhere, or in one team and the teams beneath it."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("on", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(80))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
