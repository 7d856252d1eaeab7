"""The inbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime

UNMAILED = text("mailed_at IS NULL")
UNPUSHED = text("pushed_at IS NULL")


class Message(Model):
    """Something to tell one person, from `visible_at` on. Its words are made when it is read, in the reader's language,
    from the kind and the parameters; `key` is made from data, so the same thing is never told twice."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_inbox", "person_id", "visible_at"),
        Index("ix_message_unmailed", "visible_at", sqlite_where=UNMAILED, postgresql_where=UNMAILED),
        Index("ix_message_unpushed", "visible_at", sqlite_where=UNPUSHED, postgresql_where=UNPUSHED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    visible_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pushed_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # looked at for pushes, whether or not there was one
