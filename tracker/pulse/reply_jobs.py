"""Once a day, in the morning: what writers of comments have added is delivered all together, so that no time says who it was."""

from datetime import datetime, time, timedelta

from tracker.core import clock
from tracker.core.db import reading, transaction
from tracker.core.tasks import advance, done_until
from tracker.organisation.queries import the_organisation
from tracker.pulse.reply_actions import deliver

RULE = "pulse.replies"
MORNING = time(7)


def deliver_replies(at: datetime) -> int:
    """About how many comments something was delivered. A morning that was missed is made up for once."""
    with reading():
        company, since = the_organisation(), done_until(RULE)
    zone = company.time_zone if company else "UTC"
    day = clock.local_day(at, zone)
    slot = clock.moment_at(day, MORNING, zone)
    if at < slot:
        day -= timedelta(days=1)
        slot = clock.moment_at(day, MORNING, zone)
    if since is not None and since >= slot:
        return 0
    with transaction():
        return deliver(day=day, at=at) if advance(RULE, since=since, to=slot) else 0
