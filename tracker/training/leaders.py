"""Who leads a learner today, and telling them."""

from datetime import datetime
from typing import Any

from tracker.core.clock import local_day
from tracker.notifications.actions import tell
from tracker.organisation.queries import calendar_of, leaders_on


def leader_of(person_id: int, at: datetime) -> int | None:
    """The nearest who leads the person today: the manager, a deputy while the manager is away, else above."""
    day = local_day(at, calendar_of(person_id, at.date()).zone)
    return next(iter(leaders_on(day).above(person_id)), None)


def tell_leader(kind: str, person_id: int, *, key: str, about_id: int, at: datetime, **parameters: Any) -> None:
    """Put a message about a learner into their leader's inbox; nothing where nobody leads them."""
    leader = leader_of(person_id, at)
    if leader is not None:
        tell(kind, to=leader, key=key, at=at, about_id=about_id, **parameters)
