"""Team-month totals: added up after the fact, never in the transaction of a rating, and proved again by night.

1. A month is added up once the weekly run has frozen what its cells usually get, so that `expected` stays what it was.
2. Whoever changes a rating of a month that may have been added up notes it (`rollup.py`): one row more, in the same transaction.
3. A job takes the notes of one month and adds it up anew, in one transaction: a change that commits meanwhile leaves its own note.
4. By night the month that was looked at longest ago is added up again; what differs then without a note raises an alarm.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from tracker.core.clock import week_of
from tracker.core.db import db, upsert
from tracker.ratings.models import CellWeek, Rating
from tracker.ratings.month_models import ChangedMonth, FoldedMonth, TeamMonth, TeamMonthPeople
from tracker.ratings.policy import credited
from tracker.ratings.rollup import COUNTS, star_counts

KEY = ("month", "team_id", "touchpoint_id", "channel_id")
Cell = tuple[int, int, int]  # team, touchpoint, channel
Totals = dict[Cell, tuple[Any, ...]]  # n1..n5, expected


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def months_due() -> list[date]:
    """Months that can be added up now and are not, or have changed since; the latest first, since that is what people look at."""
    through = _last_month_frozen()
    first = db.session.scalar(select(func.min(CellWeek.week)))
    if through is None or first is None:
        return []
    due = set(db.session.scalars(select(ChangedMonth.month).distinct()))
    folded = set(db.session.scalars(select(FoldedMonth.month)))
    month = month_of(date.fromordinal(first * 7 + 1))
    while month <= through:
        due |= {month} - folded
        month = next_month(month)
    return sorted((month for month in due if month <= through), reverse=True)


def _last_month_frozen() -> date | None:
    """The last month of which every day lies in a week whose means are frozen."""
    week = db.session.scalar(select(func.max(CellWeek.week)))
    if week is None:
        return None
    after = date.fromordinal((week + 1) * 7 + 1)  # the first day that is not frozen
    return month_of(month_of(after) - timedelta(days=1))


def fold(month: date, *, at: datetime) -> bool:
    """Add a month up anew, in the caller's transaction; whether anything is different now. One whose means were thawed again waits.

    The month's own row is taken first, so that two processes add it up one after the other.
    """
    through = _last_month_frozen()
    if through is None or month > through:
        return False
    seen = upsert(FoldedMonth).values(month=month, version=0, checked_at=at)
    db.session.execute(seen.on_conflict_do_update(index_elements=["month"], set_={"checked_at": at}))
    db.session.execute(delete(ChangedMonth).where(ChangedMonth.month == month))
    totals, people = _totals(month), _people(month)
    is_new = db.session.scalar(select(FoldedMonth.version).where(FoldedMonth.month == month)) == 0
    if not is_new and totals == _stored_totals(month) and people == _stored_people(month):
        return False
    _replace(month, totals, people)
    db.session.execute(update(FoldedMonth).where(FoldedMonth.month == month).values(version=FoldedMonth.version + 1))
    return True


def _totals(month: date) -> Totals:
    usual, middle = _usual(month)
    totals: dict[Cell, list[Any]] = {}
    for team, day, touchpoint, channel, *counts in db.session.execute(_facts(month)):
        total = totals.setdefault((team, touchpoint, channel), [0] * 5 + [0.0])
        week = week_of(day)
        mean = usual.get((touchpoint, channel, week), middle.get(week, 0.0))
        for place, count in enumerate(counts):
            total[place] += count
        total[5] += sum(counts) * mean
    # Rounded, since a sum of the same numbers in another order differs in its last digits, and nothing would have changed.
    return {cell: (*total[:5], round(total[5], 6)) for cell, total in totals.items()}


def _usual(month: date) -> tuple[dict[tuple[int, int, int], float], dict[int, float]]:
    """What each cell usually got in each week of the month; and the middle of all, for a cell that somebody made since."""
    weeks = (week_of(month), week_of(next_month(month) - timedelta(days=1)))
    columns = (CellWeek.touchpoint_id, CellWeek.channel_id, CellWeek.week, CellWeek.mu)
    rows = db.session.execute(select(*columns).where(CellWeek.week.between(*weeks))).all()
    by_week: dict[int, list[float]] = {}
    for _touchpoint, _channel, week, mu in rows:
        by_week.setdefault(week, []).append(mu)
    middle = {week: sum(mus) / len(mus) for week, mus in by_week.items()}
    return {(touchpoint, channel, week): mu for touchpoint, channel, week, mu in rows}, middle


def _facts(month: date) -> Select[*tuple[Any, ...]]:
    """(team, day, touchpoint, channel, n1..n5) of the month's credited ratings."""
    cell = (
        func.coalesce(Rating.team_id, 0),
        Rating.rated_on,
        func.coalesce(Rating.touchpoint_id, 0),
        func.coalesce(Rating.channel_id, 0),
    )
    return select(*cell, *star_counts()).where(*_within(month)).group_by(*cell)


def _within(month: date) -> tuple[Any, ...]:
    return credited(since=month, until=next_month(month))


def _people(month: date) -> dict[int, int]:
    team = func.coalesce(Rating.team_id, 0)
    rated = select(team, func.count(Rating.person_id.distinct())).where(*_within(month)).group_by(team)
    return {int(found): int(many) for found, many in db.session.execute(rated)}


def teams_of_people_in_several(month: date) -> list[tuple[int, int]]:
    """(person, team) of whoever was rated in more than one team in the month; 0 stands for no team. One query."""
    team = func.coalesce(Rating.team_id, 0).label("team_id")
    pairs = select(Rating.person_id, team).where(*_within(month)).distinct().subquery()
    several = select(pairs.c.person_id).group_by(pairs.c.person_id).having(func.count() > 1)
    rows = select(pairs.c.person_id, pairs.c.team_id).where(pairs.c.person_id.in_(several))
    return [(int(person), int(found)) for person, found in db.session.execute(rows)]


def _stored_totals(month: date) -> Totals:
    columns = (TeamMonth.team_id, TeamMonth.touchpoint_id, TeamMonth.channel_id)
    counts = (*(getattr(TeamMonth, name) for name in COUNTS), TeamMonth.expected)
    rows = db.session.execute(select(*columns, *counts).where(TeamMonth.month == month))
    return {(team, touchpoint, channel): tuple(counts) for team, touchpoint, channel, *counts in rows}


def _stored_people(month: date) -> dict[int, int]:
    rows = select(TeamMonthPeople.team_id, TeamMonthPeople.people).where(TeamMonthPeople.month == month)
    return {int(team): int(many) for team, many in db.session.execute(rows)}


def _replace(month: date, totals: Totals, people: Mapping[int, int]) -> None:
    names = (*KEY, *COUNTS, "expected")
    rows = [dict(zip(names, (month, *cell, *counts), strict=True)) for cell, counts in totals.items()]
    heads = [{"month": month, "team_id": team, "people": many} for team, many in people.items()]
    for table, values in ((TeamMonth, rows), (TeamMonthPeople, heads)):
        db.session.execute(delete(table).where(table.month == month))
        if values:
            db.session.execute(insert(table), values)


def month_looked_at_longest_ago() -> date | None:
    """Of those without a note that they have changed."""
    noted = select(ChangedMonth.month)
    oldest = select(FoldedMonth.month).where(FoldedMonth.month.not_in(noted)).order_by(FoldedMonth.checked_at)
    return db.session.scalar(oldest.limit(1))
