"""When a whole team falls, who leads above hears "the team as a whole", once, and nobody in it is named.

Kept by the weekly run, told by a job when the head start of everybody in the team is over, or a week has passed: somebody may be away
for months, and the next check makes the old one stale. Nothing that could be read or counted is made before.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.coaching.rules import HEAD_START
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.organisation.queries import Leaders
from tracker.ratings import weekly
from tracker.ratings.fall_models import TeamFall
from tracker.ratings.team_falls import teams_fallen
from tracker.ratings.weekly import Company

TOLD_AGAIN_AFTER_WEEKS = 8
WAITS_AT_MOST = timedelta(days=7)


def keep_team_falls(company: Company, shares: Mapping[int, datetime], *, at: datetime) -> None:
    """A row for each team that fell this week; one that is to be told of has its moment, unless an earlier notice still holds."""
    found = teams_fallen(
        company.checked,
        company.team,
        company.on,
        company.parameters,
        mu=company.mu,
        baseline_end=company.baseline_end,
    )
    told = _told_since(company.on - TOLD_AGAIN_AFTER_WEEKS)
    team_of = dict(zip(company.people, company.team.tolist(), strict=True))
    for team_id, said in found.items():
        mates = [shares[person] for person, team in team_of.items() if team == team_id and person in shares]
        shares_at = min(max(mates, default=at + HEAD_START), at + WAITS_AT_MOST)
        row = TeamFall(
            team_id=team_id,
            week=company.on,
            n=said["n"],
            people=said["people"],
            shift=said["shift"],
            sd=said["sd"],
            z=said["z"],
            formula=weekly.FORMULA,
            found_at=at,
            shares_at=None if team_id in told else shares_at,
        )
        db.session.add(row)


def _told_since(week: int) -> set[int]:
    """Teams with a notice, told or still to be told, after that week."""
    noticed = select(TeamFall.team_id).where(TeamFall.week > week, TeamFall.shares_at.is_not(None))
    return set(db.session.scalars(noticed))


def due_notices(at: datetime) -> list[int]:
    due = select(TeamFall.id).where(TeamFall.told_at.is_(None), TeamFall.shares_at <= at)
    return list(db.session.scalars(due.order_by(TeamFall.id)))


def tell_above(notice_id: int, leaders: Leaders, *, at: datetime) -> bool:
    """Tell who leads above the team's own leader, as things stand now; whether it was ours to do."""
    notice = db.session.get(TeamFall, notice_id, with_for_update={"of": TeamFall}, populate_existing=True)
    if notice is None or notice.told_at is not None:
        return False
    notice.told_at = at
    recipient = above_the_leader(leaders, notice.team_id)
    if recipient is not None:
        tell("team.fell", to=recipient, key=f"team.fell|{notice.id}", at=at, about_id=notice.id)
    record("team_fall.told", by=None, about=notice, at=at, team=notice.team_id, to=recipient)
    return True


def above_the_leader(leaders: Leaders, team_id: int) -> int | None:
    own = leaders.of_team(team_id)
    return next((person for person in leaders.up_from(team_id) if person != own), None)
