"""Reading what the weekly check goes by, which checks ran, and which teams fell."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.ratings.fall_models import FallSettings, TeamFall, WeeklyCheck
from tracker.ratings.thresholds import STANDARD, Thresholds


def thresholds_on(monday: date) -> Thresholds:
    """What the check of that Monday goes by."""
    rows = select(FallSettings).where(FallSettings.from_monday <= monday)
    row = db.session.scalar(rows.order_by(FallSettings.from_monday.desc(), FallSettings.id.desc()).limit(1))
    return Thresholds.of(row) if row else STANDARD


def settings_kept() -> list[FallSettings]:
    """Every row with who saved it, the latest first."""
    rows = select(FallSettings).options(joinedload(FallSettings.saved_by))
    return list(db.session.scalars(rows.order_by(FallSettings.from_monday.desc(), FallSettings.id.desc()).limit(50)))


def latest_check() -> WeeklyCheck | None:
    return db.session.scalar(select(WeeklyCheck).order_by(WeeklyCheck.week.desc()).limit(1))


def people_tested() -> int:
    """How many the latest check could test; none before the first."""
    found = latest_check()
    return found.tested if found else 0


def team_fall_of(team_id: int | None, week: int) -> TeamFall | None:
    """Whether the whole team had fallen in the check of a week."""
    if team_id is None:
        return None
    return db.session.scalar(select(TeamFall).where(TeamFall.team_id == team_id, TeamFall.week == week))
