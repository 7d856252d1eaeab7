"""Writing the audit: `record` in the transaction of the deed, `seal` a minute later."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from tracker.audit.models import AuditEntry, AuditSeal
from tracker.core.db import db

GENESIS = "0" * 64
BATCH = 5_000

# Every action that can be recorded, in the words of the audit page. A test keeps it equal to the calls of `record`.
VOCABULARY: dict[str, str] = {}


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


def seal(*, limit: int = BATCH) -> tuple[int, str, int]:
    """Chain up to `limit` unsealed entries in order of their ids: (sequence of the head, its hash, how many were sealed)."""
    sequence, previous = head()
    entries = db.session.scalars(
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.sequence.is_(None))
        .order_by(AuditEntry.id)
        .limit(limit)
    ).all()
    links = []
    for entry in entries:
        sequence += 1
        previous = entry.digest(previous, sequence)
        links.append({"sequence": sequence, "entry_id": entry.id, "hash": previous})
    if links:
        db.session.execute(insert(AuditSeal), links)
    return sequence, previous, len(links)


def head() -> tuple[int, str]:
    """Sequence and hash of the last seal; (0, GENESIS) before the first."""
    last = db.session.execute(
        select(AuditSeal.sequence, AuditSeal.hash).order_by(AuditSeal.sequence.desc()).limit(1)
    ).first()
    return (last[0], last[1]) if last else (0, GENESIS)
