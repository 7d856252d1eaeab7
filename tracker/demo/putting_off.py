"""The demo's one talk that was put off for a day: its leader looked at the till plan first, and says so."""

from datetime import datetime

from tracker.coaching.clock_actions import snooze, snoozes_of
from tracker.coaching.models import CoachingCase
from tracker.demo.story import KEVIN


def puts_off(case: CoachingCase, *, leader: int, at: datetime) -> bool:
    """Whether the leader puts the reminders off at this moment; once, by the story and not by chance."""
    if case.person.staff_number != KEVIN or snoozes_of(case):
        return False
    snooze(case, reason="system", days=1, by=leader, at=at)
    return True
