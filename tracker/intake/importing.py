"""A file of ratings into the database: a stream, in batches, each its own transaction.

1. The import's row is committed first, with a lease. Readers ignore its ratings until it is finished.
2. Each batch renews the lease and inserts, in one transaction. An import that has been undone meanwhile finds no lease and stops.
3. The finish, in one transaction: the rollup gets its share, frozen means are thawed, `finished_at` is set.
4. Whoever dies on the way leaves a lease that runs out; the next tick or the next import undoes what is there.
5. One import of a source at a time: the later of two steps back, so that none takes the other's unfinished rows for known ones.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from tracker.audit.actions import record
from tracker.core import hooks
from tracker.core.db import db, reading, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.intake import handing_on
from tracker.intake.handing_on import HandedOn, told_apart
from tracker.intake.helping import note_helpers
from tracker.intake.refusals import UnreadableFile
from tracker.intake.rows import Choices, Line, Read, Rows
from tracker.intake.rules import Rejection, UnusableMapping
from tracker.intake.serving import note_services
from tracker.intake.storing import Facts, content_of, fold, insert_ratings, stored_contents
from tracker.intake.tables import open_table
from tracker.intake.undoing import undo_imports_cut_off, undo_unfinished
from tracker.ratings import rollup
from tracker.ratings.import_models import Import, ImportReject

LEASE = timedelta(minutes=2)
LONGEST_REASON = 300
Progress = Callable[[float, int], None]


@dataclass(frozen=True)
class ImportResult:
    """What became of the rows. `stored` includes those `waiting` in the tray. `transferred` are known and name somebody else
    by now. The reasons of the `rejected` are kept with the import: queries.rejected_rows(import_id)."""

    import_id: int
    stored: int
    unchanged: int
    waiting: int
    rejected: int
    transferred: int = 0


def import_ratings(
    path: str | Path,
    choices: Choices,
    *,
    by: int | None,
    at: datetime,
    file_name: str | None = None,
    only_if_clean: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Store a file's ratings as `choices` say, each once under (source, its id). Commits by itself; nothing counts before the end.

    `progress(share read, rows read)` is called after each batch. Raises Invalid with a sentence for a file or mapping that cannot
    be used, Conflict while a file of the same source is being imported. After any error, and with `only_if_clean` after any
    rejected row, no rating stays.
    """
    with _opened(path, choices, at=at) as rows:
        import_id = begin_import(choices, file_name or Path(path).name, by=by, at=at)
        return _run(_Running(rows, import_id, by=by, at=at), only_if_clean=only_if_clean, progress=progress)


def run_import(
    import_id: int, path: str | Path, choices: Choices, *, by: int | None, at: datetime, only_if_clean: bool
) -> ImportResult:
    """The rest of an import that `begin_import` has begun, with the same errors."""
    try:
        with _opened(path, choices, at=at) as rows:
            return _run(_Running(rows, import_id, by=by, at=at), only_if_clean=only_if_clean, progress=None)
    except Invalid:
        undo_unfinished(import_id, at=at)
        raise


@contextmanager
def _opened(path: str | Path, choices: Choices, *, at: datetime) -> Iterator[Rows]:
    try:
        with open_table(path) as table:
            yield Rows(table, choices, at=at)
    except (UnreadableFile, UnusableMapping) as problem:
        raise Invalid(str(problem)) from problem


def begin_import(choices: Choices, file_name: str, *, by: int | None, at: datetime) -> int:
    """The row of an import that runs from now on; Conflict while a file of the same source is being imported."""
    undo_imports_cut_off(at)
    row = Import(
        source=choices.source,
        file_name=file_name[-200:],
        by_id=by,
        mapping=dict(choices.mapping),
        scale=choices.scale,
        started_at=at,
        alive_until=at + LEASE,
    )
    with transaction():
        db.session.add(row)
        db.session.flush()
        import_id = row.id
    with reading():
        others = select(Import.id).where(
            Import.source == choices.source,
            Import.id < import_id,
            Import.finished_at.is_(None),
            Import.undone_at.is_(None),
        )
        is_second = db.session.scalar(others.limit(1)) is not None
    if is_second:
        undo_unfinished(import_id, at=at)
        raise Conflict(
            "Another file from this source is being imported, or was cut off a moment ago. Try again in two minutes."
        )
    return import_id


def _run(running: "_Running", *, only_if_clean: bool, progress: Progress | None) -> ImportResult:
    """Batch by batch to the end; whatever goes wrong, nothing stays."""
    try:
        for batch in running.rows.batches():
            running.store(batch)
            if progress:
                progress(running.rows.share_read, running.rows_read)
        if not (only_if_clean and running.rejected):
            running.finish()
            return running.result()
    except BaseException:
        undo_unfinished(running.import_id, at=running.at)
        raise
    undo_unfinished(running.import_id, at=running.at, rejected=running.rejected)
    return ImportResult(running.import_id, 0, running.unchanged, 0, running.rejected)


