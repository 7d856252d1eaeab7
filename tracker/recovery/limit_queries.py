"""Limits for their pages: what holds for each team and from where, and what was chosen before."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.organisation.models import Team
from tracker.recovery.limit_models import GivingLimit
from tracker.recovery.limits import COMPANY, Limits, Role


@dataclass(frozen=True)
class Amount:
    """What holds for one role. above: the team that it comes from, None for the company or the team itself."""

    value: int
    is_own: bool
    above: str | None


@dataclass(frozen=True)
class Holds:
    """What holds for a team, or with no team for the company; None where nothing is set, here or above."""

    team: Team | None
    staff: Amount | None
    leads: Amount | None


def holding(limits: Limits, teams: Iterable[Team | None]) -> list[Holds]:
    return [Holds(team, _amount(limits, team, "staff"), _amount(limits, team, "leads")) for team in teams]


def history(team: Team | None) -> Select[GivingLimit]:
    """What was chosen for a team or the company, the newest first."""
    of = GivingLimit.team_id == team.id if team else GivingLimit.team_id.is_(None)
    return select(GivingLimit).where(of).options(joinedload(GivingLimit.set_by)).order_by(GivingLimit.id.desc())


def _amount(limits: Limits, team: Team | None, role: Role) -> Amount | None:
    id = team.id if team else None
    origin = limits.origin(id, role)
    if origin is None:
        return None
    is_own = origin == (id or COMPANY)
    above = None if is_own or origin == COMPANY else limits.tree.teams[origin].name
    return Amount(int(getattr(limits.rows[origin], role)), is_own, above)
