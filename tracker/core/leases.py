"""Rows that must go out once each: claimed under a lease with a random word, tried outside any transaction, crossed off.

1. A sender claims due rows with its own random lease, for as long as the lease lasts.
2. It finishes a row only where its lease still stands: somebody else may have taken over after it ran out.
3. A sender that dies leaves a lease that runs out; the next one tries again, under the same id.
4. What a round has not come to is given back, and has not been tried.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import UTCDateTime, db, transaction

LEASE = timedelta(minutes=5)


class Leased:
    """The columns of a row that goes out: when it is due, whose turn it is, and how it ended."""

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(300))


OPEN = "sent_at IS NULL AND dropped_at IS NULL AND dead_at IS NULL"  # for the index that looks for open rows alone
Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True)
class Claimed:
    """A row that is ours to try, and which try it is."""

    id: int
    lease: str
    attempts: int


def is_open(table: type[Leased]) -> ColumnElement[bool]:
    return and_(table.sent_at.is_(None), table.dropped_at.is_(None), table.dead_at.is_(None))


def is_free(table: type[Leased], at: datetime) -> ColumnElement[bool]:
    """Due, not ended, and in nobody's hands."""
    return and_(is_open(table), table.due_at <= at, or_(table.leased_until.is_(None), table.leased_until < at))


def claim(table: type[Leased], wanted: Select[int], lease: str, *, at: datetime) -> list[int]:
    """The ids of these free rows that are now ours, in the order asked for. `wanted` picks from rows where `is_free`."""
    with transaction():
        ids = list(db.session.scalars(wanted))
        ours = update(table).where(table.id.in_(ids), is_free(table, at))
        ours = ours.values(lease=lease, leased_until=at + LEASE, attempts=table.attempts + 1).returning(table.id)
        claimed = set(db.session.scalars(ours.execution_options(synchronize_session=False)))
    return [number for number in ids if number in claimed]


def give_back(table: type[Leased], lease: str) -> None:
    """What the round has not come to is free again, and has not been tried."""
    with transaction():
        db.session.execute(
            update(table)
            .where(table.lease == lease, is_open(table))
            .values(lease=None, leased_until=None, attempts=table.attempts - 1)
        )


def ours(table: type[Row], number: int, lease: str) -> Row | None:
    """The row, while our lease stands."""
    return db.session.scalar(select(table).where(table.id == number, table.lease == lease, is_open(table)))


def finish(table: type[Leased], claimed: Claimed, **values: Any) -> bool:
    """Write down how the try ended, in the caller's transaction; False when the row is not ours any more."""
    ended = update(table).where(table.id == claimed.id, table.lease == claimed.lease).returning(table.id)
    ended = ended.values(lease=None, leased_until=None, **values).execution_options(synchronize_session=False)
    return db.session.scalar(ended) is not None


def depth_and_oldest(
    table: type[Leased], *conditions: ColumnElement[bool], at: datetime
) -> tuple[int, datetime | None]:
    """How many are due and not out, and since when the oldest waits."""
    waiting = select(func.count(), func.min(table.due_at)).where(is_open(table), table.due_at <= at, *conditions)
    row = db.session.execute(waiting).one()
    return row[0], row[1]
