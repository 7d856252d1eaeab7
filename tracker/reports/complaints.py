"""How many complaints customers had, month by month, for each thousand ratings and each thousand times served."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
from tracker.reports.rated import RATINGS, totals_in
from tracker.reports.sections import Section
from tracker.statistics.disclosure import SMALLEST_GROUP

Place = tuple[date, int, int]  # month, team, touchpoint; 0 where none is known


def build(year: Year) -> dict[str, Any]:
    """The months in which complaints were taken from the first day on, the oldest first: complaints, ratings, times served and the
    complaints of teams and touchpoints that tell of these (None where none does, or of too few people). A month in which customers rated
    one to four people is left out; hidden: they never rated more."""
    people = _people(year)
    if max((sum(teams.values()) for teams in people.values()), default=0) < SMALLEST_GROUP:
        return {"hidden": True, "months": []}
    since = taken_since()
    told = [month for month in year.months if not _are_few(people.get(month, {}).values())]
    months = [month for month in told if since is not None and month >= since]
    complaints, ratings, served = complaints_of(year), _ratings(year), _served(year)
    return {
        "hidden": False,
        "months": [
            {
                "month": month.isoformat(),
                "complaints": sum(count for (when, *_place), count in complaints.items() if when == month),
                "ratings": ratings.get(month, 0),
                **_where_told(month, people.get(month, {}), complaints=complaints, served=served),
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


def _where_told(
    month: date, people: Mapping[int, int], *, complaints: dict[Place, int], served: dict[Place, int]
) -> dict[str, int | None]:
    """people: team -> those whom customers rated in the month. Neither the teams that tell nor those that do not may be of few."""
    told = {place for place in served if place[0] == month}
    teams = {team for _month, team, _touchpoint in told}
    inside, outside = ([many for team, many in people.items() if (team in teams) == side] for side in (True, False))
    if not told or sum(inside) < SMALLEST_GROUP or _are_few(outside):
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
    months = select(TeamMonth.month, func.sum(RATINGS)).where(*totals_in(year)).group_by(TeamMonth.month)
    return {month: int(count) for month, count in db.session.execute(months)}


def _people(year: Year) -> dict[date, dict[int, int]]:
    """Month -> team -> people whom customers rated."""
    within = (TeamMonthPeople.month >= year.since, TeamMonthPeople.month < year.until)
    columns = (TeamMonthPeople.month, TeamMonthPeople.team_id, TeamMonthPeople.people)
    found: dict[date, dict[int, int]] = defaultdict(dict)
    for month, team, many in db.session.execute(select(*columns).where(*within)):
        found[month][int(team)] = int(many)
    return found


def _are_few(people: Iterable[int]) -> bool:
    return 0 < sum(people) < SMALLEST_GROUP


SECTION = Section(
    "complaints", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words, since
)
