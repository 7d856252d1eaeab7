"""Row 1: one rating with all that follows from it, on a durable PostgreSQL, against a bare INSERT of the same row."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import event, func, select

from benchmarks.company import Company, a_company
from benchmarks.instances import on_postgres, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, number, timed
from tracker.core.db import db, transaction
from tracker.intake.actions import receive
from tracker.ratings.actions import Submission
from tracker.ratings.models import Rating, ScoreWeek

COLUMNS = (
    "source", "external_id", "rated_at", "rated_on", "stars", "original_value", "original_scale", "handled_by_id",
    "person_id", "team_id", "touchpoint_id", "channel_id", "comment", "emotions", "drivers", "received_at",
)  # fmt: skip
INSERT = f"INSERT INTO rating ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608 - our own names
_numbers = count(1)


def measure(sizes: Sizes) -> Iterator[Result]:
    """Bare is the same row into the same table, with its keys and indexes, committed each, by psycopg."""
    with on_postgres():
        company = a_company(200, team_size=20)
        settle()
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            yield compare(
                1,
                "one rating, PostgreSQL durable",
                timed(lambda: _ours(company, sizes.ratings_stored)),
                timed(lambda: _bare(connection, company, sizes.ratings_stored)),
                goal=1.5,
                repeats=sizes.repeats,
                per=sizes.ratings_stored,
            )
        counted = db.session.scalars(select(func.sum(ScoreWeek.n1 + ScoreWeek.n4))).one()
        assert rows_in(Rating) == 2 * counted, "each of ours must have been counted in its week"
        yield number(1, "one rating, statements sent", _statements(company), goal=1)


def _submission(company: Company) -> Submission:
    step = next(_numbers)
    return Submission(
        source="bench",
        external_id=f"ours-{step}",
        rated_at=datetime.now(UTC),
        stars=4 if step % 5 else 1,
        original_value="4",
        person_id=company.people[step % len(company.people)],
        touchpoint_id=1 + step % 4,
        channel_id=1 + step % 2,
        comment="Friendly and quick.",
    )


def _ours(company: Company, ratings: int) -> None:
    for _ in range(ratings):
        with transaction():
            receive(_submission(company), at=datetime.now(UTC))
        db.session.remove()  # as at the end of a request: nothing is remembered for the next one


def _bare(connection: Any, company: Company, ratings: int) -> None:
    for _ in range(ratings):
        step, at = next(_numbers), datetime.now(UTC)
        person = company.people[step % len(company.people)]
        connection.execute(
            INSERT,
            ("bench", f"bare-{step}", at, at.date(), 4 if step % 5 else 1, "4", "stars", person, person, 1 + person // 21,
             1 + step % 4, 1 + step % 2, "Friendly and quick.", "[]", "[]", at),
        )  # fmt: skip
        connection.commit()


def _statements(company: Company) -> int:
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    _ours(company, 1)
    return len(sent)
