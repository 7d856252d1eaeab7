"""What the attribution ledger holds beside changes of credit: who else helped, and to whom something was handed on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UTCDateTime
from tracker.organisation.models import Person

OF_INTERACTION = text("interaction_id IS NOT NULL")
OF_RATING = text("rating_id IS NOT NULL")
ONE_OF_BOTH = "(interaction_id IS NULL) <> (rating_id IS NULL)"


class Contribution(Model):
    """Somebody who helped, at an interaction or by a rating. It counts for nobody but the credited handler."""

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint(ONE_OF_BOTH, name="one_of_both"),
        Index(
            "uq_contribution_interaction",
            "interaction_id",
            "person_id",
            unique=True,
            sqlite_where=OF_INTERACTION,
            postgresql_where=OF_INTERACTION,
        ),
        Index(
            "uq_contribution_rating",
            "rating_id",
            "person_id",
            unique=True,
            sqlite_where=OF_RATING,
            postgresql_where=OF_RATING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str | None] = mapped_column(String(500))
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Transfer(Model):
    """Another system says that somebody else has it now. What was frozen when service ended stays frozen.

    `after_rating`: it was told when the rating was here already, so the rating is flagged. `moved_handler`: it was before
    service ended and nothing was rated yet, so the interaction's handler is whom it was handed to."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint(ONE_OF_BOTH, name="one_of_both"),
        Index(
            "uq_transfer_interaction",
            "interaction_id",
            "transferred_at",
            unique=True,
            sqlite_where=OF_INTERACTION,
            postgresql_where=OF_INTERACTION,
        ),
        Index("ix_transfer_rating", "rating_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("rating_import.id"), index=True)
    from_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_reference: Mapped[str] = mapped_column(String(120))  # as it came
    transferred_at: Mapped[datetime] = mapped_column(UTCDateTime)  # a file says no moment: when it was read
    after_rating: Mapped[bool]
    moved_handler: Mapped[bool]
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    to_person: Mapped[Person | None] = relationship(foreign_keys=[to_person_id], lazy="raise_on_sql")
