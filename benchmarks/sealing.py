"""Row 9: sealing the audit, against writing the same seals by one INSERT each, by the driver, in one transaction."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from benchmarks.instances import on_postgres, on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, stopwatch
from tracker.audit.jobs import seal_audit
from tracker.audit.models import AuditEntry, AuditSeal
from tracker.core.db import db, transaction
from tracker.core.models import Watermark

GOAL = 2.0
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            _store_entries(sizes.entries_sealed)
            yield compare(
                9,
                f"sealing the audit, {database}",
                lambda: _from_nothing(lambda: _ours(sizes.entries_sealed)),
                lambda: _from_nothing(_bare, rows=_rows(sizes.entries_sealed)),
                goal=GOAL,
                repeats=sizes.slow_repeats,
            )


def _store_entries(count: int) -> None:
    entry = {"action": "rating.excluded", "by_id": 7, "about_kind": "rating", "person_id": 9, "details": {"cells": 3}}
    with transaction():
        db.session.execute(
            insert(AuditEntry),
            [{**entry, "at": AT, "about_id": n, "reason": "The customer meant another desk."} for n in range(count)],
        )
        db.session.add(Watermark(rule="audit.seal", done_until=AT))  # it has run before, as on every instance in use
    settle()


def _from_nothing(work: Callable[..., None], **given: Any) -> float:
    with transaction():
        db.session.execute(delete(AuditSeal))
    with stopwatch() as lap:
        work(**given)
    return lap.seconds


def _ours(expected: int) -> None:
    assert seal_audit(datetime.now(UTC)) == expected == rows_in(AuditSeal)


def _rows(count: int) -> list[tuple[int, int, str]]:
    """Seals of the same size; the hashes are made beforehand, so that bare is nothing but the writing."""
    ids = db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id).limit(count)).all()
    return [(sequence, entry_id, f"{sequence:064x}") for sequence, entry_id in enumerate(ids, start=1)]


def _bare(rows: list[tuple[int, int, str]]) -> None:
    mark = "%s" if db.engine.dialect.name == "postgresql" else "?"
    statement = f"INSERT INTO audit_seal (sequence, entry_id, hash) VALUES ({mark}, {mark}, {mark})"  # noqa: S608 - no input
    with transaction():
        cursor = db.session.connection().connection.cursor()
        for row in rows:
            cursor.execute(statement, row)
