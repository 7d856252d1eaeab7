"""Who takes care of complaints by rule, team by team, and who could."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select

from tracker.access.models import Account
from tracker.access.queries import people_with_role
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person, Team
from tracker.organisation.policy import people_seen_by
from tracker.organisation.queries import leaders_on, people_in, team_tree
from tracker.recovery.models import OwnerRule
from tracker.recovery.owners import COMPANY


@dataclass(frozen=True)
class Named:
    """Names of a rule. `gone`: those who have left or cannot sign in any more, to whom nothing is given."""

    here: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Holds:
    """What holds for a team, or with no team for the company. `named` is None where whoever leads the handler does it.

    `above`: the team that it comes from; without one and with `is_inherited`, the whole company's."""

    team: Team | None
    named: Named | None
    is_inherited: bool = False
    above: Team | None = None


def holding(teams: Iterable[Team], day: date) -> list[Holds]:
    """For each of these teams."""
    rules, tree = _rules(day), team_tree()
    found = []
    for team in teams:
        nearest = next((key for key in [*tree.upwards(team.id), COMPANY] if key in rules), None)
        above = tree.teams.get(nearest) if nearest not in {None, team.id} else None
        found.append(Holds(team, rules.get(nearest or COMPANY), nearest not in {None, team.id}, above))
    return found


def holding_for_company(day: date) -> Holds:
    return Holds(None, _rules(day).get(COMPANY))


def chosen_for(team_key: int) -> set[int]:
    return set(db.session.scalars(select(OwnerRule.person_id).where(OwnerRule.team_key == team_key)))


def offered_for(team: Team | None, day: date) -> list[tuple[int, str]]:
    """(id, name) of who is close, by name: a team's people, who leads it or above, HR, and who is chosen now; nobody who has left.

    For the company: who leads a team and is led by nobody, HR, and who is chosen now."""
    leaders = leaders_on(day)
    near = set(people_with_role("hr")) | chosen_for(team.id if team else COMPANY)
    if team is not None:
        near |= set(leaders.up_from(team.id)) | {person.id for person in people_in(team.id, day)}
    else:
        near |= {person for person in leaders.managers.values() if not leaders.above(person)}
    rows = db.session.execute(_able(day).where(Person.id.in_(near)).order_by(Person.name, Person.id))
    return [(person_id, name) for person_id, name in rows]


def able_numbered(viewer: Viewer, numbers: list[str]) -> dict[str, int]:
    """Staff number in small letters -> id, of those who can take care of something."""
    seen = people_seen_by(viewer).order_by(None).with_only_columns(Person.id)
    wanted = func.lower(Person.staff_number).in_([number.lower() for number in numbers])
    rows = db.session.execute(_able(viewer.today).add_columns(Person.staff_number).where(wanted, Person.id.in_(seen)))
    return {number.lower(): person_id for person_id, _name, number in rows}


def _able(day: date) -> Select[int, str]:
    return select(Person.id, Person.name).join(Account, Account.person_id == Person.id).where(*_is_here(day))


def _is_here(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Works here, and can sign in. Whoever is only away can be chosen: others take the turns meanwhile."""
    return Account.deactivated_at.is_(None), or_(Person.ended_on.is_(None), Person.ended_on > day)


def _rules(day: date) -> dict[int, Named]:
    able = _able(day).with_only_columns(Person.id)
    rows = db.session.execute(
        select(OwnerRule.team_key, Person.name, Person.id.in_(able))
        .join(Person, Person.id == OwnerRule.person_id)
        .order_by(Person.name, Person.id)
    )
    found: dict[int, Named] = {}
    for key, name, is_here in rows:
        named = found.setdefault(key, Named())
        (named.here if is_here else named.gone).append(name)
    return found
