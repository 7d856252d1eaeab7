"""In the demo, the admin has tried stricter settings of the weekly check on last year, and has left them as they are."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.falls.actions import ask_replay
from tracker.falls.queries import last_week_to_replay
from tracker.falls.running import run_replay
from tracker.organisation.models import Person
from tracker.ratings.thresholds import Thresholds

ADMIN = "H-0011"
TRIED = Thresholds(alert_one_in=1000, cooldown_weeks=12)
AGO = timedelta(hours=20)


def try_other_settings(at: datetime) -> None:
    """A real replay of the demo’s own year: whatever its page says, the product worked out."""
    then = at - AGO
    with transaction():
        admin = db.session.scalars(select(Person.id).where(Person.staff_number == ADMIN)).one()
        replay = ask_replay(TRIED, last_week=last_week_to_replay(then), by=admin, at=then)
        replay_id = replay.id
    run_replay(replay_id, at=then, now=lambda: then + timedelta(seconds=2))
