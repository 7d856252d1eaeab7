"""How many complaints customers had, month by month, for each thousand ratings and each thousand times served."""

from datetime import date
from typing import Any

from sqlalchemy import extract, func, select

from tracker.core.db import db
from tracker.ratings.models import Interaction
from tracker.ratings.month_models import TeamMonth, TeamMonthPeople
from tracker.ratings.months import month_of, next_month
from tracker.recovery.models import RecoveryCase
from tracker.reports import complaint_words as words
from tracker.reports.answers import served_within
from tracker.reports.complaint_since import since
from tracker.reports.periods import Year
from tracker.reports.protection import SMALLEST_GROUP
from tracker.reports.sections import Section

Place = tuple[date, int, int]  # month, team, touchpoint; 0 where none is known


def build(year: Year) -> dict[str, Any]:
    """The months in which complaints were taken from the first day on, the oldest first: complaints, ratings, times served and the
    complaints of teams and touchpoints that tell of these (None where none does). hidden: customers rated fewer than five people."""
    if not _enough_people(year):
        return {"hidden": True, "months": []}
    since = taken_since()
    months = [month for month in year.months if since is not None and month >= since]
    complaints, ratings, served = complaints_of(year), _ratings(year), _served(year)
    return {
        "hidden": False,
        "months": [
            {
                "month": month.isoformat(),
                "complaints": sum(count for (when, *_place), count in complaints.items() if when == month),
                "ratings": ratings.get(month, 0),
                **_where_told(month, complaints, served),
            }
            for month in months
        ],
    }


def taken_since() -> date | None:
    """The first whole month after the first complaint of all: before, that there were none says nothing."""
    first = db.session.scalar(select(func.min(RecoveryCase.opened_on)))
    if first is None:
        return None
    return first if first.day == 1 else next_month(month_of(first))


def _where_told(month: date, complaints: dict[Place, int], served: dict[Place, int]) -> dict[str, int | None]:
    told = {place for place in served if place[0] == month}
    if not told:
        return {"served": None, "of_served": None}
    return {
        "served": sum(served[place] for place in told),
        "of_served": sum(complaints.get(place, 0) for place in told),
    }


def complaints_of(year: Year) -> dict[Place, int]:
    """Without those that turned out to be none: taken back."""
    return _by_place(
        RecoveryCase,
        RecoveryCase.opened_on,
        (
            RecoveryCase.opened_on >= year.since,
            RecoveryCase.opened_on < year.until,
            func.coalesce(RecoveryCase.outcome, "") != "taken_back",
        ),
    )


def _served(year: Year) -> dict[Place, int]:
    return _by_place(Interaction, Interaction.ended_on, served_within(year))


def _by_place(model: type[RecoveryCase] | type[Interaction], day: Any, within: tuple[Any, ...]) -> dict[Place, int]:
    columns = (extract("year", day).label("year"), extract("month", day).label("month"))
    place = (func.coalesce(model.team_id, 0).label("team"), func.coalesce(model.touchpoint_id, 0).label("touchpoint"))
    facts = select(*columns, *place).where(*within).subquery()
    key = (facts.c.year, facts.c.month, facts.c.team, facts.c.touchpoint)
    rows = db.session.execute(select(*key, func.count()).group_by(*key))
    return {(date(int(year), int(month), 1), team, touchpoint): count for year, month, team, touchpoint, count in rows}


def _ratings(year: Year) -> dict[date, int]:
    ratings = TeamMonth.n1 + TeamMonth.n2 + TeamMonth.n3 + TeamMonth.n4 + TeamMonth.n5
    within = (TeamMonth.month >= year.since, TeamMonth.month < year.until)
    rows = db.session.execute(select(TeamMonth.month, func.sum(ratings)).where(*within).group_by(TeamMonth.month))
    return {month: int(count) for month, count in rows}


def _enough_people(year: Year) -> bool:
    """Whether in some month as many were rated as may be spoken of together."""
    within = (TeamMonthPeople.month >= year.since, TeamMonthPeople.month < year.until)
    people = select(func.sum(TeamMonthPeople.people)).where(*within).group_by(TeamMonthPeople.month)
    return max((int(many) for many in db.session.scalars(people)), default=0) >= SMALLEST_GROUP


SECTION = Section(
    "complaints", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words, since
)
