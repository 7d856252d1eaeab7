"""Kevin's case at a fixed hour, for the tests of what is written on it."""

from datetime import timedelta

import pytest

from tests.coaching.talks import SHARED, a_case_of
from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tests.home.cards import a_card, fallen
from tests.journeys.serving import Hour
from tracker.coaching.actions import share_case
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.models import Driver

DAY = timedelta(days=1)


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    """The clock of all pages: a Wednesday noon in Nairobi, until a test moves it."""
    hour = Hour(NOW)
    monkeypatch.setattr(clock, "now", hour)
    return hour


@pytest.fixture
def case(cast: Cast, hour: Hour) -> CoachingCase:
    """Shared yesterday, with six low ratings that share a driver."""
    with transaction():
        db.session.add(Driver(key="speed", name="Speed"))
        for day in range(6):
            a_rating(cast.kevin, 2, at=NOW - DAY * (day + 1), comment=f"Waited {day} times", drivers=["speed"])
        for audience in ("own", "shared"):
            a_card(cast.kevin, fallen(), audience=audience)
        case = a_case_of(cast.kevin, team_id=cast.tills.id)
        share_case(case, at=SHARED)
    return case
