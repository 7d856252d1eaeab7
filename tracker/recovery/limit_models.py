"""What somebody may give a customer on the spot without asking, by team and from when; and what was given in a complaint."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person


class GivingLimit(Model):
    """One choice for a team, or without a team for the company. The newest of a team holds; older ones are its history.

    `staff` is for whoever leads nobody, `leads` for whoever leads a team or stands in there: whole units of the currency for one
    complaint, 0 for “ask first”, None for what holds above. The currency is that of the company’s newest row."""

    __tablename__ = "giving_limit"
    __table_args__ = (
        CheckConstraint("staff >= 0", name="staff"),
        CheckConstraint("leads >= 0", name="leads"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    staff: Mapped[int | None]
    leads: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when everybody concerned had heard of it

    set_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class Given(Model):
    """What a customer was given, beside the line of the history that says so. It goes with its case.

    `own_limit`: what whoever gave it could give without asking on that day, in the currency of the row; None where nothing was set.
    `is_within`: nobody was asked, and all that was given so far was within it; None where that cannot be told."""

    __tablename__ = "recovery_given"
    __table_args__ = (
        CheckConstraint("kind IN ('nothing', 'apology', 'refund', 'voucher', 'replacement')", name="kind"),
        CheckConstraint("worth > 0", name="worth"),
        CheckConstraint("(worth IS NULL) = (currency IS NULL)", name="worth_in_currency"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("recovery_entry.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("recovery_case.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    worth: Mapped[int | None]  # whole units, rounded up
    currency: Mapped[str | None] = mapped_column(String(3))
    own_limit: Mapped[int | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_within: Mapped[bool | None]

    agreed_by: Mapped[Person | None] = relationship(foreign_keys=[agreed_by_id], lazy="raise_on_sql")
