"""Where customers were met and where they were asked: touchpoints that nobody ever asks about are blind spots."""

from collections import defaultdict
from collections.abc import Iterable
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
from tracker.reports.sections import Section

Rated = dict[int, tuple[set[date], set[int]]]  # touchpoint -> months with a rating, channels


def build(year: Year) -> dict[str, Any]:
    """Touchpoints in the order of the customers’ way, then by name. happy: sums of ratings and of those with 4 or 5, None where nobody
    rated, or `hidden` since too few people work there. silent: its months without a rating, of the `months` in which customers rated
    at all. served: None where no system tells us of everybody who was served."""
    rated, sums, served, hidden = _rated(year), _sums(year), _served(year), touchpoints_hidden(year)
    names = dict(iter(db.session.execute(select(Channel.id, Channel.name))))
    months = {month for found, _channels in rated.values() for month in found}
    rows = []
    for touchpoint in db.session.scalars(select(Touchpoint)):
        there, channels = rated.get(touchpoint.id, (set(), set()))
        rows.append(
            {
                "name": touchpoint.name,
                "stage": touchpoint.stage,
                "rated": bool(there),
                "hidden": touchpoint.id in hidden,
                "happy": sums[touchpoint.id].kept if touchpoint.id in sums and touchpoint.id not in hidden else None,
                "silent": len(months - there),
                "channels": _in_order(names, channels),
                "served": served.get(touchpoint.id),
            }
        )
    rows.sort(key=lambda row: (STAGES.index(row["stage"]), row["name"]))
    return {"touchpoints": rows, "months": len(months)}


def _in_order(names: dict[int, str], ids: Iterable[int]) -> list[str]:
    return sorted(names[id] for id in ids if id in names)


def _rated(year: Year) -> Rated:
    """From the totals of months, which hold touchpoint and channel."""
    rows = db.session.execute(
        select(TeamMonth.touchpoint_id, TeamMonth.month, TeamMonth.channel_id)
        .where(TeamMonth.month >= year.since, TeamMonth.month < year.until)
        .distinct()
    )
    found: Rated = defaultdict(lambda: (set(), set()))
    for touchpoint, month, channel in rows:
        months, channels = found[touchpoint]
        months.add(month)
        channels.add(channel)
    return found


def _sums(year: Year) -> dict[int, Tally]:
    found: dict[int, Tally] = defaultdict(Tally)
    for group, touchpoint, is_low, count in answers(year, touchpoint=func.coalesce(Rating.touchpoint_id, 0)):
        found[touchpoint].add(group, count, 0 if is_low else count)
    return found


def _served(year: Year) -> dict[int, int]:
    told = select(Interaction.touchpoint_id, func.count()).where(*served_within(year))
    return {
        int(touchpoint or 0): count
        for touchpoint, count in db.session.execute(told.group_by(Interaction.touchpoint_id))
    }


SECTION = Section(
    "coverage", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words
)
