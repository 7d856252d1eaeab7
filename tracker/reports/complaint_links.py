"""Do customers complain less after a month in which a team’s staff do better? Each team against its own usual, for the whole company.

Of staff published cells of the pulse alone; of complaints nothing but what all teams together tell: no team’s own figure is kept.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func, select

from tracker.core.db import db
from tracker.ratings.month_models import TeamMonth
from tracker.reports import complaint_link_drawings as drawings
from tracker.reports import complaint_link_words as words
from tracker.reports.complaints import complaints_of, taken_since
from tracker.reports.engagement import panels_of
from tracker.reports.link_rules import LATER, linked
from tracker.reports.periods import Year
from tracker.reports.rated import RATINGS, totals_in
from tracker.reports.sections import Section
from tracker.statistics.linkage import power_for_events
from tracker.statistics.scores import FloatArray

OF = 100  # ratings: slopes are kept in complaints for each hundred
Counts = Mapping[tuple[int, date], int]  # (team, month) -> how many


def build(year: Year) -> dict[str, Any]:
    """`links`: as link_rules keeps them, in complaints for each 100 ratings and point, the other way round in points for one such
    complaint; what they rest on: `complaints` and `ratings` of their teams in `months` since complaints were first taken."""
    teams, panels = panels_of(year)
    since = taken_since()
    months = [month for month in year.months if since is not None and month >= since]
    complaints, ratings = _panel(_complaints(year), teams, year, months), _panel(_ratings(year), teams, year, months)
    there = ratings > 0
    rates = np.full(ratings.shape, np.nan)
    rates[there] = OF * complaints[there] / ratings[there]
    counted, of = int(complaints[there].sum()), int(ratings.sum())
    a_month = counted / max(int(there.sum()), 1)
    links = linked(panels, rates, ratings, seen=lambda many, long: power_for_events(many, long, a_month))
    return {
        "months": len(months),
        "complaints": counted,
        "ratings": of,
        "links": {driver: shown_or_not(link, complaints=counted) for driver, link in links.items()},
    }


def shown_or_not(link: Mapping[str, Any], *, complaints: int) -> dict[str, Any]:
    """Where a month later tells nothing, nothing else is kept either: neither another lag nor teams compared with teams."""
    if complaints >= words.FEWEST and link["lags"][str(LATER)] is not None:
        return dict(link)
    return {**link, "found": False, "also": [], "lags": dict.fromkeys(link["lags"]), "averages": None}


def _panel(counts: Counts, teams: Sequence[int], year: Year, months: Sequence[date]) -> FloatArray:
    """(teams, months of the year); 0 in months before complaints were taken."""
    taken = set(months)
    return np.array(
        [[counts.get((team, month), 0) if month in taken else 0 for month in year.months] for team in teams], np.float64
    ).reshape(len(teams), len(year.months))


def _complaints(year: Year) -> Counts:
    found: dict[tuple[int, date], int] = defaultdict(int)
    for (month, team, _touchpoint), count in complaints_of(year).items():
        found[team, month] += count
    return found


def _ratings(year: Year) -> Counts:
    place = (TeamMonth.team_id, TeamMonth.month)
    rows = db.session.execute(select(*place, func.sum(RATINGS)).where(*totals_in(year)).group_by(*place))
    return {(int(team), month): int(count) for team, month, count in rows}


SECTION: Section = Section(
    "complaint_links",
    "reports/_complaint_links.html",
    build,
    words.heading,
    words.headline,
    words.tables,
    words.method,
    drawings,
)
