"""Taking a file of ratings back: out of the rollup, out of the tables, and with it whatever it made that nothing else uses.

The import's own row and the audit stay.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, func, select, update

from tracker.audit.actions import record
from tracker.core import hooks
from tracker.core.clock import week_of
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Refused
from tracker.intake.handing_on import take_back
from tracker.intake.storing import unfold
from tracker.organisation.models import Membership, Person, Team
from tracker.ratings import rollup
from tracker.ratings.import_models import Import
from tracker.ratings.models import Channel, Customer, Interaction, Rating, ScoreCard, Touchpoint
from tracker.ratings.obstacles import forget_obstacles_of_import
from tracker.recovery.opening import forget_cases_of_import

UNDO_LENGTH = timedelta(days=30)
# What a person made by an import has from that import alone: it goes with them.
THEIR_OWN = frozenset({"membership", "score_week", "score_card"})


def undo_import(import_id: int, *, by: int | None, at: datetime) -> None:
    """Take a finished import back, in the caller's transaction. What was edited or credited anew since goes as well.

    Raises Conflict when it has been undone already or is not finished, Refused after 30 days.
    """
    row = _locked(import_id)
    if row.undone_at is not None:
        raise Conflict("This import has been undone already.")
    if row.finished_at is None:
        raise Conflict("This import is not finished. What was cut off is taken back by itself.")
    if at - row.finished_at > UNDO_LENGTH:
        raise Refused("This import is older than 30 days and stays.")
    first_day = db.session.scalar(select(func.min(Rating.rated_on)).where(Rating.import_id == import_id))
    credited = select(Rating.person_id).where(Rating.import_id == import_id)
    db.session.execute(update(ScoreCard).where(ScoreCard.person_id.in_(credited)).values(rewrite_at=at))
    if first_day is not None:
        unfold(import_id, since=week_of(first_day))
        rollup.thaw(first_day)
    row.undone_at = at
    _remove(import_id)
    record("import.undone", by=by, about=row, at=at, stored=row.stored)
    hooks.announce("ratings.import_undone", about=row.id, key=f"ratings.import_undone|{row.id}", at=at)


def undo_imports_cut_off(at: datetime) -> int:
    """Undo imports that never finished and whose lease has run out; how many. One transaction each."""
    cut_off = (Import.finished_at.is_(None), Import.undone_at.is_(None), Import.alive_until < at)
    with transaction():
        ids = db.session.scalars(select(Import.id).where(*cut_off).order_by(Import.id)).all()
    return sum(_undo_cut_off(import_id, at) for import_id in ids)


def _undo_cut_off(import_id: int, at: datetime) -> int:
    with transaction():
        row = _locked(import_id)
        if row.undone_at or row.finished_at or row.alive_until >= at:
            return 0  # it came back to life, or somebody else was quicker
        _close(row, at)
    return 1


def undo_unfinished(import_id: int, *, at: datetime, rejected: int = 0) -> None:
    """Undo an import of one's own that did not come to its end; doing it twice changes nothing."""
    with transaction():
        row = _locked(import_id)
        if row.undone_at is None and row.finished_at is None:
            row.rejected = rejected
            _close(row, at)


def stop_import(import_id: int, *, by: int, at: datetime) -> None:
    """Stop one that is running, in the caller's transaction: nothing of it stays, and whoever runs it notices at the next batch."""
    row = _locked(import_id)
    if row.finished_at is not None or row.undone_at is not None:
        raise Conflict("This import is not running any more.")
    row.problem = "It was stopped."
    _close(row, at, by=by)


def note_problem(import_id: int, sentence: str) -> None:
    """Why nothing was saved; what was noted first stands."""
    unsaved = (Import.id == import_id, Import.finished_at.is_(None), Import.problem.is_(None))
    with transaction():
        db.session.execute(update(Import).where(*unsaved).values(problem=sentence[:300]))


def _close(row: Import, at: datetime, *, by: int | None = None) -> None:
    """Nothing of it was ever counted, so there is nothing to take out of the rollup."""
    row.undone_at = max(at, row.started_at)
    _remove(row.id)
    record("import.cancelled", by=by, about=row, at=at)


def _locked(import_id: int) -> Import:
    return db.session.get_one(Import, import_id, with_for_update=True, populate_existing=True)


def _remove(import_id: int) -> None:
    """The ratings, and then, from the leaves inwards, whatever came with them and is used by nothing else."""
    db.session.flush()
    forget_cases_of_import(import_id)
    forget_obstacles_of_import(import_id)
    take_back(import_id)
    db.session.execute(delete(Rating).where(Rating.import_id == import_id).execution_options(synchronize_session=False))
    moved = select(Membership.person_id).group_by(Membership.person_id).having(func.count() > 1)
    db.session.execute(_unused(Person, import_id, own=THEIR_OWN).where(Person.id.not_in(moved)))
    for model in (Interaction, Customer, Touchpoint, Channel, Team):
        db.session.execute(_unused(model, import_id))


def _unused(model: Any, import_id: int, *, own: Iterable[str] = ()) -> Any:
    """DELETE of the rows of `model` that the import made and no foreign key of another table points to."""
    removal = delete(model).where(model.created_by_import_id == import_id)
    for column in _references_to(model.__table__):
        if column.table.name not in own:
            removal = removal.where(model.id.not_in(select(column).where(column.is_not(None))))
    return removal.execution_options(synchronize_session=False)


def _references_to(target: Table) -> list[Any]:
    return [
        key.parent for table in db.metadata.tables.values() for key in table.foreign_keys if key.column.table is target
    ]
