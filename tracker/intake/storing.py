"""Ratings of a file into the database, thousands in one statement, and their share of the weekly rollup in one more.

Each database takes its fastest door: SQLite `executemany` of plain tuples, PostgreSQL COPY into a table of the transaction's own.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, case, delete, func, literal_column, select, update

from tracker.core.db import db, upsert
from tracker.ratings import rollup
from tracker.ratings.models import Rating, ScoreWeek

IN_ONE_QUESTION = 5_000
TWO_DIGITS = [f"{number:02}" for number in range(60)]
CELL = (ScoreWeek.person_id, ScoreWeek.week, ScoreWeek.touchpoint_id, ScoreWeek.channel_id)
# The week of a day, as core.clock.week_of counts: days since 1 January of the year 1, by sevens.
WEEK = {
    "sqlite": "CAST(julianday(rating.rated_on) - 1721425.5 AS INTEGER) / 7",
    "postgresql": "(rating.rated_on - DATE '0001-01-01') / 7",
}


class Facts(NamedTuple):
    """What is stored of one row, in the order of COLUMNS, written as both databases take it."""

    external_id: str
    rated_at: str  # moment_text
    rated_on: str  # 2026-11-26
    stars: int
    original_value: str
    handled_by_id: int | None
    person_id: int | None
    team_id: int | None
    touchpoint_id: int | None
    channel_id: int | None
    customer_id: int | None
    comment: str | None
    drivers: str  # JSON
    employee_reference: str | None
    place: str | None
    handled_how: str | None  # explicit or post


COLUMNS = Facts._fields
# The same for every row of an import.
SHARED = ("source", "original_scale", "import_id", "received_at", "emotions")
CONTENT = (
    Rating.rated_at,
    Rating.original_value,
    Rating.original_scale,
    Rating.employee_reference,
    Rating.touchpoint_id,
    Rating.channel_id,
    Rating.customer_id,
    Rating.comment,
    Rating.drivers,
)


def insert_ratings(rows: Sequence[Facts], *, source: str, scale: str, import_id: int, at: datetime) -> int:
    """Insert those whose (source, external_id) is new; the number inserted. In the caller's transaction."""
    if not rows:
        return 0
    shared = (source, scale, import_id, moment_text(at), "[]")
    if db.engine.dialect.name == "postgresql":
        return _copy(rows, shared)
    return _execute_many(rows, shared)


def _execute_many(rows: Sequence[Facts], shared: tuple[Any, ...]) -> int:
    marks = ", ".join("?" * (len(COLUMNS) + len(SHARED)))
    statement = (
        f"INSERT INTO rating ({', '.join((*COLUMNS, *SHARED))}) VALUES ({marks}) "  # noqa: S608 - our own column names
        "ON CONFLICT (source, external_id) DO NOTHING"
    )
    values = [row + shared for row in rows]
    return int(db.session.connection().exec_driver_sql(statement, values).rowcount)


def moment_text(moment: datetime) -> str:
    """A moment in UTC as SQLAlchemy writes it for SQLite, and as PostgreSQL reads it in a session whose zone is UTC.

    Put together by hand: isoformat() takes twice as long, and this runs once a row.
    """
    hour, minute, second = TWO_DIGITS[moment.hour], TWO_DIGITS[moment.minute], TWO_DIGITS[moment.second]
    return f"{day_text(moment.date())} {hour}:{minute}:{second}.{moment.microsecond:06}"


@lru_cache(maxsize=10_000)
def day_text(day: date) -> str:
    return day.isoformat()


def _copy(rows: Sequence[Facts], shared: tuple[Any, ...]) -> int:
    names = ", ".join(COLUMNS)
    cursor = db.session.connection().connection.cursor()
    cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    cursor.execute(
        f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {names} FROM rating WITH NO DATA"  # noqa: S608 - our own column names
    )
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(
        f"INSERT INTO rating ({names}, {', '.join(SHARED)}) "  # noqa: S608 - our own column names
        f"SELECT {names}, %s, %s, %s, %s, %s FROM incoming ON CONFLICT (source, external_id) DO NOTHING",
        shared,
    )
    inserted = cursor.rowcount
    cursor.execute("DROP TABLE incoming")
    cursor.close()
    return int(inserted)


def content_of(row: Facts, scale: str) -> tuple[Any, ...]:
    """What makes a rating of a file the same rating again: what the file says, not whom it is credited to by now."""
    return (row.rated_at, row.original_value, scale, row.employee_reference, *row[8:13])


def stored_contents(external_ids: Iterable[str], *, source: str) -> Mapping[str, tuple[Any, ...]]:
    """External id -> content (as content_of gives it) of those that are stored already."""
    wanted = list(external_ids)
    found: dict[str, tuple[Any, ...]] = {}
    for start in range(0, len(wanted), IN_ONE_QUESTION):
        some = wanted[start : start + IN_ONE_QUESTION]
        rows = db.session.execute(
            select(Rating.external_id, *CONTENT).where(Rating.source == source, Rating.external_id.in_(some))
        )
        found.update((row[0], (moment_text(row[1]), *row[2:-1], drivers_text(row[-1]))) for row in rows)
    return found


def drivers_text(drivers: Iterable[str]) -> str:
    """Keys of drivers as the database keeps them."""
    keys = list(drivers)
    return json.dumps(keys, ensure_ascii=False) if keys else "[]"


def fold(import_id: int) -> None:
    """Add an import's ratings to the weekly rollup: one statement, cells in order, so that two writers cannot deadlock."""
    facts = _weekly_facts(import_id)
    made = upsert(ScoreWeek)
    grown = {name: getattr(ScoreWeek, name) + getattr(made.excluded, name) for name in rollup.COUNTS}
    in_order = facts.order_by(*list(facts.selected_columns)[:4])
    db.session.execute(
        made.from_select([*rollup.KEY, *rollup.COUNTS], in_order).on_conflict_do_update(
            index_elements=list(rollup.KEY), set_=grown
        )
    )


def unfold(import_id: int, *, since: int) -> None:
    """Take an import's ratings (none before week `since`) out of the weekly rollup again, as they stand now."""
    facts = _weekly_facts(import_id).subquery()
    same = and_(*(cell == facts.c[cell.name] for cell in CELL))
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(ScoreWeek.week).join(facts, same).order_by(*CELL).with_for_update(of=ScoreWeek))
    less = {name: getattr(ScoreWeek, name) - facts.c[name] for name in rollup.COUNTS}
    db.session.execute(update(ScoreWeek).where(same).values(less).execution_options(synchronize_session=False))
    empty = and_(*(getattr(ScoreWeek, name) == 0 for name in rollup.COUNTS))
    gone = delete(ScoreWeek).where(ScoreWeek.week >= since, empty)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _weekly_facts(import_id: int) -> Any:
    """(person, week, touchpoint, channel, n1..n5) of one import's ratings that count."""
    week = literal_column(WEEK[db.engine.dialect.name], Integer).label("week")
    touchpoint = func.coalesce(Rating.touchpoint_id, 0).label("touchpoint_id")
    channel = func.coalesce(Rating.channel_id, 0).label("channel_id")
    stars = [
        func.sum(case((Rating.stars == star, 1), else_=0)).label(name)
        for star, name in enumerate(rollup.COUNTS, start=1)
    ]
    return (
        select(Rating.person_id, week, touchpoint, channel, *stars)
        .where(Rating.import_id == import_id, Rating.person_id.is_not(None), Rating.excluded_at.is_(None))
        .group_by(Rating.person_id, week, touchpoint, channel)
    )
