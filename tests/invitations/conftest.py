"""A visit of Amina's, a customer with an address, and a mail server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.core.smtp_sink import Sink, smtp_sink
from tests.factories import a_touchpoint
from tracker.core.db import db, transaction
from tracker.invitations.models import Invitation
from tracker.invitations.planning import contact_of, plan_invitation
from tracker.organisation.models import Person
from tracker.ratings.models import Interaction

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday, noon in Nairobi
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_visit(person: Person, *, ended_at: datetime = NOW - HOUR, **values: Any) -> Interaction:
    """Of a customer of the tills in Nairobi, unless it is said otherwise."""
    visit = Interaction(
        person_id=person.id,
        ended_at=ended_at,
        **{"touchpoint_id": a_touchpoint("Tills").id, "ended_on": ended_at.date(), **values},
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def planned(
    person: Person, email: str = "customer@example.org", *, language: str = "en", at: datetime = NOW, **visit: Any
) -> int:
    """The id of an invitation about a visit that has just ended."""
    with transaction():
        about = a_visit(db.session.merge(person), **{"ended_at": at - HOUR, **visit})
        return plan_invitation(about, contact_of(email, language), source="api", by=None, at=at).id


def the_invitation(id: int) -> Invitation:
    db.session.rollback()
    found: Invitation = db.session.get_one(Invitation, id, populate_existing=True)
    return found


@pytest.fixture
def sink(app: Flask, cast: Cast) -> Iterator[Sink]:
    with smtp_sink() as server:
        app.config["SMTP_URL"] = server.url
        yield server
        app.config["SMTP_URL"] = ""
