"""At which touchpoints and by which channels so few people were rated that the company’s figures of them are hidden."""

from sqlalchemy import SQLColumnExpression, select

from tracker.core.clock import week_of
from tracker.core.db import db
from tracker.ratings.models import ScoreWeek
from tracker.reports.periods import Year
from tracker.statistics.disclosure import hidden_parts


def touchpoints_hidden(year: Year) -> set[int]:
    """Touchpoints at which too few people were rated in the year; 0 stands for none recorded."""
    return hidden_parts(_rated_at(ScoreWeek.touchpoint_id, year))


def channels_hidden(year: Year) -> set[int]:
    return hidden_parts(_rated_at(ScoreWeek.channel_id, year))


def _rated_at(place: SQLColumnExpression[int], year: Year) -> dict[int, set[int]]:
    """Of the weeks that touch the year: from the totals by week, which are few."""
    weeks = ScoreWeek.week.between(week_of(year.since), week_of(year.last))
    found: dict[int, set[int]] = {}
    for key, person in db.session.execute(select(place, ScoreWeek.person_id).where(weeks).distinct()):
        found.setdefault(key, set()).add(person)
    return found
