"""A case at a fixed hour, and services with the facts that another system tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories import a_rating
from tests.home.cards import ON, fallen
from tracker.coaching.actions import open_case
from tracker.coaching.models import CoachingCase
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.ratings.actions import store_fall
from tracker.ratings.models import Interaction

CHECKED = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
SHARED = datetime(2026, 11, 17, 5, 0, tzinfo=UTC)  # Kevin's Tuesday morning


def a_case_of(person: Person, *, team_id: int | None = None, shares_at: datetime = SHARED) -> CoachingCase:
    """As Monday's check leaves it: not shared yet."""
    fall = store_fall(
        person.id,
        ON,
        fallen()["check"],
        team_id=team_id,
        parameters={},
        formula="three-window/1",
        shares_at=shares_at,
        at=CHECKED,
    )
    return open_case(fall, reminds_at=None, at=CHECKED)


def served(person: Person, stars: int, *, queue: int | None = None, at: datetime, **values: Any) -> None:
    """A rating whose service another system told of."""
    interaction = Interaction(
        person_id=person.id, started_at=at, ended_at=at + timedelta(minutes=4), queue_length=queue
    )
    db.session.add(interaction)
    db.session.flush()
    a_rating(person, stars, at=at + timedelta(minutes=9), interaction_id=interaction.id, **values)
