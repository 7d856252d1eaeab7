"""What the file door keeps: an import somebody is preparing, and how the columns of a source were matched last time."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


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
