"""Which parts of a company’s figures would tell of a few people: they are hidden, with as many others as it takes that no rest tells."""

from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

from sqlalchemy import SQLColumnExpression, select

from tracker.core.clock import week_of
from tracker.core.db import db
from tracker.ratings.models import ScoreWeek
from tracker.reports.periods import Year

SMALLEST_GROUP = 5
Key = TypeVar("Key", bound=Hashable)


def hidden(people: Mapping[Key, Set[int]]) -> set[Key]:
    """people: part -> whose service it is. Parts of under five, and as many more, the smallest first, as it takes that those hidden are
    five together: what is left of the company’s sum is theirs."""
    few = {key for key, group in people.items() if len(group) < SMALLEST_GROUP}
    shown = sorted(set(people) - few, key=lambda key: (len(people[key]), str(key)))
    while few and shown and len(set[int]().union(*(people[key] for key in few))) < SMALLEST_GROUP:
        few.add(shown.pop(0))
    return few


def touchpoints_hidden(year: Year) -> set[int]:
    """Touchpoints at which too few people were rated in the year; 0 stands for none recorded."""
    return hidden(_rated_at(ScoreWeek.touchpoint_id, year))


def channels_hidden(year: Year) -> set[int]:
    return hidden(_rated_at(ScoreWeek.channel_id, year))


def _rated_at(place: SQLColumnExpression[int], year: Year) -> dict[int, set[int]]:
    """Of the weeks that touch the year: from the totals by week, which are few."""
    weeks = ScoreWeek.week.between(week_of(year.since), week_of(year.last))
    found: dict[int, set[int]] = {}
    for key, person in db.session.execute(select(place, ScoreWeek.person_id).where(weeks).distinct()):
        found.setdefault(key, set()).add(person)
    return found
