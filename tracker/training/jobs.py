"""What happens to training by itself: rules assign, and people are reminded."""

from datetime import datetime, timedelta

from tracker.core import tasks
from tracker.core.clock import local_day
from tracker.core.db import reading, transaction
from tracker.organisation.queries import the_organisation
from tracker.training import reminding
from tracker.training.rule_actions import carry_out
from tracker.training.rule_queries import open_rules

RULES = "training.rules"
EVERY = timedelta(hours=1)


def follow_rules(at: datetime) -> int:
    """Once an hour: each rule in its own transaction; the number of assignments made.

    The hour is noted last: whoever is killed half way is followed by somebody who does it again, and nothing happens twice."""
    with reading():
        since, company = tasks.done_until(RULES), the_organisation()
        rules = open_rules() if since is None or since + EVERY <= at else []
    if company is None or (since is not None and since + EVERY > at):
        return 0
    day, made = local_day(at, company.time_zone), 0
    for rule_id in rules:
        with transaction():
            made += carry_out(rule_id, day=day, at=at)
    with transaction():
        tasks.advance(RULES, since=since, to=at)
    return made


def remind(at: datetime) -> int:
    """Everybody of whom something is due, each assignment in its own transaction; the number of steps taken."""
    with reading():
        due = reminding.due_reminders(at)
    taken = 0
    for assignment_id in due:
        with transaction():
            taken += reminding.remind(assignment_id, at=at)
    return taken
