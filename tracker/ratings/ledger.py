"""What the attribution ledger is told: who else helped, and that something was handed on. Neither moves a frozen credit."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Refused
from tracker.organisation.models import Person
from tracker.ratings.actions import lock
from tracker.ratings.ledger_models import Contribution, Transfer
from tracker.ratings.models import Interaction, Rating


def note_contributors(interaction: Interaction, people: Iterable[int], *, by: int | None, at: datetime) -> None:
    """Who else helped, as the system that served says it; who handled it is no helper."""
    helped = sorted(set(people) - {interaction.person_id})
    rows = [{"interaction_id": interaction.id, "person_id": person, "by_id": by, "at": at} for person in helped]
    if rows:
        db.session.execute(upsert(Contribution).on_conflict_do_nothing(), rows)


def add_contributor(rating: Rating, person: Person, *, by: int, reason: str, at: datetime) -> None:
    """Somebody who helped, as who leads the credited person knows it. It counts for nobody more than before."""
    if person.id == by:
        raise Refused(_("Nobody adds themselves."))
    if person.id == rating.person_id:
        raise Conflict(_("%(name)s is credited with it already.", name=person.name))
    if person.id in contributors_of(rating):
        raise Conflict(_("%(name)s is down as a helper already.", name=person.name))
    db.session.add(Contribution(rating_id=rating.id, person_id=person.id, reason=reason, by_id=by, at=at))
    record("rating.contributor_added", by=by, about=rating, person=person.id, reason=reason, at=at)


def contributors_of(rating: Rating) -> set[int]:
    """Person ids; also who helped with the interaction that it is about, if it is about one."""
    of_it = Contribution.rating_id == rating.id
    if rating.interaction_id is not None:  # else all that have none would be the same one
        of_it |= Contribution.interaction_id == rating.interaction_id
    return set(db.session.scalars(select(Contribution.person_id).where(of_it)))


def transfer_interaction(
    interaction: Interaction,
    *,
    to_person_id: int | None,
    to_reference: str,
    transferred_at: datetime,
    handler_id: int | None,
    by: int | None,
    at: datetime,
) -> Transfer:
    """Somebody else has it now. Before service ended, and while nothing is rated, the handler becomes `handler_id`; after
    that who handled it is frozen, and only the entry is added. A rating that is here already is flagged.

    `handler_id` is `to_person_id`, or None for somebody who may not be credited by whoever says so.
    """
    db.session.refresh(interaction, with_for_update={"of": Interaction})
    rating = db.session.scalar(select(Rating).where(Rating.interaction_id == interaction.id))
    moves = rating is None and transferred_at <= interaction.ended_at
    entry = Transfer(
        interaction_id=interaction.id,
        from_person_id=interaction.person_id,
        to_person_id=to_person_id,
        to_reference=to_reference,
        transferred_at=transferred_at,
        after_rating=rating is not None,
        moved_handler=moves,
        by_id=by,
        at=at,
    )
    db.session.add(entry)
    if moves:
        interaction.person_id, interaction.handled_how = handler_id, "explicit" if handler_id else None
    if rating is not None:
        flag(rating, at=at)
        record("rating.transferred", by=by, about=rating, person=rating.person_id, at=at, to=to_person_id)
    record("interaction.transferred", by=by, about=interaction, person=to_person_id, at=at, moved=moves)
    return entry


def flag(rating: Rating, *, at: datetime) -> None:
    """It was handed on, and that was told after the rating; the first time stays."""
    lock(rating)
    rating.transferred_at = rating.transferred_at or at
    db.session.flush()
