"""Row 5: a file of ratings taken in, against the driver's fastest way of inserting the very same rows.

Ours reads the file, checks and links every row, stores it, lists what it rejects and counts the rest in their weeks.
Bare has the rows in memory, ready for the database: SQLite's executemany, PostgreSQL's COPY, one transaction.
"""

import csv
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete

from benchmarks.company import COMMENT, Company, a_company, drawn, last_monday
from benchmarks.instances import on_postgres, on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, stopwatch
from tracker.core.db import Model, db, reading, transaction
from tracker.intake.actions import import_ratings
from tracker.intake.rows import Choices
from tracker.ratings.import_models import ImportReject
from tracker.ratings.models import Rating, ScoreWeek

GOALS = {"SQLite": 2.0, "PostgreSQL": 2.5}
HEADER = ("external_id", "rated_at", "stars", "employee", "touchpoint", "channel", "comment")
ONE_BAD_IN = 100


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened(), tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
            file = Path(folder) / "ratings.csv"
            _write_file(file, a_company(1_000, team_size=20), sizes.rows_imported)
            settle()
            _ours(file)
            rows = _stored_rows()
            yield compare(
                5,
                f"import of a file, {database}",
                lambda file=file: _ours(file),
                lambda rows=rows: _bare(rows),
                goal=GOALS[database],
                repeats=sizes.slow_repeats,
                remark=f"{sizes.rows_imported:,} rows",
            )


def _write_file(file: Path, company: Company, rows: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for number, row in enumerate(drawn(company.people, rows, until=last_monday()).tolist()):
            person, day, touchpoint, channel, stars = row
            mark = 9 if number % ONE_BAD_IN == 0 else stars
            comment = COMMENT if number % 10 == 0 else ""
            moment = f"{datetime.fromordinal(day):%Y-%m-%d} 12:{number % 60:02}"
            writer.writerow(
                (f"r{number}", moment, mark, f"P-{person}", f"Desk {touchpoint}", f"Way {channel}", comment)
            )


def _ours(file: Path) -> float:
    _empty()
    with stopwatch() as lap:
        result = import_ratings(file, Choices(mapping={name: name for name in HEADER}), by=None, at=datetime.now(UTC))
    assert result.stored == rows_in(Rating)
    assert result.rejected == rows_in(ImportReject) > 0
    return lap.seconds


def _empty() -> None:
    with transaction():
        for model in (Rating, ScoreWeek, ImportReject):
            db.session.execute(delete(model))


def _stored_rows() -> list[tuple[Any, ...]]:
    """The rows as the driver gives them, and so takes them."""
    with reading():
        found = db.session.connection().exec_driver_sql(f"SELECT {_names(Rating)} FROM rating")  # noqa: S608 - our own names
        return [tuple(row) for row in found]


def _bare(rows: list[tuple[Any, ...]]) -> float:
    _empty()
    with stopwatch() as lap, transaction():
        connection = db.session.connection()
        if db.engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(rows[0]))
            connection.exec_driver_sql(f"INSERT INTO rating ({_names(Rating)}) VALUES ({marks})", rows)  # noqa: S608 - our own names
        else:
            _copy(connection.connection.cursor(), rows)
    return lap.seconds


def _copy(cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY rating ({_names(Rating)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _names(model: type[Model]) -> str:
    table = model.__table__
    assert isinstance(table, Table)
    return ", ".join(column.name for column in table.columns)
