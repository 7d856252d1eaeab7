"""A made-up company, written straight into the tables: what matters is how much there is, not that it is likely.

Written by the driver, into either database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert

from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Membership, Organisation, Person, Team, Tenure
from tracker.ratings.models import Channel, Touchpoint

ZONE = "Africa/Nairobi"
LONG_AGO = date(2020, 1, 1)
TOUCHPOINTS, CHANNELS = 4, 2
WEEKS = 94  # as far back as the figures of one week reach
SHARES = (0.09, 0.04, 0.08, 0.19, 0.60)
NOON = time(9, tzinfo=UTC)
COMMENT = "Friendly and quick, and she explained what would happen next. Thank you."
AT_ONCE = 50_000
Table = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Company:
    """`people` and `leaders` are ids; person i is in team i // team_size, which leaders[i // team_size] leads."""

    people: list[int]
    leaders: list[int]
    team_size: int


def a_company(people: int, *, team_size: int) -> Company:
    teams = -(-people // team_size)
    made_at = datetime(2020, 1, 1, tzinfo=UTC)
    with transaction():
        db.session.add(Organisation(name="Zawadora", kind="test", time_zone=ZONE, created_at=made_at))
        db.session.flush()
        insert_many(Team, ({"id": n, "name": f"Team {n}", "time_zone": ZONE} for n in range(1, teams + 1)))
        insert_many(Person, (_person(n) for n in range(1, people + teams + 1)))
        insert_many(Membership, (_member(n, 1 + (n - 1) // team_size) for n in range(1, people + 1)))
        insert_many(Tenure, (_leads(people + n, n) for n in range(1, teams + 1)))
        insert_many(Touchpoint, ({"id": n, "name": f"Desk {n}"} for n in range(1, TOUCHPOINTS + 1)))
        insert_many(Channel, ({"id": n, "name": f"Way {n}"} for n in range(1, CHANNELS + 1)))
    return Company(list(range(1, people + 1)), list(range(people + 1, people + teams + 1)), team_size)


def _person(number: int) -> dict[str, Any]:
    return {"id": number, "staff_number": f"P-{number}", "name": f"Amina Person {number}", "started_on": LONG_AGO}


def _member(person: int, team: int) -> dict[str, Any]:
    return {"person_id": person, "team_id": team, "started_on": LONG_AGO}


def _leads(person: int, team: int) -> dict[str, Any]:
    return {"person_id": person, "team_id": team, "started_on": LONG_AGO}


def drawn(people: Sequence[int], ratings: int, *, until: date, seed: int = 1, weeks: int = WEEKS) -> Table:
    """(ratings, 5): person, day (ordinal), touchpoint, channel, stars of the `weeks` weeks before the Monday `until`.

    Everybody serves one touchpoint by two channels. Every fiftieth person is rated worse in the last 8 weeks.
    """
    random = np.random.default_rng(seed)
    person = np.sort(np.resize(np.asarray(people, dtype=np.int64), ratings))
    day = until.toordinal() - random.integers(1, 7 * weeks + 1, ratings)
    stars = random.choice(5, ratings, p=SHARES) + 1
    worse = (person % 50 == 0) & (day >= until.toordinal() - 56)
    stars[worse] = random.integers(1, 4, int(worse.sum()))
    channel = 1 + random.integers(0, CHANNELS, ratings)
    return np.stack([person, day, 1 + person % TOUCHPOINTS, channel, stars], axis=1)


def store_ratings(table: Table, *, team_size: int) -> None:
    """The facts, by the team of whoever is in place i // team_size, and the rollup they make; every tenth rating with a comment,
    every low one with a reason."""
    days = _days(table)
    columns = list(_fact(0, table[0].tolist(), days, team_size))
    with transaction():
        for start in range(0, len(table), AT_ONCE):
            facts = [
                _fact(start + n, row, days, team_size) for n, row in enumerate(table[start : start + AT_ONCE].tolist())
            ]
            _insert_plain("rating", columns, facts)
    store_rollup(table)


def _days(table: Table) -> dict[int, tuple[str, str]]:
    """Ordinal -> the day and its noon as SQLite keeps them."""
    found = {}
    for ordinal in np.unique(table[:, 1]).tolist():
        moment = datetime.combine(date.fromordinal(ordinal), NOON)
        found[ordinal] = (moment.date().isoformat(), f"{moment:%Y-%m-%d %H:%M:%S}.000000")
    return found


def _fact(number: int, row: list[int], days: dict[int, tuple[str, str]], team_size: int) -> dict[str, Any]:
    person, ordinal, touchpoint, channel, stars = row
    day, moment = days[ordinal]
    return {
        "source": "history",
        "external_id": f"h{number}",
        "rated_at": moment,
        "rated_on": day,
        "stars": stars,
        "original_value": str(stars),
        "original_scale": "stars",
        "handled_by_id": person,
        "person_id": person,
        "team_id": 1 + (person - 1) // team_size,
        "touchpoint_id": touchpoint,
        "channel_id": channel,
        "comment": COMMENT if number % 10 == 0 else None,
        "emotions": "[]",
        "drivers": '["waiting"]' if stars <= 3 and number % 2 else "[]",
        "received_at": moment,
    }


def store_rollup(table: Table) -> None:
    """The weekly histogram of these ratings: what the product would have counted one by one."""
    rows = rolled_up(table)
    columns = ["person_id", "week", "touchpoint_id", "channel_id", "n1", "n2", "n3", "n4", "n5"]
    with transaction():
        for start in range(0, len(rows), AT_ONCE):
            _insert_plain("score_week", columns, rows[start : start + AT_ONCE].tolist())


def rolled_up(table: Table) -> Table:
    """(cells, 9): person, week, touchpoint, channel, n1..n5."""
    week = (table[:, 1] - 1) // 7
    first = int(week.min())
    key = ((table[:, 0] * 200 + week - first) * 10 + table[:, 2]) * 10 + table[:, 3]
    cells, place = np.unique(key, return_inverse=True)
    counts = np.bincount(place * 5 + table[:, 4] - 1, minlength=len(cells) * 5).reshape(-1, 5)
    keys = [cells // 20_000, cells // 100 % 200 + first, cells // 10 % 10, cells % 10]
    return np.column_stack([*keys, counts]).astype(np.int64)


def last_monday() -> date:
    """The Monday of this week: everything before it is complete."""
    return clock.monday_of(clock.week_of(datetime.now(UTC).date()))


def monday_morning() -> datetime:
    """When this week's check is due everywhere."""
    return datetime.combine(last_monday(), time(12), UTC) - timedelta(hours=6)


def insert_many(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    db.session.execute(insert(model), list(rows))


def _insert_plain(table: str, columns: list[str], rows: list[Any]) -> None:
    """By the driver: the product's own ways in are what is measured, not what prepares for it."""
    plain = [tuple(row[name] for name in columns) if isinstance(row, dict) else tuple(row) for row in rows]
    mark = "%s" if db.engine.dialect.name == "postgresql" else "?"
    names, marks = ", ".join(columns), ", ".join([mark] * len(columns))
    db.session.connection().exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain)  # noqa: S608 - our own names
