"""How a rating found the person it counts for: the ledger's entries in words, oldest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.organisation.policy import people_seen_by
from tracker.ratings.import_models import Import
from tracker.ratings.ledger_models import Contribution, Transfer
from tracker.ratings.models import Attribution, Interaction, Rating


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `by` is whoever did it by hand, None for the product or another program."""

    at: datetime
    words: str
    reason: str | None = None
    by: str | None = None


def ledger_of(rating: Rating) -> list[Entry]:
    """Six short questions, whatever stands in it."""
    changes = list(db.session.scalars(select(Attribution).where(Attribution.rating_id == rating.id)))
    helpers = list(db.session.scalars(select(Contribution).where(_of(Contribution, rating))))
    transfers = list(db.session.scalars(select(Transfer).where(_of(Transfer, rating), _is_finished())))
    ids = {rating.handled_by_id}
    ids |= {id for change in changes for id in (change.to_person_id, change.by_id)}
    ids |= {id for helper in helpers for id in (helper.person_id, helper.by_id)}
    ids |= {transfer.to_person_id for transfer in transfers}
    names = _names(id for id in ids if id is not None)
    entries = [
        _first(rating, names),
        *(_change(change, names) for change in changes),
        *(_handed_on(transfer, names) for transfer in transfers),
        *_helped(rating, helpers, names),
    ]
    return sorted(entries, key=lambda entry: entry.at)


def person_known_as(viewer: Viewer, typed: str) -> Person | None:
    """Staff number or address, as somebody types it."""
    lowered = typed.lower()
    people = people_seen_by(viewer)
    return db.session.scalar(
        people.where(or_(func.lower(Person.staff_number) == lowered, Person.email == lowered)).limit(1)
    )


def _of(model: type[Contribution] | type[Transfer], rating: Rating) -> ColumnElement[bool]:
    of_interaction = model.interaction_id == rating.interaction_id
    return or_(model.rating_id == rating.id, of_interaction) if rating.interaction_id else model.rating_id == rating.id


def _is_finished() -> ColumnElement[bool]:
    finished = select(Import.id).where(Import.finished_at.is_not(None))
    return or_(Transfer.import_id.is_(None), Transfer.import_id.in_(finished))


def _names(ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    return dict(rows.all())


def _first(rating: Rating, names: Mapping[int, str]) -> Entry:
    ended = db.session.scalar(select(Interaction.ended_at).where(Interaction.id == rating.interaction_id))
    at = min(ended or rating.rated_at, rating.rated_at)
    if rating.handled_by_id is None:
        return Entry(at, _("Nobody was on record when service ended. It waited in the tray."))
    name = names.get(rating.handled_by_id, "")
    if rating.handled_how == "post":
        return Entry(at, _("Credited to %(name)s, who alone held %(post)s then.", name=name, post=rating.place))
    return Entry(at, _("Credited to %(name)s, who was named (%(source)s).", name=name, source=rating.source))


def _change(change: Attribution, names: Mapping[int, str]) -> Entry:
    to = names.get(change.to_person_id or 0)
    words = _("Credited to %(name)s by hand.", name=to) if to else _("Put back into the tray.")
    return Entry(change.at, words, change.reason, names.get(change.by_id or 0))


def _handed_on(transfer: Transfer, names: Mapping[int, str]) -> Entry:
    to = names.get(transfer.to_person_id or 0, transfer.to_reference)
    if transfer.moved_handler:
        words = _("Handed to %(name)s before service ended.", name=to)
    elif transfer.after_rating and transfer.import_id is None:
        words = _("Handed to %(name)s; we heard of it after the rating. The credit stays.", name=to)
    elif transfer.after_rating:
        words = _("A later file names %(name)s. The credit stays.", name=to)
    else:
        words = _("Handed to %(name)s after service had ended. The credit stays.", name=to)
    return Entry(transfer.transferred_at, words)


def _helped(rating: Rating, helpers: Iterable[Contribution], names: Mapping[int, str]) -> Iterator[Entry]:
    for helper in helpers:
        if helper.person_id != rating.person_id:
            words = _("%(name)s helped. It counts for the credited person alone.", name=names.get(helper.person_id, ""))
            yield Entry(helper.at, words, helper.reason, names.get(helper.by_id or 0) if helper.reason else None)
