"""A year of made-up answers for the sections of the report about customers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert

from tests.conftest import Cast
from tests.factories import NOON, a_channel, a_customer, a_person, a_touchpoint
from tracker.core.clock import week_of
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings import rollup
from tracker.ratings.models import CellWeek, Rating
from tracker.reports.periods import Year

OCTOBER = date(2026, 10, 1)
YEAR = Year(OCTOBER)
FIRST = date(2025, 11, 3)
NEW = -1  # a customer of its own
_numbers = count(1)


@dataclass
class Answers:
    """What to store: `add` as often as wanted, then `store` once."""

    people: Sequence[Person]
    team_id: int
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, how_many: int, stars: int, *drivers: str, on: date | None = None, **values: Any) -> None:
        """Each by another customer, spread over the year and over the people in turn."""
        for _each in range(how_many):
            number = next(_numbers)
            person = self.people[number % len(self.people)]
            day = on or FIRST + timedelta(days=number % 350)
            self.rows.append(
                {
                    "source": "history",
                    "external_id": f"y{number}",
                    "rated_at": datetime.combine(day, NOON),
                    "rated_on": day,
                    "received_at": datetime.combine(day, NOON),
                    "stars": stars,
                    "original_value": str(stars),
                    "handled_by_id": person.id,
                    "person_id": person.id,
                    "team_id": self.team_id,
                    "touchpoint_id": a_touchpoint().id,
                    "channel_id": a_channel().id,
                    "drivers": list(drivers),
                    "customer_id": NEW,
                    "comment": None,
                    "survey_version_id": None,
                    **values,
                }
            )

    def store(self) -> None:
        with transaction():
            for row in self.rows:
                if row["customer_id"] == NEW:
                    row["customer_id"] = a_customer().id
            if self.rows:
                db.session.execute(insert(Rating), self.rows)
            rollup.add_counts(rollup.differences())
        self.rows.clear()


def team_of_six(cast: Cast) -> Answers:
    """Six people at the tills, so that what is said of them may be shown; every week's means are frozen."""
    people = [cast.amina, cast.kevin, *(a_person(team=cast.tills) for _each in range(4))]
    tills, mailed = a_touchpoint(), a_channel()
    weeks = range(week_of(YEAR.since), week_of(YEAR.last) + 1)
    cells = [{"touchpoint_id": tills.id, "channel_id": mailed.id, "week": week, "mu": 4.0} for week in weeks]
    db.session.execute(insert(CellWeek), cells)
    return Answers(people, cast.tills.id)
