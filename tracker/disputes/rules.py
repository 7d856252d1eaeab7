"""The rules of a second look. Pure."""

from datetime import datetime, timedelta

from tracker.ratings.models import Rating

ASKED_WITHIN = timedelta(days=30)
APPEALED_WITHIN = timedelta(days=14)
ANSWERED_WITHIN = 3  # working days
UNCHECKED_FOR = 10  # working days, however long the answer takes
FEWEST_ANSWERED = 5  # below this a share would speak of people


def may_ask(rating: Rating, at: datetime) -> bool:
    """Whether a second look can still be asked for: once, within 30 days of the rating's arrival, while it counts."""
    return rating.disputed_at is None and rating.excluded_at is None and at - rating.received_at <= ASKED_WITHIN


def may_appeal(outcome: str | None, number: int, decided_at: datetime | None, at: datetime) -> bool:
    """Once, within 14 days, against an answer that is not a plain yes."""
    return number == 1 and outcome in {"partly", "declined"} and bool(decided_at and at - decided_at <= APPEALED_WITHIN)
