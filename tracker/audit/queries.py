"""Reading the audit, and checking that nobody has touched it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from tracker.audit.actions import GENESIS
from tracker.audit.models import AuditEntry, AuditSeal
from tracker.core.db import db

SEALED_WITHIN = timedelta(minutes=10)
PROBLEMS_SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: problems name the entry; unsealed is the tail that the next seal will take in."""

    sealed: int
    unsealed: int
    head: str
    problems: list[str] = field(default_factory=list)


def verify(*, at: datetime, anchor: Path | None = None) -> Verdict:
    """Walk the whole chain and name what does not fit: a changed, missing, inserted or reordered entry, a cut end."""
    problems: list[str] = []
    previous, expected, hashes_at = GENESIS, 1, {}
    anchored, unreadable = _anchored(anchor)
    for seal_row, entry in _chain():
        if seal_row.sequence != expected:
            problems.append(f"seal {expected} is missing")
            expected = seal_row.sequence
        if entry is None:
            problems.append(f"entry {seal_row.entry_id} was deleted (seal {seal_row.sequence})")
        elif entry.digest(previous, seal_row.sequence) != seal_row.hash:
            problems.append(f"entry {entry.id} was changed or moved (seal {seal_row.sequence})")
        previous, expected = seal_row.hash, expected + 1
        if seal_row.sequence in anchored:
            hashes_at[seal_row.sequence] = seal_row.hash
    problems += unreadable + _against_anchor(anchored, hashes_at)
    unsealed, inserted = _tail(at)
    return Verdict(expected - 1, unsealed, previous, (problems + inserted)[:PROBLEMS_SHOWN])


def entries_about(kind: str, about_id: int) -> Select[Any]:
    return (
        select(AuditEntry).where(AuditEntry.about_kind == kind, AuditEntry.about_id == about_id).order_by(AuditEntry.id)
    )


def _chain() -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    statement = (
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.sequence)
    )
    for row in db.session.execute(statement.execution_options(yield_per=2_000)):
        yield row[0], row[1]


def _anchored(anchor: Path | None) -> tuple[dict[int, str], list[str]]:
    """The heads written outside the database, by sequence; and which lines cannot be read."""
    found: dict[int, str] = {}
    unreadable: list[str] = []
    lines = anchor.read_text(encoding="utf-8", errors="replace").splitlines() if anchor and anchor.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            head = json.loads(line)
            # The first one counts: an end that was cut off and has grown again writes its own head behind it.
            found.setdefault(head["sequence"], head["hash"])
        except (ValueError, KeyError, TypeError):
            unreadable.append(f"line {number} of the heads written outside cannot be read")
    return found, unreadable


def _against_anchor(anchored: dict[int, str], found: dict[int, str]) -> list[str]:
    return [
        f"the chain differs from the head written outside at seal {sequence}"
        for sequence, known in sorted(anchored.items())
        if found.get(sequence) != known
    ]


def _tail(at: datetime) -> tuple[int, list[str]]:
    """Entries without a seal: how many, and those too old to be waiting for one (slipped in, or sealing has stopped)."""
    free = (
        select(AuditEntry).outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id).where(AuditSeal.sequence.is_(None))
    )
    count = db.session.scalars(select(func.count()).select_from(free.subquery())).one()
    old = db.session.scalars(
        free.where(AuditEntry.at < at - SEALED_WITHIN).order_by(AuditEntry.id).limit(PROBLEMS_SHOWN)
    )
    return count, [f"entry {entry.id} has no seal: it was inserted later, or sealing has stopped" for entry in old]
