"""Writing the audit: `record` in the transaction of the deed, `seal` a minute later."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, insert, select

from tracker.audit.models import AuditEntry, AuditSeal
from tracker.core.db import db

GENESIS = "0" * 64
BATCH = 5_000


def record(
    action: str,
    *,
    by: int | None,
    about: Any,
    at: datetime,
    person: int | None = None,
    reason: str | None = None,
    **details: Any,
) -> None:
    """Remember one deed. `by` is the person's id (None: the product itself); `about` a row with an id, or the name of a kind of thing.

    `details` must be plain JSON values and hold no customer's words and no secrets.
    """
    if isinstance(about, str):
        kind, about_id = about, None
    else:
        if about.id is None:
            db.session.flush()
        kind, about_id = about.__tablename__, about.id
    entry = AuditEntry(
        at=at,
        action=action,
        by_id=by,
        about_kind=kind,
        about_id=about_id,
        person_id=person,
        reason=reason,
        details=details,
    )
    db.session.add(entry)


def seal(*, limit: int = BATCH, only_after_head: bool = False) -> tuple[int, str, int]:
    """Chain up to `limit` unsealed entries in order of their ids: (sequence of the head, its hash, how many were sealed).

    `only_after_head` looks at ids above the last sealed one alone, which spares a walk over all that is sealed. An entry whose
    transaction took longer than that of a later one has a lower id, so whoever seals begins without it.
    """
    sequence, previous = head()
    links = []
    for entry in db.session.execute(_unsealed(only_after_head=only_after_head).limit(limit)):
        sequence += 1
        # A plain row has the names of an entry; making an object of each would cost more than the seal.
        previous = AuditEntry.digest(cast(AuditEntry, entry), previous, sequence)
        links.append({"sequence": sequence, "entry_id": entry.id, "hash": previous})
    if links:
        db.session.connection().execute(insert(AuditSeal), links)
    return sequence, previous, len(links)


def _unsealed(*, only_after_head: bool) -> Select[Any]:
    entries = select(*AuditEntry.__table__.c).order_by(AuditEntry.id)
    if only_after_head:
        last = select(AuditSeal.entry_id).order_by(AuditSeal.sequence.desc()).limit(1).scalar_subquery()
        return entries.where(AuditEntry.id > last)
    return entries.outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id).where(AuditSeal.sequence.is_(None))


def head() -> tuple[int, str]:
    """Sequence and hash of the last seal; (0, GENESIS) before the first."""
    last = db.session.execute(
        select(AuditSeal.sequence, AuditSeal.hash).order_by(AuditSeal.sequence.desc()).limit(1)
    ).first()
    return (last[0], last[1]) if last else (0, GENESIS)
