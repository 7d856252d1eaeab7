"""What the demo shows of setting up the pulse."""

from datetime import UTC, datetime

from sqlalchemy import select

from tests.conftest import Cast
from tracker.core.db import db
from tracker.demo.pulse_setup import set_up_the_pulse
from tracker.pulse.models import PulseItem
from tracker.pulse.round_queries import the_schedule

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_hr_has_a_cadence_and_a_question_without_french(cast: Cast) -> None:
    set_up_the_pulse(AT)
    db.session.rollback()
    kept = the_schedule()
    assert (kept.is_on, kept.week, kept.weekday, kept.every_months) == (True, 1, 1, 1)
    assert sorted(db.session.scalars(select(PulseItem)).one().text) == ["en", "sw"]
