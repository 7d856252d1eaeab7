"""What customers answered over a year, added up in the database by chance groups of customers.

How sure a share is depends on customers who rate again and again, and it would take a look at each of them. Instead each customer
belongs to one of some two hundred groups by their number alone, and how much these differ tells the same of any share, also of
those that cross (K. Wolter, Introduction to Variance Estimation, 2007, chapter 2: random groups).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import ColumnElement, Label, SQLColumnExpression, func, literal_column, select

from tracker.core.db import db
from tracker.ratings.models import Interaction, Rating
from tracker.ratings.rules import LOW_STARS
from tracker.ratings.samples import CUSTOMERS_FILE
from tracker.reports.periods import Year
from tracker.reports.rated import credited_in
from tracker.statistics.proportions import Sums, sums_of

BATCH = 10_000


def answers(year: Year, **columns: SQLColumnExpression[Any]) -> Iterator[Sequence[Any]]:
    """(group, *columns, whether low, how many ratings): one scan, far fewer rows than ratings. A rating without its customer’s number
    counts as one customer’s. The names of `columns` are labels only."""
    group = func.coalesce(Rating.customer_id, -Rating.id) % literal_column("100")  # to either side of 0
    low = Rating.stars <= literal_column(str(LOW_STARS))
    named: list[Label[Any]] = [one.label(name) for name, one in columns.items()]
    # Grouped from outside, since PostgreSQL does not see that two expressions with parameters are one.
    facts = select(group.label("chance_group"), *named, low.label("is_low")).where(*credited_in(year)).subquery()
    counts = select(*facts.c, func.count()).group_by(*facts.c)
    return iter(db.session.execute(counts.execution_options(yield_per=BATCH)))


def served_within(year: Year) -> tuple[ColumnElement[bool], ...]:
    """Services as systems tell of everybody they served, by team and touchpoint: our own links and lists of whom to ask tell of no
    others."""
    return (
        Interaction.ended_on >= year.since,
        Interaction.ended_on < year.until,
        Interaction.team_id.is_not(None),
        Interaction.touchpoint_id.is_not(None),
        Interaction.source.is_not(None),
        Interaction.source != CUSTOMERS_FILE,
    )


class Tally:
    """Ratings by chance group, and how many of them are what is asked for."""

    def __init__(self) -> None:
        self._groups: dict[int, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, group: int, ratings: int, of_these: int) -> None:
        counts = self._groups[group]
        counts[0] += ratings
        counts[1] += of_these

    @property
    def sums(self) -> Sums:
        """As if each group were a customer, which is what they stand for."""
        there = [counts for counts in self._groups.values() if counts[0]]
        return sums_of([counts[0] for counts in there], [counts[1] for counts in there])

    @property
    def kept(self) -> list[int]:
        """The sums as JSON keeps them; `sums_kept` reads them again."""
        return list(astuple(self.sums))


def sums_kept(kept: Sequence[int]) -> Sums:
    return Sums(*kept)
