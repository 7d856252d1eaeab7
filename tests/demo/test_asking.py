"""The demo shows somebody whose choosing of customers is graded down, with the reason; the others in the team ask nearly everybody."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.demo.company import generate
from tracker.demo.loading import _store
from tracker.organisation.models import Person
from tracker.ratings.samples import samples
from tracker.statistics.signal import signal_of

pytestmark = pytest.mark.one_database  # what the demo holds; that PostgreSQL loads it, the pages show

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_one_of_the_tills_picks_and_the_others_do_not(app: Flask) -> None:
    company = generate(today=AT.date())
    with transaction():
        _store(company, AT)
    graded = {
        db.session.get_one(Person, person).staff_number: signal_of(sample)
        for person, sample in samples(clock.last_complete_week(AT.date())).items()
    }
    tills = {
        row.staff_number
        for row in company.memberships
        if row.team_key == "nairobi-central-tills" and row.ended_on is None
    }
    picks = graded["N-0377"]
    assert picks.grade == "D"
    assert picks.reasons[0].kind == "selective"
    assert (picks.reasons[0].outcome, picks.reasons[0].other) == ("sold", "refund")
    others = {number: graded[number].grade for number in tills - {"N-0377"} if number in graded}
    assert len(others) >= 6
    assert set(others.values()) <= {"A", "B", None}, others
