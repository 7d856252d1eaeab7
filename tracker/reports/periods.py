"""Which months reports are of: a month is read once the check of its last week has been told to everybody."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from tracker.core import clock
from tracker.core.db import db
from tracker.ratings.fall_models import WeeklyCheck
from tracker.ratings.fall_queries import TOLD_LATER
from tracker.ratings.month_models import FoldedMonth
from tracker.ratings.months import month_of, next_month

MONTHS = 12
KEPT_MONTHS = 2 * MONTHS  # this year and the last one, for comparison
WEEKS_RATED = 13  # that what staff think at a round is held against


@dataclass(frozen=True)
class Year:
    """The twelve months that end with `month` (its first day); `until` is the first day after them."""

    month: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first days, the oldest first."""
        return tuple(_months_before(self.month, MONTHS - 1 - back) for back in range(MONTHS))

    @property
    def since(self) -> date:
        return self.months[0]

    @property
    def until(self) -> date:
        return next_month(self.month)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """By Greenwich, as `ends_at`: for what is on record as a moment and belongs to no place."""
        return datetime.combine(self.since, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.until, time(), UTC)

    @property
    def before(self) -> "Year":
        """A year ago."""
        return Year(_months_before(self.month, MONTHS))


@dataclass(frozen=True)
class Period:
    """Whole weeks of ratings. `until` is the first day that is not counted any more."""

    since: date
    until: date

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)


def _months_before(month: date, count: int) -> date:
    years, place = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, place + 1, 1)


def month_before(month: date) -> date:
    return _months_before(month, 1)


def period_before(closed_at: datetime, *, told_later: timedelta) -> Period:
    """The 13 weeks (91 days) before a round closed, up to a Sunday whose weekly check everybody has had time to hear of."""
    last = clock.last_complete_week((closed_at - told_later).date())
    return Period(clock.monday_of(last + 1 - WEEKS_RATED), clock.monday_of(last + 1))


def months_read(at: datetime) -> dict[date, int]:
    """The months there are to read, the latest first, each with its version, which grows with every change of its ratings.

    A head start that is still running never shows, not even as a month more: a month is read two days after the check of its last
    week ran, whenever it ran.
    """
    told = select(func.max(WeeklyCheck.week)).where(WeeklyCheck.ran_at <= at - TOLD_LATER).scalar_subquery()
    folded = select(FoldedMonth.month, FoldedMonth.version, told).order_by(FoldedMonth.month.desc())
    return {
        month: version
        for month, version, week in db.session.execute(folded)
        if week is not None and month < month_of(clock.monday_of(week + 1))
    }
