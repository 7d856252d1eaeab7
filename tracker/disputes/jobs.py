"""What happens to second looks by themselves: a decider is found, a late answer is asked for, and checks do not wait for ever."""

from datetime import datetime

from tracker.core import clock
from tracker.core.db import transaction
from tracker.disputes.actions import find_decider, remind_decider
from tracker.disputes.models import Dispute, DisputeRound
from tracker.disputes.queries import decides_still, open_rounds
from tracker.disputes.rules import UNCHECKED_FOR
from tracker.organisation.queries import calendar_of
from tracker.ratings.actions import check_again
from tracker.ratings.models import Rating


def follow_up(at: datetime) -> int:
    """Look at every open round; the number of rounds something was done about."""
    with transaction():
        return sum(_follow(*found, at) for found in open_rounds())


def _follow(row: DisputeRound, dispute: Dispute, rating: Rating, at: datetime) -> bool:
    calendar = calendar_of(dispute.person_id, row.asked_at.date())
    today = clock.local_day(at, calendar.zone)
    waits_too_long = calendar.working_days_after(clock.local_day(row.asked_at, calendar.zone), UNCHECKED_FOR) < today
    is_new = not decides_still(row, dispute, at=at)
    is_late = row.reminded_at is None and row.due_on < today
    is_unchecked = waits_too_long and rating.unchecked_at is not None
    if is_new:
        find_decider(row, dispute, at=at)
    if is_late:
        remind_decider(row, at=at)
    if is_unchecked:
        check_again(rating)
    return is_new or is_late or is_unchecked
