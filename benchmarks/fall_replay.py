"""Row 17: a year of weekly checks worked out again, twice at once (the settings that hold and others), as the page of the settings does.

Ours: read 146 weeks of the rollup with teams, frozen means, alerts and cases; go through 52 checks for both. Goals: 60 seconds and 1 GB for
5,000 people on two cores. The memory is the most that this process has held, what prepares the measurement included.
"""

import resource
import sys
from collections.abc import Iterator

from benchmarks.company import a_company, drawn, last_monday, store_rollup
from benchmarks.instances import on_postgres, on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, number, stopwatch
from tracker.core.clock import last_complete_week
from tracker.core.db import reading
from tracker.falls.history import REACH, load_history
from tracker.falls.replaying import Track, replay
from tracker.ratings.models import ScoreWeek
from tracker.ratings.thresholds import STANDARD, Thresholds

SECONDS, MEGABYTES = 60.0, 1_000.0
TEAM, WEEKS = 20, 52
OTHERS = Thresholds(200)


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            yield from _measured(sizes, database)


def _measured(sizes: Sizes, database: str) -> Iterator[Result]:
    company = a_company(sizes.people_replayed, team_size=TEAM)
    ratings = sizes.people_replayed * sizes.ratings_a_person
    store_rollup(drawn(company.people, ratings, until=last_monday(), weeks=REACH + WEEKS))
    settle()
    seconds, alerts = _ours()
    remark = f"{sizes.people_replayed:,} people, {rows_in(ScoreWeek):,} weekly rows, {alerts:,} alerts"
    name = f"a year of checks again, {database}"
    yield number(17, f"{name} : seconds", round(seconds, 2), goal=SECONDS, remark=remark)
    yield number(17, f"{name} : megabytes", round(_held()), goal=MEGABYTES, remark="the most held")


def _ours() -> tuple[float, int]:
    last = last_complete_week(last_monday())
    with stopwatch() as lap, reading():
        history = load_history(last - WEEKS + 1, last)
        assert history is not None
        tracks = [Track(one.parameters, history) for one in (STANDARD, OTHERS)]
        assert len(list(replay(history, tracks))) == WEEKS
    return lap.seconds, len(tracks[0].alerts)


def _held() -> float:
    """In megabytes; Linux counts in kilobytes, macOS in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)
