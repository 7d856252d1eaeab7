"""Rows 8, 10 and 14 of the report on engagement, for 200 teams and 12 months, against a bare page of the same bytes.

What the page reads is worked out beforehand by jobs; how long these take for a month is told as well, in seconds.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from flask import Flask
from sqlalchemy import insert, update

from benchmarks.company import CHANNELS, TOUCHPOINTS, a_company, drawn, store_ratings
from benchmarks.instances import cookie_of, on_postgres, on_sqlite, settle
from benchmarks.measuring import Result, Sizes, compare, number, stopwatch
from benchmarks.pages import GROWTH_GOAL, MOST_QUERIES, Page, alone, queries_of
from tests.reports.companies import a_check, a_published_round, months_until, noise
from tracker.access.actions import set_roles
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.ratings.jobs import fold_months
from tracker.ratings.models import CellWeek
from tracker.ratings.month_models import ChangedMonth
from tracker.reports.jobs import work_out
from tracker.reports.models import ReportFigures

COLD_GOAL, UNCHANGED_GOAL = 30.0, 2.0
MONTHS, WEEKS = 12, 57
PERSON_A_TEAM = 10


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        few, many = sizes.ratings_behind_pages[0], sizes.ratings_behind_pages[-1]
        with opened() as app:
            page = _report(app, few, sizes)
            yield from _against_bare(page, sizes, database)
            with opened() as larger:
                grown = _report(larger, many, sizes)
                yield from _jobs(many, database)
                yield compare(10, f"HR report, {few:,} to {many:,} ratings, {database}", grown.turn(sizes.requests),
                              page.turn(sizes.requests), goal=GROWTH_GOAL, repeats=sizes.repeats, per=sizes.requests)  # fmt: skip
                counts = [len(queries_of(one)) for one in (page, grown)]
                remark = "flat" if len(set(counts)) == 1 else f"not flat: {counts}"
                yield number(14, f"HR report, queries, {database}", max(counts), goal=MOST_QUERIES, remark=remark)


def _report(app: Flask, ratings: int, sizes: Sizes) -> Page:
    """Twelve months that can be read, each with a round; everything worked out."""
    last = _last_month()
    months = months_until(last, MONTHS)
    company = a_company(sizes.report_teams * PERSON_A_TEAM, team_size=PERSON_A_TEAM)
    store_ratings(drawn(company.people, ratings, until=_frozen_until(), weeks=WEEKS), team_size=PERSON_A_TEAM)
    _freeze()
    moods = noise(1, sizes.report_teams, MONTHS, 0.4)
    with transaction():
        top = Team(id=sizes.report_teams + 1, name="Zawadora", time_zone="Africa/Nairobi")
        db.session.add(top)
        db.session.flush()
        db.session.execute(update(Team).where(Team.id != top.id).values(parent_id=top.id))
        for place, month in enumerate(months):
            a_published_round(month, [(team + 1, 3.5 + mood[place]) for team, mood in enumerate(moods)], top, 8)
    settle()
    _work_everything_out()
    hr = company.leaders[0]
    cookie = cookie_of(app, hr)
    with transaction():
        set_roles(db.session.get_one(Person, hr), {"hr"}, by=None, at=datetime.now(UTC))
    return Page(app, "/reports/engagement", cookie).checked()


def _last_month() -> date:
    """Over for good: the month before the last one."""
    first = datetime.now(UTC).date().replace(day=1)
    return ((first - timedelta(days=1)).replace(day=1) - timedelta(days=1)).replace(day=1)


def _frozen_until() -> date:
    """The Monday after the last day of the last month."""
    after = (_last_month() + timedelta(days=31)).replace(day=1)
    return clock.monday_of(clock.week_of(after) + 1)


def _freeze() -> None:
    """What the weekly run leaves behind for each cell."""
    last = clock.week_of(_frozen_until()) - 1
    cells = [(touchpoint, channel) for touchpoint in range(1, TOUCHPOINTS + 1) for channel in range(1, CHANNELS + 1)]
    rows = [
        {"touchpoint_id": touchpoint, "channel_id": channel, "week": week, "mu": 4.17}
        for touchpoint, channel in cells
        for week in range(last - WEEKS, last + 1)
    ]
    with transaction():
        db.session.execute(insert(CellWeek), rows)
        a_check(_frozen_until() - timedelta(days=1), datetime.combine(_frozen_until(), time(4), UTC))


def _work_everything_out() -> None:
    for job in (fold_months, work_out):
        while job(datetime.now(UTC)):
            pass
    settle()


def _against_bare(page: Page, sizes: Sizes, database: str) -> Iterator[Result]:
    bare = page.bare()
    body, _status, headers = alone(page.get)
    asked, kilobytes = sizes.requests, f"{len(body) / 1024:.0f} KB"
    yield compare(8, f"HR report, cold, {database}", page.turn(asked), bare.turn(asked), goal=COLD_GOAL,
                  repeats=sizes.repeats, per=asked, remark=kilobytes)  # fmt: skip
    known = headers.get("ETag")
    sent = {"If-None-Match": known} if known else {}
    status = alone(lambda: page.get(**sent))[1]
    yield compare(8, f"HR report, unchanged, {database}", page.turn(asked, **sent), bare.turn(asked), goal=UNCHANGED_GOAL,
                  repeats=sizes.repeats, per=asked, remark=f"answers {status}")  # fmt: skip


def _jobs(ratings: int, database: str) -> Iterator[Result]:
    """A month added up again, and all figures of the report that rest on it."""
    at = datetime.combine(_frozen_until(), time(12), UTC) + timedelta(days=9)
    with transaction():
        db.session.add(ChangedMonth(month=_last_month()))
    with stopwatch() as folding:
        fold_months(at)
    with transaction():
        db.session.execute(update(ReportFigures).where(ReportFigures.month == _last_month()).values(rests_on=0))
    with stopwatch() as working:
        while work_out(at):
            pass
    remark = f"{ratings:,} ratings in all"
    yield number(8, f"adding up a month, {database} : seconds", round(folding.seconds, 2), goal=None, remark=remark)
    yield number(8, f"a month's figures, {database} : seconds", round(working.seconds, 2), goal=None, remark=remark)
