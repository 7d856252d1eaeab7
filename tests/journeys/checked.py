"""What the pages of the weekly check show: replays as they end, and a team that fell as a whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.factories import leads
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.falls.actions import claim
from tracker.falls.models import FallReplay
from tracker.falls.rules import counted, months_of
from tracker.organisation.models import Person, Team
from tracker.ratings.fall_models import TeamFall

TEAM = "A team beneath the tills"


def a_replay(*, people: int, done: bool = True) -> dict[str, int]:
    """Of the last 52 weeks, with as many people alerted."""
    now = datetime.now(UTC)
    last = clock.last_complete_week(now.date())
    weeks = range(last - 51, last + 1)
    asked, present = (
        counted([(n, last - 3 * n) for n in range(count)], [61], months_of(weeks)) for count in (people, people + 4)
    )
    days = {name: clock.monday_of(week + 1).isoformat() for name, week in (("first", weeks[0]), ("last", last))}
    settings = {"alert_one_in": 400, "least_fall": 0.2, "strict": False, "cooldown_weeks": 8}
    result: dict[str, Any] = {**days, "present_settings": settings, "asked": asked, "present": present}
    with transaction():
        for open_one in db.session.scalars(select(FallReplay).where(FallReplay.finished_at.is_(None))):
            open_one.cancelled_at = now
        by = db.session.scalar(select(Person.id).where(Person.staff_number == "H-0011"))
        replay = FallReplay(
            asked_by_id=by,
            asked_at=now - timedelta(minutes=2),
            last_week=last,
            weeks=52,
            alert_one_in=800,
            least_fall=0.3,
            strict=False,
            cooldown_weeks=12,
            finished_at=now if done else None,
            result=result if done else None,
        )
        db.session.add(replay)
        db.session.flush()
        return {"id": replay.id}


def a_fall_replay() -> dict[str, int]:
    return a_replay(people=12)


def a_fall_replay_of_few() -> dict[str, int]:
    return a_replay(people=2)


def a_running_fall_replay() -> dict[str, int]:
    found = a_replay(people=0, done=False)
    with transaction():
        assert claim(found["id"], "somebody", at=datetime.now(UTC))
        db.session.get_one(FallReplay, found["id"]).weeks_done = 31
    return found


def a_team_fall() -> dict[str, int]:
    """Of a team beneath Brian's, which another person leads."""
    now = datetime.now(UTC)
    with transaction():
        tills = db.session.scalars(select(Team).where(Team.name == "Nairobi Central tills")).one()
        team = db.session.scalar(select(Team).where(Team.name == TEAM))
        if team is None:
            team = Team(name=TEAM, parent_id=tills.id, time_zone=tills.time_zone)
            db.session.add(team)
            db.session.flush()
            leads(db.session.scalars(select(Person).where(Person.staff_number == "N-0365")).one(), team)
        week = clock.last_complete_week(now.date())
        found = db.session.scalar(select(TeamFall).where(TeamFall.team_id == team.id, TeamFall.week == week))
        if found is None:
            figures = {"n": 84, "people": 7, "shift": -0.42, "sd": 0.11, "z": -3.4}
            moments = {"found_at": now, "shares_at": now, "told_at": now - timedelta(hours=1)}
            found = TeamFall(team_id=team.id, week=week, formula="three-window/1", **figures, **moments)
            db.session.add(found)
            db.session.flush()
        return {"id": found.id}
