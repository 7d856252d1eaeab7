"""Where customers were met and where they were asked: touchpoints that nobody ever asks about are blind spots."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.ratings.models import STAGES, Channel, Interaction, Rating, Touchpoint
from tracker.ratings.month_models import TeamMonth
from tracker.reports import coverage_words as words
from tracker.reports.answers import Tally, answers, served_within
from tracker.reports.periods import Year
from tracker.reports.protection import touchpoints_hidden
from tracker.reports.rated import totals_in
from tracker.reports.sections import Section


@dataclass
class _Rated:
    """A touchpoint: the months with a rating, the channels they came by, and the teams they were of."""

    months: set[date] = field(default_factory=set)
    channels: set[int] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)


def build(year: Year) -> dict[str, Any]:
    """Touchpoints in the order of the customers’ way, then by name. happy: sums of ratings and of those with 4 or 5, None where nobody
    rated, or `hidden` since too few people work there. silent: its months without a rating, of the `months` in which customers rated
    at all. served: None where no system tells us of everybody who was served; `partly` where not all teams have one."""
    rated, sums, served, hidden = _rated(year), _sums(year), _served(year), touchpoints_hidden(year)
    names = dict(iter(db.session.execute(select(Channel.id, Channel.name))))
    months = {month for one in rated.values() for month in one.months}
    rows = []
    for touchpoint in db.session.scalars(select(Touchpoint)):
        there, (count, telling) = rated.get(touchpoint.id, _Rated()), served.get(touchpoint.id, (None, set()))
        rows.append(
            {
                "name": touchpoint.name,
                "stage": touchpoint.stage,
                "rated": bool(there.months),
                "hidden": touchpoint.id in hidden,
                "happy": sums[touchpoint.id].kept if touchpoint.id in sums and touchpoint.id not in hidden else None,
                "silent": len(months - there.months),
                "channels": _in_order(names, there.channels),
                "served": count,
                "partly": count is not None and not there.teams <= telling,
            }
        )
    rows.sort(key=lambda row: (STAGES.index(row["stage"]), row["name"]))
    return {"touchpoints": rows, "months": len(months)}


def _in_order(names: dict[int, str], ids: Iterable[int]) -> list[str]:
    return sorted(names[id] for id in ids if id in names)


def _rated(year: Year) -> dict[int, _Rated]:
    """From the totals of months, which hold touchpoint and channel."""
    rows = db.session.execute(
        select(TeamMonth.touchpoint_id, TeamMonth.month, TeamMonth.channel_id, TeamMonth.team_id)
        .where(*totals_in(year))
        .distinct()
    )
    found: dict[int, _Rated] = defaultdict(_Rated)
    for touchpoint, month, channel, team in rows:
        found[touchpoint].months.add(month)
        found[touchpoint].channels.add(channel)
        found[touchpoint].teams.add(team)
    return found


def _sums(year: Year) -> dict[int, Tally]:
    found: dict[int, Tally] = defaultdict(Tally)
    for group, touchpoint, is_low, count in answers(year, touchpoint=func.coalesce(Rating.touchpoint_id, 0)):
        found[touchpoint].add(group, count, 0 if is_low else count)
    return found


def _served(year: Year) -> dict[int, tuple[int, set[int]]]:
    """Touchpoint -> how many were served, and the teams whose systems tell of them."""
    key = (Interaction.touchpoint_id, Interaction.team_id)
    found: dict[int, tuple[int, set[int]]] = {}
    told: Iterable[Any] = db.session.execute(select(*key, func.count()).where(*served_within(year)).group_by(*key))
    for touchpoint, team, count in told:
        before, teams = found.get(touchpoint, (0, set()))
        found[touchpoint] = (before + count, teams | {team})
    return found


SECTION = Section(
    "coverage", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words
)
