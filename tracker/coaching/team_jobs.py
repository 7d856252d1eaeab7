"""Word to who leads above a team that fell as a whole, once the head start of those in it is over."""

from datetime import datetime

from tracker.coaching.team_notices import due_notices, tell_above
from tracker.core import clock
from tracker.core.db import reading, transaction
from tracker.organisation.queries import leaders_on


def tell_of_teams(at: datetime) -> int:
    """Each in a transaction of its own, once; how many were told."""
    with reading():
        due = due_notices(at)
        leaders = leaders_on(clock.local_day(at, "UTC")) if due else None
    told = 0
    for notice_id in due:
        with transaction():
            told += bool(leaders and tell_above(notice_id, leaders, at=at))
    return told
