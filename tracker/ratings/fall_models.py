"""What the weekly check goes by and since when, which checks ran, and teams that fell as a whole."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person, Team


class FallSettings(Model):
    """What holds from a Monday on, until a later row. Never edited; without a row the product's own figures hold."""

    __tablename__ = "fall_settings"
    __table_args__ = (
        CheckConstraint("alert_one_in BETWEEN 100 AND 1000", name="alert_one_in"),
        CheckConstraint("cooldown_weeks BETWEEN 8 AND 52", name="cooldown_weeks"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_monday: Mapped[date] = mapped_column(index=True)
    alert_one_in: Mapped[int]
    least_fall: Mapped[float]
    strict: Mapped[bool]
    cooldown_weeks: Mapped[int]
    replay_id: Mapped[int | None]  # the replay that was looked at before
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    saved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class WeeklyCheck(Model):
    """A weekly check that ran: when, by what, how many it tested, and the ids of the ratings that it left out for a second look."""

    __tablename__ = "weekly_check"

    week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ran_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tested: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    formula: Mapped[str] = mapped_column(String(20))
    left_out: Mapped[list[int]] = mapped_column(JSON, default=list)


class TeamFall(Model):
    """A week in which a whole team lay clearly under what was expected (statistics.falls.team_falls). `shares_at`: when who leads above
    is told; null while an earlier notice still holds."""

    __tablename__ = "team_fall"
    __table_args__ = (UniqueConstraint("team_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    week: Mapped[int]
    n: Mapped[int]
    people: Mapped[int]
    shift: Mapped[float]
    sd: Mapped[float]
    z: Mapped[float]
    formula: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shares_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    team: Mapped[Team] = relationship(lazy="raise_on_sql")
