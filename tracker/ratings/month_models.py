"""What customers said of each team by month: the totals that reports read, so that no page adds up single ratings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


class TeamMonth(Model):
    """Star histogram of one team, month (its first day) and cell, by the team of the time. 0 stands for no team, and for a touchpoint
    or channel not recorded. `expected`: the sum over its ratings of what their cell usually gets, as frozen by the weekly run."""

    __tablename__ = "team_month"
    __table_args__ = (
        PrimaryKeyConstraint("month", "team_id", "touchpoint_id", "channel_id"),
        CheckConstraint("n1 >= 0 AND n2 >= 0 AND n3 >= 0 AND n4 >= 0 AND n5 >= 0", name="counts"),
    )

    month: Mapped[date]
    team_id: Mapped[int]
    touchpoint_id: Mapped[int]
    channel_id: Mapped[int]
    n1: Mapped[int]
    n2: Mapped[int]
    n3: Mapped[int]
    n4: Mapped[int]
    n5: Mapped[int]
    expected: Mapped[float]


class TeamMonthPeople(Model):
    """How many people of a team customers rated in a month: a group of fewer than five is not shown by itself."""

    __tablename__ = "team_month_people"
    __table_args__ = (PrimaryKeyConstraint("month", "team_id"), CheckConstraint("people >= 1", name="people"))

    month: Mapped[date]
    team_id: Mapped[int]
    people: Mapped[int]


class FoldedMonth(Model):
    """A month whose totals are there. `version` counts their changes; `checked_at`: when they were last added up anew."""

    __tablename__ = "folded_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ChangedMonth(Model):
    """A month in which a rating has changed since: its totals are to be added up anew. Only ever added to, so that writers of ratings
    never wait for one another here."""

    __tablename__ = "changed_month"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
