"""Files of ratings: what came in when, and what was left out of it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, PrimaryKeyConstraint, String, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


class Import(Model):
    """One file of ratings. Until it is finished nothing of it counts; one whose lease runs out was killed and is undone."""

    __tablename__ = "rating_import"
    __table_args__ = (CheckConstraint("undone_at IS NULL OR started_at <= undone_at", name="undone_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None]
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    scale: Mapped[str] = mapped_column(String(8), default="stars")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    alive_until: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stored: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    # Known ratings that the file names somebody else for.
    transferred: Mapped[int] = mapped_column(default=0, server_default="0")
    # While it runs: how far it has got. Afterwards, when nothing was saved: why, in a sentence.
    rows_read: Mapped[int] = mapped_column(default=0)
    share_read: Mapped[float] = mapped_column(default=0.0)
    problem: Mapped[str | None] = mapped_column(String(300))
    complaints_taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when its low ratings had been taken up


class ImportReject(Model):
    """A row that was left out, or that something is to be said of (`is_note`), with its line and the reason in words."""

    __tablename__ = "import_reject"
    __table_args__ = (PrimaryKeyConstraint("import_id", "line"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("rating_import.id", ondelete="CASCADE"))
    line: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    is_note: Mapped[bool] = mapped_column(default=False, server_default=false())
