"""Reading replays, and from when on settings can hold."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from tracker.core import clock, tasks
from tracker.core.db import db
from tracker.falls.models import FallReplay
from tracker.organisation.queries import the_organisation
from tracker.ratings.models import ScoreCard

CHECKS = "falls.check"  # the watermark of the weekly check (coaching.jobs)
NEVER = -1


def last_week_to_replay(at: datetime) -> int:
    """The last week that a check has judged; before the first check, the week before the last complete one."""
    done = tasks.done_until(CHECKS)
    return clock.last_complete_week(done.date() if done else at.date() - timedelta(days=7))


def next_monday(at: datetime) -> date:
    """The first Monday whose check can still go by what is saved now."""
    company, done = the_organisation(), tasks.done_until(CHECKS)
    today = clock.local_day(at, company.time_zone if company else "UTC")
    monday = clock.monday_of(clock.week_of(today) + 1)
    return max(monday, done.date() + timedelta(days=7)) if done else monday


def replays_listed(scope: Select[FallReplay]) -> list[FallReplay]:
    rows = scope.options(joinedload(FallReplay.asked_by)).order_by(FallReplay.id.desc()).limit(10)
    return list(db.session.scalars(rows))


def with_asker(scope: Select[FallReplay]) -> Select[FallReplay]:
    return scope.options(joinedload(FallReplay.asked_by))


def waiting() -> list[int]:
    """Replays that are not over, the oldest first."""
    open_ones = select(FallReplay.id).where(FallReplay.finished_at.is_(None), FallReplay.cancelled_at.is_(None))
    return list(db.session.scalars(open_ones.order_by(FallReplay.id)))


def known_to_others() -> dict[int, int]:
    """Person id -> the last week whose figures others may know of, for everybody whose head start runs: what came after it is still
    theirs alone, and no count may hold it."""
    own, shared = ScoreCard, aliased(ScoreCard)
    rows = db.session.execute(
        select(own.person_id, shared.week)
        .outerjoin(shared, (shared.person_id == own.person_id) & (shared.audience == "shared"))
        .where(own.audience == "own", own.shares_at.is_not(None))
    )
    return {person: (week or NEVER) for person, week in rows}
