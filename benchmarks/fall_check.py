"""Row 11: the weekly check of everybody, its upkeep included, against one numpy pass over the raw ratings.

Ours: load the weekly rollup, test everybody, work out everybody's figures and store everybody's card, one transaction.
Bare, “from the database”: read person and stars of every rating from a table with nothing else in it, three bincounts (n, S, Q).
Bare, “in memory”: the three bincounts alone, the ratings being in two arrays already. No product could do only that; it shows
what the reading and the writing cost.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

import numpy as np
from sqlalchemy import text

from benchmarks.company import Table, a_company, drawn, last_monday, monday_morning, store_rollup
from benchmarks.instances import on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, stopwatch, timed
from tracker.core.clock import last_complete_week
from tracker.core.db import db, reading, transaction
from tracker.ratings import weekly
from tracker.ratings.models import ScoreCard, ScoreWeek

GOAL = 3.0
TEAM = 20


def measure(sizes: Sizes) -> Iterator[Result]:
    with on_sqlite():
        company = a_company(sizes.people_checked, team_size=TEAM)
        ratings = drawn(company.people, sizes.ratings_checked, until=last_monday())
        store_rollup(ratings)
        _store_raw(ratings)
        settle()
        people = sizes.people_checked + 1
        person, stars = ratings[:, 0].astype(np.int32), ratings[:, 4].astype(np.int8)
        del ratings
        remark = f"{people - 1:,} people, {len(person):,} ratings, {rows_in(ScoreWeek):,} weekly rows"
        pairs = {
            "raw ratings from the database": (lambda: _pass(*_read_raw(), people), GOAL),
            "raw ratings in memory": (lambda: _pass(person, stars, people), None),
        }
        for name, (bare, goal) in pairs.items():
            yield compare(
                11, f"weekly check : {name}", _ours, timed(bare), goal=goal, repeats=sizes.slow_repeats, remark=remark
            )


def _store_raw(ratings: Table) -> None:
    with transaction():
        connection = db.session.connection()
        connection.exec_driver_sql("CREATE TABLE raw_rating (person_id INTEGER, stars INTEGER)")
        for part in np.array_split(ratings[:, [0, 4]], 1 + len(ratings) // 200_000):
            connection.exec_driver_sql("INSERT INTO raw_rating VALUES (?, ?)", [tuple(row) for row in part.tolist()])


def _ours() -> float:
    on = last_complete_week(last_monday())
    with stopwatch() as lap:
        with reading():
            company = weekly.load_company(on)
            assert company is not None
            figures = weekly.everybodys_figures(company, weekly.check_company(company))
        shares_at = dict.fromkeys(figures, monday_morning() + timedelta(days=1))
        with transaction():
            weekly.freeze_means(company)
            weekly.write_cards(figures, on=on, audience="own", shares_at=shares_at)
    assert rows_in(ScoreCard) == len(company.people)
    with transaction():
        db.session.execute(text("DELETE FROM score_card"))
        db.session.execute(text("DELETE FROM cell_week"))
    return lap.seconds


def _read_raw() -> tuple[Table, Table]:
    with reading():
        rows = db.session.connection().connection.execute("SELECT person_id, stars FROM raw_rating")  # type: ignore[attr-defined]  # sqlite3's own
        table = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _pass(person: Table, stars: Table, people: int) -> None:
    marks = stars.astype(np.float64)
    n, s, q = (
        np.bincount(person, minlength=people),
        np.bincount(person, marks, people),
        np.bincount(person, marks**2, people),
    )
    assert n.sum() <= s.sum() <= q.sum()
