"""The matrix turned into SQL: which rows about which person a viewer may reach, from dated memberships and tenures.

A scope is a WHERE clause; a yes or no is "is it in my scope?". Nothing else in the product decides permission.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, exists, false, func, or_, select, true

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Absence, Holiday, Membership, Person, Team, Tenure

MATRIX_FILE = Path(__file__).with_name("permissions.txt")


@lru_cache(maxsize=1)
def matrix() -> dict[str, dict[str, str]]:
    """The permission matrix: action -> relation -> one of A D G T B."""
    lines = MATRIX_FILE.read_text(encoding="utf-8").splitlines()
    relations = next(line.split()[2:] for line in lines if line.startswith("# relation:"))
    rows = [line.split("#")[0].split() for line in lines if line and not line.startswith("#")]
    return {row[0]: dict(zip(relations, row[1:], strict=True)) for row in rows}


def cell(action: str, relation: str) -> str:
    """One cell; an action that nobody has put into the matrix is denied."""
    return matrix().get(action, {}).get(relation, "D")


def allowed(
    action: str, viewer: Viewer, person: ColumnElement[Any] | Any, *, dated: ColumnElement[Any] | Any | None = None
) -> ColumnElement[bool]:
    """The clause that lets through the rows about `person` on which `viewer` may do `action`.

    `person` is a column of person ids; `dated` the row's local date, which actions marked T need.
    """
    clauses: list[ColumnElement[bool]] = [false()]
    if cell(action, "self") == "A":
        clauses.append(person == viewer.person_id)
    if cell(action, "mgr_now") == "A":
        clauses.append(manages(viewer, person))
    if cell(action, "mgr_now") == "T":
        if dated is None:
            raise ValueError(f"{action} is limited to the present tenure, so it needs the date of each row")
        clauses.append(manages(viewer, person, since=dated))
    if any(role in viewer.roles and cell(action, role) == "A" for role in ("hr", "admin")):
        clauses.append(or_(person.is_(None), person != viewer.person_id))
    if cell(action, "peer") == "A":
        clauses.append(true())
    return or_(*clauses)


def manages(viewer: Viewer, person: Any, *, since: Any | None = None) -> ColumnElement[bool]:
    """Whether the viewer leads the team that `person` is in today; with `since`, only for dates within that relation.

    Whoever signed in with a PIN on a shared terminal leads nobody there.
    """
    if viewer.by_pin:
        return false()
    within = true() if since is None else and_(since >= Tenure.started_on, since >= Membership.started_on)
    return exists(
        select(Membership.id)
        .join(Tenure, Tenure.team_id == Membership.team_id)
        .where(
            Membership.person_id == person,
            Membership.person_id != viewer.person_id,
            Tenure.person_id == viewer.person_id,
            *holds_on(Membership, viewer.today),
            *holds_on(Tenure, viewer.today),
            within,
        )
        .correlate_except(Membership, Tenure)
    )


def holds_on(dated: Any, day: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The two conditions that a dated row holds on a day."""
    return dated.started_on <= day, or_(dated.ended_on.is_(None), dated.ended_on > day)


def may(action: str, viewer: Viewer, person_id: int | None) -> bool:
    """Yes or no for one person, by the same clause as the lists (for actions that need no date)."""
    column = select(Person.id.label("id")).where(Person.id == person_id).subquery().c.id
    return db.session.scalar(select(func.count()).select_from(column.table).where(allowed(action, viewer, column))) == 1


def people_seen_by(viewer: Viewer) -> Select[Person]:
    """Everybody in the directory (`user.read_directory`), by name."""
    return select(Person).where(allowed("user.read_directory", viewer, Person.id)).order_by(Person.name, Person.id)


def people_edited_by(viewer: Viewer) -> Select[Person]:
    return select(Person).where(allowed("person.edit", viewer, Person.id)).order_by(Person.name, Person.id)


def teams_edited_by(viewer: Viewer) -> Select[Team]:
    office = any(role in viewer.roles and cell("team.edit", role) == "A" for role in ("hr", "admin"))
    return select(Team).where(true() if office else false()).order_by(Team.name)


def teams_led_by(viewer: Viewer) -> Select[Team]:
    """The teams whose board the viewer opens: those led today, as manager or deputy; none on a shared terminal."""
    if viewer.by_pin:
        return select(Team).where(false()).order_by(Team.name)
    led = select(Tenure.team_id).where(Tenure.person_id == viewer.person_id, *holds_on(Tenure, viewer.today))
    return select(Team).where(Team.id.in_(led)).order_by(Team.name)


def teams_led_and_beneath(viewer: Viewer) -> CTE:
    """Numbers of the teams that the viewer leads today, with all beneath them."""
    first = teams_led_by(viewer).order_by(None).with_only_columns(Team.id).cte(recursive=True)
    return first.union(select(Team.id).join(first, Team.parent_id == first.c.id))


def people_led_by(viewer: Viewer) -> Select[Person]:
    """The people whose score, alerts and coaching the viewer reads as their manager, by name."""
    return select(Person).where(manages(viewer, Person.id)).order_by(Person.name, Person.id)


def teams_seen_by(_viewer: Viewer) -> Select[Team]:
    """The teams belong to the directory: whoever reads the one reads the other."""
    return select(Team).where(true() if cell("user.read_directory", "peer") == "A" else false()).order_by(Team.name)


def absences_seen_by(viewer: Viewer) -> Select[Absence]:
    return select(Absence).where(allowed("absence.read", viewer, Absence.person_id)).order_by(Absence.started_on.desc())


def absences_edited_by(viewer: Viewer) -> Select[Absence]:
    return select(Absence).where(allowed("absence.edit", viewer, Absence.person_id))


def teams_deputised_by(viewer: Viewer) -> Select[Team]:
    """Teams for which the viewer may name a deputy: for HR and admins all, else those managed today. A deputy names no other."""
    managed = select(Tenure.team_id).where(
        Tenure.person_id == viewer.person_id, Tenure.kind == "manager", *holds_on(Tenure, viewer.today)
    )
    as_manager = Team.id.in_(managed) if cell("deputy.name", "mgr_now") == "A" else false()
    return select(Team).where(or_(true() if by_role("deputy.name", viewer) else false(), as_manager))


def tenures_edited_by(viewer: Viewer) -> Select[Tenure]:
    """What the viewer may end: in teams they edit every one, in teams they manage a deputy's."""
    edited = Tenure.team_id.in_(teams_edited_by(viewer).order_by(None).with_only_columns(Team.id))
    deputised = Tenure.team_id.in_(teams_deputised_by(viewer).with_only_columns(Team.id))
    return select(Tenure).where(or_(edited, and_(Tenure.kind == "deputy", deputised)))


def tenures_seen_by(viewer: Viewer) -> Select[Tenure]:
    """Who leads belongs to the directory."""
    return select(Tenure).where(Tenure.team_id.in_(teams_seen_by(viewer).order_by(None).with_only_columns(Team.id)))


def holidays_edited_by(viewer: Viewer) -> Select[Holiday]:
    """A team's holidays belong to the team, the company's own to the settings."""
    of_teams = Holiday.team_id.in_(teams_edited_by(viewer).order_by(None).with_only_columns(Team.id))
    of_all = Holiday.team_id.is_(None) if by_role("settings.edit", viewer) else false()
    return select(Holiday).where(or_(of_teams, of_all))


def by_role(action: str, viewer: Viewer) -> bool:
    """Yes or no for what is about no person (a team, the settings, somebody not here yet): only the role counts."""
    return any(role in viewer.roles and cell(action, role) == "A" for role in ("hr", "admin"))
