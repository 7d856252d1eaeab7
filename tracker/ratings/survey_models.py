"""What customers were asked, version by version."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime


class SurveyVersion(Model):
    """The questions of one stage from a moment on, and never changed: an old answer keeps the words it was asked in.

    `content` is what ratings.surveys.Survey reads."""

    __tablename__ = "survey_version"
    __table_args__ = (
        UniqueConstraint("stage", "number"),
        CheckConstraint("stage IN ('pre_purchase', 'purchase', 'post_purchase')", name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]
