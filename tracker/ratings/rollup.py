"""The weekly star histogram, kept equal to the facts: every change of a rating passes through here, in its transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from tracker.core.clock import monday_of, week_of
from tracker.core.db import db, upsert
from tracker.ratings.models import CellWeek, Rating, ScoreWeek
from tracker.ratings.month_models import ChangedMonth
from tracker.ratings.policy import counted

COUNTS = ("n1", "n2", "n3", "n4", "n5")
KEY = ("person_id", "week", "touchpoint_id", "channel_id")
Cell = tuple[int, int, int, int]


def key_of(rating: Rating) -> Cell:
    """Where a credited rating counts."""
    if rating.person_id is None:
        raise ValueError("a rating without a credited person counts nowhere")
    return (rating.person_id, week_of(rating.rated_on), rating.touchpoint_id or 0, rating.channel_id or 0)


def insert_counted(values: Mapping[str, Any]) -> Rating | None:
    """Insert a rating under its source key and count it in its week; None, and nothing counted, when the key is known or its
    interaction has been rated.

    `values`: every column that has no default. On PostgreSQL one statement does both: the row of the week's cell is locked only
    from there to the commit, and a rating costs one round trip.
    """
    if week_of(values["rated_on"]) < week_of(values["received_at"].date()):
        note_change(values["rated_on"])  # its month may have been added up without it
    if db.engine.dialect.name != "postgresql" or values["person_id"] is None:
        rating: Rating | None = db.session.scalar(_insert(tuple(sorted(values)), db.engine.dialect.name), values)
        if rating is not None:
            _count(rating, 1)
        return rating
    counts = dict.fromkeys(COUNTS, 0) | {COUNTS[values["stars"] - 1]: 1}
    cell = (values["person_id"], week_of(values["rated_on"]), values["touchpoint_id"] or 0, values["channel_id"] or 0)
    cell_values = {
        f"cell_{name}": value for name, value in zip((*KEY, *counts), (*cell, *counts.values()), strict=True)
    }
    return db.session.scalar(_insert_and_count(tuple(sorted(values))), {**values, **cell_values})


@lru_cache(maxsize=8)
def _insert(names: tuple[str, ...], dialect: str) -> Any:
    """Made once: putting the statement together would cost more than sending it."""
    made = _rating_insert(names, dialect).returning(Rating)
    return select(Rating).from_statement(made)


@lru_cache(maxsize=8)
def _insert_and_count(names: tuple[str, ...]) -> Any:
    made = _rating_insert(names, "postgresql").returning(Rating.__table__).cte("made")
    cell = select(*(bindparam(f"cell_{name}", type_=Integer) for name in (*KEY, *COUNTS))).select_from(made)
    counted = postgresql.insert(ScoreWeek).from_select([*KEY, *COUNTS], cell)
    grown = {name: getattr(ScoreWeek, name) + counted.excluded[name] for name in COUNTS}
    counted = counted.on_conflict_do_update(index_elements=list(KEY), set_=grown)
    return select(aliased(Rating, made)).add_cte(counted.cte("counted"))


def _rating_insert(names: tuple[str, ...], dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert
    made = insert(Rating.__table__).values({name: bindparam(name) for name in names})
    return made.on_conflict_do_nothing()  # its source key is known, or its interaction has been rated


def add(rating: Rating, *, times: int = 1) -> None:
    """Count a rating that changes (times=1), or take it out before (times=-1). What counts nowhere changes nothing."""
    if rating.person_id is None or rating.excluded_at is not None:
        return
    _count(rating, times)
    note_change(rating.rated_on)


def note_change(day: date) -> None:
    """What was added up of the month that holds `day` is to be added up anew."""
    db.session.add(ChangedMonth(month=day.replace(day=1)))


def _count(rating: Rating, times: int) -> None:
    if rating.person_id is None:
        return
    counts = [0] * 5
    counts[rating.stars - 1] = times
    add_counts({key_of(rating): counts})


def add_counts(cells: Mapping[Cell, Iterable[int]]) -> None:
    """Add star counts (five numbers, negative to take out) to the weekly cells. Ordered, so that two writers cannot deadlock."""
    rows = [dict(zip((*KEY, *COUNTS), (*cell, *counts), strict=True)) for cell, counts in sorted(cells.items())]
    fresh = [row for row in rows if all(row[name] >= 0 for name in COUNTS)]
    taken = [row for row in rows if any(row[name] < 0 for name in COUNTS)]
    if fresh:
        made = upsert(ScoreWeek)
        grown = {name: getattr(ScoreWeek, name) + getattr(made.excluded, name) for name in COUNTS}
        db.session.execute(made.on_conflict_do_update(index_elements=list(KEY), set_=grown), fresh)
    for row in taken:
        _take(row)


def _take(row: dict[str, Any]) -> None:
    cell = db.session.get_one(ScoreWeek, tuple(row[name] for name in KEY), with_for_update=True, populate_existing=True)
    for name in COUNTS:
        setattr(cell, name, getattr(cell, name) + row[name])
    db.session.flush()


def facts() -> Select[*tuple[Any, ...]]:
    """What the rollup must be, from the ratings themselves: (person, day, touchpoint, channel, n1..n5)."""
    touchpoint, channel = func.coalesce(Rating.touchpoint_id, 0), func.coalesce(Rating.channel_id, 0)
    return (
        select(
            Rating.person_id,
            Rating.rated_on,
            touchpoint.label("touchpoint_id"),
            channel.label("channel_id"),
            *star_counts(),
        )
        .where(Rating.person_id.is_not(None), Rating.excluded_at.is_(None), counted())
        .group_by(Rating.person_id, Rating.rated_on, touchpoint, channel)
    )


def star_counts() -> list[ColumnElement[int]]:
    return [func.sum(case((Rating.stars == star, 1), else_=0)).label(name) for star, name in enumerate(COUNTS, start=1)]


def by_week(statement: Select[*tuple[Any, ...]]) -> dict[Cell, list[int]]:
    """Sum daily facts into weekly cells."""
    cells: dict[Cell, list[int]] = {}
    for person, day, touchpoint, channel, *counts in db.session.execute(statement.execution_options(yield_per=10_000)):
        total = cells.setdefault((person, week_of(day), touchpoint, channel), [0] * 5)
        for position, count in enumerate(counts):
            total[position] += count
    return cells


def differences() -> dict[Cell, list[int]]:
    """What would have to be added to make the rollup equal the facts; empty when it does."""
    wanted = by_week(facts())
    for row in db.session.execute(select(*(getattr(ScoreWeek, name) for name in (*KEY, *COUNTS)))):
        total = wanted.setdefault((row[0], row[1], row[2], row[3]), [0] * 5)
        for position, count in enumerate(row[4:]):
            total[position] -= count
    return {cell: counts for cell, counts in wanted.items() if any(counts)}


def thaw(since: date) -> None:
    """Frozen cell means from the week of `since` on are worked out anew by the next run: the past has changed under them, and
    with them what was added up of the months since."""
    last = db.session.scalar(select(func.max(CellWeek.week)))
    if last is None or last < week_of(since):
        return
    months, end = [since.replace(day=1)], monday_of(last + 1)
    while (month := (months[-1] + timedelta(days=31)).replace(day=1)) < end:
        months.append(month)
    db.session.execute(insert(ChangedMonth), [{"month": month} for month in months])
    db.session.execute(delete(CellWeek).where(CellWeek.week >= week_of(since)))
