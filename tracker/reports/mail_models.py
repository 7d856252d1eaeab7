"""Who gets which report by mail."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime

RUNNING = "ended_at IS NULL"


class ReportMail(Model):
    """One report that goes to one person once a month, until it is ended: `asked`, `right` (they may read it no more) or `gone`.

    `planned_month`: the last month that a mail was planned of; to begin with, the one that could be read already. What the mail says
    is made when it goes, with the recipient as the viewer."""

    __tablename__ = "report_mail"
    __table_args__ = (
        CheckConstraint("ended_because IN ('asked', 'right', 'gone')", name="ended_because"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_with_reason"),
        Index(
            "uq_report_mail_running",
            "report",
            "person_id",
            unique=True,
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(String(24))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    planned_month: Mapped[date | None]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_because: Mapped[str | None] = mapped_column(String(10))