class _Running:
    """One import on its way: its lease and its counts."""

    def __init__(self, rows: Rows, import_id: int, *, by: int | None, at: datetime) -> None:
        self.rows, self.import_id, self.by, self.at = rows, import_id, by, at
        self._started = time.monotonic()
        self.rows_read = self.stored = self.unchanged = self.waiting = self.rejected = self.transferred = 0
        self._first_day: date | None = None
        rows.links.import_id = import_id

    def result(self) -> ImportResult:
        return ImportResult(self.import_id, self.stored, self.unchanged, self.waiting, self.rejected, self.transferred)

    def store(self, batch: Sequence[Line]) -> None:
        self.rows_read += len(batch)
        with transaction():
            self._renew_lease(rows_read=self.rows_read, share_read=self.rows.share_read)
            read = self.rows.facts(batch)
            inserted, rejected = self._insert(read)
            self._note(inserted, [*read.rejected, *rejected])
            self._list(
                note_services(read.served, inserted, self.rows.choices.source, import_id=self.import_id), is_note=True
            )
            self._list(
                note_helpers(read.helped, inserted, self.rows.choices.source, by=self.by, at=self.at), is_note=True
            )

    def finish(self) -> None:
        now = self._now()
        with transaction():
            self._renew_lease(finished_at=now, **self._counts())
            self.rows.links.settle_made_people()
            if self._first_day is not None:
                fold(self.import_id)
                rollup.thaw(self._first_day)
            if self.transferred:
                handing_on.mark(self.import_id, at=now)
            about = db.session.get_one(Import, self.import_id)
            record(
                "import.finished",
                by=self.by,
                about=about,
                at=now,
                stored=self.stored,
                unchanged=self.unchanged,
                waiting=self.waiting,
                rejected=self.rejected,
                transferred=self.transferred,
            )
            key = f"ratings.imported|{self.import_id}"
            hooks.announce("ratings.imported", about=self.import_id, key=key, at=now)  # one for all: never one for each

    def _counts(self) -> dict[str, int]:
        return {
            "stored": self.stored,
            "unchanged": self.unchanged,
            "waiting": self.waiting,
            "rejected": self.rejected,
            "transferred": self.transferred,
        }

    def _now(self) -> datetime:
        """The time since it began is measured, not read from a clock that may be set."""
        return self.at + timedelta(seconds=time.monotonic() - self._started)

    def _renew_lease(self, **values: object) -> None:
        mine = update(Import).where(
            Import.id == self.import_id, Import.undone_at.is_(None), Import.finished_at.is_(None)
        )
        renewed = db.session.execute(mine.values(alive_until=self._now() + LEASE, **values))
        if renewed.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult, typed as Result
            raise Conflict("This import was stopped, or stood still for too long, and has been taken back.")

    def _insert(self, read: Read) -> tuple[list[Facts], list[tuple[int, Rejection]]]:
        """Insert a batch: (what is new, what says something else than is stored). Known rows are only looked for when some did
        not go in."""
        at_once = db.session.begin_nested()
        if self._insert_rows(read.facts) == len(read.facts):
            at_once.commit()
            return read.facts, []
        at_once.rollback()
        known = dict(stored_contents({fact.external_id for fact in read.facts}, source=self.rows.choices.source))
        new: list[Facts] = []
        differing = []
        for fact, line in zip(read.facts, read.lines, strict=True):
            content = content_of(fact, self.rows.choices.scale)
            before = known.setdefault(fact.external_id, content)
            if before is content:
                new.append(fact)
            elif before == content:
                self.unchanged += 1
            else:
                differing.append((fact, line, before))
        self._insert_rows(new)
        unchanged, handed, rejected = told_apart(
            differing, scale=self.rows.choices.scale, source=self.rows.choices.source
        )
        self.unchanged += unchanged
        self._note_handed_on(handed)
        return new, rejected

    def _note_handed_on(self, handed: Sequence[HandedOn]) -> None:
        handing_on.store(handed, import_id=self.import_id, by=self.by, at=self.at)
        self.transferred += len(handed)
        self._list([(one.line, Rejection(one.note)) for one in handed], is_note=True)

    def _insert_rows(self, facts: Sequence[Facts]) -> int:
        choices = self.rows.choices
        return insert_ratings(facts, source=choices.source, scale=choices.scale, import_id=self.import_id, at=self.at)

    def _note(self, inserted: Sequence[Facts], rejected: Sequence[tuple[int, Rejection]]) -> None:
        self.stored += len(inserted)
        self.waiting += sum(fact.person_id is None for fact in inserted)
        self.rejected += len(rejected)
        if inserted:
            day = date.fromisoformat(min(fact.rated_on for fact in inserted))
            self._first_day = min(day, self._first_day or day)
        self._list(rejected)

    def _list(self, lines: Sequence[tuple[int, Rejection]], *, is_note: bool = False) -> None:
        rows = [
            {
                "import_id": self.import_id,
                "line": line,
                "reason": why.reason[:LONGEST_REASON],
                "is_note": is_note,
            }
            for line, why in lines
        ]
        if rows:
            db.session.execute(insert(ImportReject), rows)
