"""What holds: whose limit is how much on a day, from the choices of teams and of the company."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, or_, select

from tracker.access.queries import people_with_role
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import TeamTree, leaders_on, team_tree
from tracker.recovery.giving_rules import Purse
from tracker.recovery.limit_models import Given, GivingLimit

COMPANY = 0
Role = Literal["staff", "leads"]
ROLES: tuple[Role, ...] = ("staff", "leads")


@dataclass(frozen=True)
class Limits:
    """The newest choice of each team (and of the company, 0), with the tree that it is handed down."""

    rows: Mapping[int, GivingLimit]
    tree: TeamTree

    @property
    def currency(self) -> str | None:
        company = self.rows.get(COMPANY)
        return company.currency if company else None

    @property
    def teams_of_their_own(self) -> list[GivingLimit]:
        """The newest choices of teams that are still there and do not only take what holds above."""
        teams = {id for id, team in self.tree.teams.items() if team.closed_on is None}
        chosen = [row for key, row in self.rows.items() if key in teams]
        return [row for row in chosen if (row.staff, row.leads) != (None, None)]

    def mark(self, team_id: int | None) -> str:
        """Of what was chosen for a team and for the company: another one once either is chosen anew."""
        rows = (self.rows.get(team_id or COMPANY), self.rows.get(COMPANY))
        return "-".join(str(row.id) if row else "0" for row in rows)

    def origin(self, team_id: int | None, role: Role) -> int | None:
        """The team whose choice holds for a team, 0 for the company’s; None where nothing was chosen, or in another currency."""
        upwards = [*self.tree.upwards(team_id), COMPANY]
        rows = {key: self.rows[key] for key in upwards if key in self.rows and self.rows[key].currency == self.currency}
        return next((key for key, row in rows.items() if getattr(row, role) is not None), None)

    def amount(self, team_id: int | None, role: Role) -> int | None:
        key = self.origin(team_id, role)
        return None if key is None else int(getattr(self.rows[key], role))

    def of_person(self, team_id: int | None, led: Iterable[int]) -> int | None:
        """Whoever leads somewhere has the highest of what they lead and of their own team; everybody else that of staff."""
        known = [self.amount(team_id, "staff"), *(self.amount(team, "leads") for team in led)]
        return max((amount for amount in known if amount is not None), default=None)


def limits_at(at: datetime, *, but: Iterable[int] = ()) -> Limits:
    """As chosen until a moment; `but` without some rows, as it was before them. Two queries."""
    latest = select(func.max(GivingLimit.id)).where(GivingLimit.set_at <= at, GivingLimit.id.not_in(list(but)))
    newest = select(GivingLimit).where(GivingLimit.id.in_(latest.group_by(GivingLimit.team_id)))
    return Limits({row.team_id or COMPANY: row for row in db.session.scalars(newest)}, team_tree())


def own_limit(limits: Limits, person_id: int, day: date) -> int | None:
    """Two queries."""
    led = select(Tenure.team_id).where(Tenure.person_id == person_id, *holds_on(Tenure, day))
    team = select(Membership.team_id).where(Membership.person_id == person_id, *holds_on(Membership, day))
    return limits.of_person(db.session.scalar(team.limit(1)), list(db.session.scalars(led)))


def purse_of(case_id: int, person_id: int, *, at: datetime) -> Purse:
    """What somebody may give in a complaint now, and whom they can ask for more: who leads them or above, else HR."""
    limits = limits_at(at)
    without_asking = select(func.coalesce(func.sum(Given.worth), 0)).where(
        Given.case_id == case_id, Given.agreed_by_id.is_(None), Given.currency == limits.currency
    )
    return Purse(
        own_limit(limits, person_id, at.date()),
        limits.currency,
        int(db.session.scalar(without_asking) or 0),
        _above(person_id, at.date()),
    )


def _above(person_id: int, day: date) -> list[tuple[int, str]]:
    """(id, name): the nearest first; of HR by name."""
    leaders = leaders_on(day)
    led = [team for team, leader in leaders.managers.items() if leader == person_id]
    over = [*leaders.above(person_id), *(one for team in led for one in leaders.up_from(team))]
    nearest = [one for one in dict.fromkeys(over) if one != person_id]
    wanted = nearest or [one for one in people_with_role("hr") if one != person_id]
    rows = select(Person.id, Person.name).where(
        Person.id.in_(wanted), or_(Person.ended_on.is_(None), Person.ended_on > day)
    )
    names = dict(db.session.execute(rows.order_by(Person.name, Person.id)).all())
    return [(id, names[id]) for id in (nearest or list(names)) if id in names]
