"""Rows of a file whose rating is known and that name somebody else by now: what was handed on stays credited, and is said.

Helpdesks assign late and reassign often, and their exports name whoever has the ticket today.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, insert, select, update

from tracker.core.db import db
from tracker.intake.rules import Rejection
from tracker.intake.storing import IN_ONE_QUESTION, Facts, content_of
from tracker.ratings.ledger_models import Transfer
from tracker.ratings.models import Rating

REFERENCE = 3  # where content_of holds whom the file names


class HandedOn(NamedTuple):
    """A known rating that the file names somebody else for. `credited` None: it waits in the tray."""

    fact: Facts
    line: int
    rating_id: int
    credited: int | None

    @property
    def note(self) -> str:
        who = self.fact.employee_reference
        if self.credited is None:
            return f"Known already, and it waits in the tray: this file names “{who}”, who is suggested there"
        return f"Handed on after the rating: this file names “{who}” now. The credit stays, and the rating is marked"


class _Known(NamedTuple):
    rating_id: int
    credited: int | None
    last_person: int | None
    last_reference: str | None


def told_apart(
    differing: Sequence[tuple[Facts, int, tuple[Any, ...]]], *, scale: str, source: str
) -> tuple[int, list[HandedOn], list[tuple[int, Rejection]]]:
    """Rows (with their line and what is stored) that say something else: how many say nothing new after all, which were
    handed on, and which contradict what is here."""
    suspects = [row for row in differing if row[0].employee_reference and _only_the_name(row[0], row[2], scale)]
    known = _known({fact.external_id for fact, _line, _before in suspects}, source)
    unchanged, handed, rejected = 0, list[HandedOn](), list[tuple[int, Rejection]]()
    for fact, line, before in differing:
        now = known.get(fact.external_id) if _only_the_name(fact, before, scale) else None
        if now is None or not fact.employee_reference:
            rejected.append((line, differs(fact.external_id)))
        elif fact.employee_reference == now.last_reference or (fact.person_id and fact.person_id == now.last_person):
            unchanged += 1
        else:
            handed.append(HandedOn(fact, line, now.rating_id, now.credited))
    return unchanged, handed, rejected


def _only_the_name(fact: Facts, before: tuple[Any, ...], scale: str) -> bool:
    now = content_of(fact, scale)
    return now[:REFERENCE] == before[:REFERENCE] and now[REFERENCE + 1 :] == before[REFERENCE + 1 :]


def _known(external_ids: set[str], source: str) -> dict[str, _Known]:
    """Whom each was credited to and whom the last file or program named."""
    wanted, found = sorted(external_ids), dict[str, _Known]()
    for start in range(0, len(wanted), IN_ONE_QUESTION):
        some = wanted[start : start + IN_ONE_QUESTION]
        rows: Any = db.session.execute(
            select(
                Rating.external_id,
                Rating.id,
                Rating.person_id,
                Rating.handled_by_id,
                Rating.employee_reference,
                Transfer.id,
                Transfer.to_person_id,
                Transfer.to_reference,
            )
            .outerjoin(Transfer, Transfer.rating_id == Rating.id)
            .where(Rating.source == source, Rating.external_id.in_(some))
            .order_by(Rating.id, Transfer.id)
        )
        for key, rating_id, person, handler, reference, transfer, to_person, to_reference in rows:
            last = (handler if transfer is None else to_person, reference if transfer is None else to_reference)
            found[key] = _Known(rating_id, person, *last)
    return found


def store(handed: Iterable[HandedOn], *, import_id: int, by: int | None, at: datetime) -> None:
    """As entries of the ledger. The ratings are marked when the import is finished."""
    rows = [
        {
            "rating_id": one.rating_id,
            "import_id": import_id,
            "from_person_id": one.credited,
            "to_person_id": one.fact.person_id,
            "to_reference": one.fact.employee_reference,
            "transferred_at": at,
            "after_rating": True,
            "moved_handler": False,
            "by_id": by,
            "at": at,
        }
        for one in handed
    ]
    if rows:
        db.session.execute(insert(Transfer), rows)


def mark(import_id: int, *, at: datetime) -> None:
    """Flag what a finished import has handed on, but for what waits in the tray: there it is a suggestion."""
    handed = select(Transfer.rating_id).where(Transfer.import_id == import_id)
    fresh = (Rating.id.in_(handed), Rating.transferred_at.is_(None), Rating.person_id.is_not(None))
    db.session.execute(
        update(Rating).where(*fresh).values(transferred_at=at).execution_options(synchronize_session=False)
    )


def take_back(import_id: int) -> None:
    """Without the entries of an import that is undone; what only they had flagged is flagged no longer."""
    handed = select(Transfer.rating_id).where(Transfer.import_id == import_id)
    others = exists(
        select(Transfer.id).where(
            (Transfer.rating_id == Rating.id) | (Transfer.interaction_id == Rating.interaction_id),
            Transfer.after_rating,
            Transfer.import_id.is_distinct_from(import_id),
        )
    ).correlate(Rating)
    only = update(Rating).where(Rating.id.in_(handed), ~others).values(transferred_at=None)
    db.session.execute(only.execution_options(synchronize_session=False))
    db.session.execute(
        delete(Transfer).where(Transfer.import_id == import_id).execution_options(synchronize_session=False)
    )


def differs(external_id: str) -> Rejection:
    """The reason for a row whose id is known with other content."""
    return Rejection(
        f"A rating with the id “{external_id}” is here already, and it says something else", "external_id", external_id
    )
