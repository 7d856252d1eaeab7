"""A service as somebody of the staff wrote it down: an interview with the customer, or an observation. Never a rating."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person
from tracker.ratings.models import Customer, Touchpoint
from tracker.ratings.survey_models import SurveyVersion

KINDS = ("interview", "observation")


class Encounter(Model):
    """One service, by whom it was noted and what was noted.

    An interview has the customer's answer, in the meaning of a rating's columns of the same name; an observation has marks:
    {driver: "well", "partly", "not" or "unseen"}. `survey_version_id` is whose questions and drivers were used."""

    __tablename__ = "encounter"
    __table_args__ = (
        UniqueConstraint("by_id", "form_key"),
        CheckConstraint("kind IN ('interview', 'observation')", name="kind"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("effort BETWEEN 1 AND 5", name="effort"),
        CheckConstraint("(kind = 'interview') = (stars IS NOT NULL)", name="stars_of_interview"),
        Index("ix_encounter_person_on", "person_id", "happened_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))  # the person's on that day
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    survey_version_id: Mapped[int | None] = mapped_column(ForeignKey("survey_version.id"))
    form_key: Mapped[str] = mapped_column(String(32))  # made with the empty form: the same form twice is one entry
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    happened_on: Mapped[date]  # the local day where the person works
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[str | None] = mapped_column(String(80))
    stars: Mapped[int | None]
    emotions: Mapped[list[str]] = mapped_column(JSON, default=list)
    drivers: Mapped[list[str]] = mapped_column(JSON, default=list)
    effort: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(Text)  # the customer's own
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    notes: Mapped[str | None] = mapped_column(Text)  # of whoever asked
    marks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    went_well: Mapped[str | None] = mapped_column(Text)
    to_try: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)  # the person's own view, once
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_because: Mapped[str | None] = mapped_column(String(500))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    touchpoint: Mapped[Touchpoint | None] = relationship(lazy="raise_on_sql")
    survey: Mapped[SurveyVersion | None] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    changes: Mapped[list["EncounterChange"]] = relationship(
        order_by="EncounterChange.id", lazy="raise_on_sql", viewonly=True
    )

    @property
    def is_own_account(self) -> bool:
        """Whether the person noted it about their own service."""
        return self.person_id == self.by_id


class EncounterChange(Model):
    """A correction with its reason, and what stood there before: the columns that a form fills, as plain JSON."""

    __tablename__ = "encounter_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
