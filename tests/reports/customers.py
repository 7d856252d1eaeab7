"""Customers who come again, for the sections that follow them: many ratings at once, and a report made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import insert

from tests.factories import a_channel, a_customer, a_touchpoint
from tests.reports.companies import a_check
from tests.reports.jobs import READ, all_worked_out
from tracker.core.clock import week_of
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.models import CellWeek, Rating
from tracker.reports.periods import Year

OCTOBER = date(2026, 10, 1)
YEAR = Year(OCTOBER)
_numbers = count(1)


@dataclass(frozen=True)
class Visit:
    """One rating. customer None: without a number; person None: it waits in the tray."""

    customer: int | None
    stars: int
    at: datetime
    touchpoint: int | None = None
    person: int | None = None
    is_excluded: bool = False


def store(visits: Sequence[Visit]) -> None:
    """As they are, in this order: of two at the same moment the second came later."""
    if visits:
        db.session.execute(insert(Rating), [_row(visit) for visit in visits])


def _row(visit: Visit) -> dict[str, object]:
    return {
        "source": "returning",
        "external_id": f"v{next(_numbers)}",
        "rated_at": visit.at,
        "rated_on": visit.at.date(),
        "stars": visit.stars,
        "original_value": str(visit.stars),
        "handled_by_id": visit.person,
        "person_id": visit.person,
        "touchpoint_id": visit.touchpoint,
        "customer_id": visit.customer,
        "received_at": visit.at,
        "excluded_at": visit.at if visit.is_excluded else None,
    }


def come_again(person: Person, threes: Sequence[Sequence[int]], *, places: Sequence[str] = ("Tills",)) -> None:
    """A customer for each: one rating a day in October, in the order given, at these touchpoints in turn."""
    with transaction():
        ids = [a_touchpoint(name).id for name in places]
        first = datetime(2026, 10, 5, 9, tzinfo=UTC)
        visits = []
        for stars in threes:
            customer = a_customer().id
            visits += [
                Visit(customer, star, first + timedelta(days=day), ids[day % len(ids)], person.id)
                for day, star in enumerate(stars)
            ]
        store(visits)


def worked_out() -> None:
    """What every page reads, as of two days after October’s last check."""
    with transaction():
        first = week_of(OCTOBER) - 1
        cell = {"touchpoint_id": a_touchpoint().id, "channel_id": a_channel().id, "mu": 4.0}
        db.session.add_all(CellWeek(week=week, **cell) for week in range(first, first + 6))
        a_check(date(2026, 10, 31), READ - timedelta(days=2))
    all_worked_out()
