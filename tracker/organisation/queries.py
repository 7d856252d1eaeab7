"""Reading the organisation: who works when, who leads whom, lists for pages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.organisation.models import Absence, Holiday, Membership, Organisation, Person, Team, Tenure
from tracker.organisation.policy import holds_on

LOOK_AHEAD = timedelta(days=400)


def the_organisation() -> Organisation | None:
    """The company of this instance; None before the first-run page has been filled in."""
    return db.session.get(Organisation, 1)


@dataclass(frozen=True)
class TeamTree:
    """All teams and their parents, loaded once: small enough to walk in memory."""

    teams: Mapping[int, Team]

    def upwards(self, team_id: int | None) -> list[int]:
        """The team and everything above it, nearest first. A circle would be a defect; it ends the walk."""
        path: list[int] = []
        while team_id is not None and team_id not in path:
            path.append(team_id)
            team_id = self.teams[team_id].parent_id
        return path

    def beneath(self, team_id: int) -> set[int]:
        """The team and everything under it."""
        return {candidate for candidate in self.teams if team_id in self.upwards(candidate)}


def team_tree() -> TeamTree:
    return TeamTree({team.id: team for team in db.session.scalars(select(Team))})


def team_of(person_id: int, day: date) -> Team | None:
    return db.session.scalar(
        select(Team)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.person_id == person_id, *holds_on(Membership, day))
    )


def teams_of_everybody(day: date) -> dict[int, int]:
    """Person id -> id of the team the person is in on `day`."""
    rows = db.session.execute(select(Membership.person_id, Membership.team_id).where(*holds_on(Membership, day)))
    return dict(rows.all())


def calendar_of(person_id: int, day: date) -> WorkCalendar:
    """When one person works, from `day` on."""
    return calendars([person_id], day)[person_id]


def calendars(person_ids: Iterable[int] | None, day: date) -> dict[int, WorkCalendar]:
    """When people work from `day` on: the hours of their team, its holidays, their own absences. None asks for everybody.

    Somebody in no team works by the organisation's zone, Monday to Friday.
    """
    everybody = person_ids is None
    wanted = set(person_ids or ())
    tree = team_tree()
    memberships = select(Membership.person_id, Membership.team_id).where(
        or_(Membership.ended_on.is_(None), Membership.ended_on > day)
    )
    absences = select(Absence).where(Absence.ended_on > day, Absence.started_on <= day + LOOK_AHEAD)
    if not everybody and len(wanted) < 500:
        memberships = memberships.where(Membership.person_id.in_(wanted))
        absences = absences.where(Absence.person_id.in_(wanted))
    team_by_person = dict(db.session.execute(memberships.order_by(Membership.started_on.desc())).all())
    holidays = _holidays_by_team(day)
    away: dict[int, set[date]] = defaultdict(set)
    for absence in db.session.scalars(absences):
        away[absence.person_id] |= _days(max(absence.started_on, day), absence.ended_on)
    fallback = the_organisation()
    zone = fallback.time_zone if fallback else "UTC"
    return {
        person_id: _calendar(tree, team_by_person.get(person_id), holidays, frozenset(away[person_id]), zone)
        for person_id in (set(team_by_person) if everybody else wanted)
    }


def calendars_of_teams(team_ids: Iterable[int | None], day: date) -> dict[int | None, WorkCalendar]:
    """When teams work from `day` on: their hours, days and holidays, whoever is away. None is the company itself."""
    tree, holidays, fallback = team_tree(), _holidays_by_team(day), the_organisation()
    zone = fallback.time_zone if fallback else "UTC"
    return {team_id: _calendar(tree, team_id, holidays, frozenset(), zone) for team_id in set(team_ids)}


def _calendar(
    tree: TeamTree, team_id: int | None, holidays: Mapping[int | None, set[date]], away: frozenset[date], zone: str
) -> WorkCalendar:
    if team_id is None:
        return WorkCalendar(zone=zone, days_off=away | holidays.get(None, set()))
    team = tree.teams[team_id]
    off = set(away) | holidays.get(None, set())
    for above in tree.upwards(team_id):
        off |= holidays.get(above, set())
    return WorkCalendar(
        team.time_zone, frozenset(map(int, team.working_days)), team.work_starts, team.work_ends, frozenset(off)
    )


def _holidays_by_team(day: date) -> dict[int | None, set[date]]:
    found: dict[int | None, set[date]] = defaultdict(set)
    for holiday in db.session.scalars(select(Holiday).where(Holiday.on >= day, Holiday.on <= day + LOOK_AHEAD)):
        found[holiday.team_id].add(holiday.on)
    return found


def _days(start: date, end: date) -> set[date]:
    return {start + timedelta(days=n) for n in range(min((end - start).days, LOOK_AHEAD.days))}


@dataclass(frozen=True)
class Leaders:
    """Who leads whom on one day, loaded once for many questions."""

    tree: TeamTree
    team_by_person: Mapping[int, int]
    managers: Mapping[int, int]
    deputies: Mapping[int, list[int]]
    away: frozenset[int]

    def of_team(self, team_id: int, *, but: int | None = None) -> int | None:
        """Who leads the team today: its manager; while the manager is away, a deputy who is there."""
        manager = self.managers.get(team_id)
        deputies = [d for d in self.deputies.get(team_id, []) if d not in self.away and d != but]
        if deputies and (manager is None or manager in self.away or manager == but):
            return deputies[0]
        return manager if manager != but else None

    def up_from(self, team_id: int) -> list[int]:
        """Everybody who leads the team or one above it, nearest first, each once."""
        leaders = (self.of_team(above) for above in self.tree.upwards(team_id))
        return list(dict.fromkeys(leader for leader in leaders if leader is not None))

    def above(self, person_id: int) -> list[int]:
        """Everybody who leads the person, nearest first, each once, never the person."""
        found: list[int] = []
        for team_id in self.tree.upwards(self.team_by_person.get(person_id)):
            leader = self.of_team(team_id, but=person_id)
            if leader is not None and leader not in found:
                found.append(leader)
        return found


def leaders_on(day: date) -> Leaders:
    """Managers, deputies and who is away, as of `day`."""
    managers: dict[int, int] = {}
    deputies: dict[int, list[int]] = defaultdict(list)
    for tenure in db.session.scalars(select(Tenure).where(*holds_on(Tenure, day)).order_by(Tenure.id)):
        if tenure.kind == "manager":
            managers[tenure.team_id] = tenure.person_id
        else:
            deputies[tenure.team_id].append(tenure.person_id)
    away = db.session.scalars(select(Absence.person_id).where(*holds_on(Absence, day)))
    return Leaders(team_tree(), teams_of_everybody(day), managers, deputies, frozenset(away))


def directory(
    people: Select[Person], *, day: date, search: str = "", team_id: int | None = None
) -> Select[Person, str, int]:
    """People of a scope with the name of their team today, filtered by a word in name, number or address."""
    statement = (
        people.add_columns(Team.name, Team.id)
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id) & holds_on(Membership, day)[0] & holds_on(Membership, day)[1],
        )
        .outerjoin(Team, Team.id == Membership.team_id)
    )
    if search:
        like = f"%{_escaped(search.lower())}%"
        statement = statement.where(
            or_(
                func.lower(Person.name).like(like, escape="\\"),
                func.lower(Person.staff_number).like(like, escape="\\"),
                Person.email.like(like, escape="\\"),
            )
        )
    return statement if team_id is None else statement.where(Team.id == team_id)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def still_here(statement: Select[Any], day: date) -> Select[Any]:
    """Without those whose last day is behind them."""
    return statement.where(or_(Person.ended_on.is_(None), Person.ended_on > day))


def people_in(team_id: int, day: date) -> list[Person]:
    """Who is in exactly this team on a day, by name."""
    return list(
        db.session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.team_id == team_id, *holds_on(Membership, day))
            .order_by(Person.name, Person.id)
        )
    )


def team_choices(*, but: Iterable[int] = ()) -> list[tuple[int, str]]:
    """(id, name) of every team, by name."""
    left_out = set(but)
    rows = db.session.execute(select(Team.id, Team.name).order_by(Team.name)).all()
    return [(team_id, name) for team_id, name in rows if team_id not in left_out]


@dataclass(frozen=True)
class Register:
    """Everybody and every team as they stand, loaded once for a comparison with a whole file."""

    people: list[Person]
    teams: list[Team]
    memberships: Mapping[int, Membership]  # person id -> the latest one
    managers: Mapping[int, Tenure]  # team id -> the latest tenure of a manager


def register() -> Register:
    """Four queries, whatever the size of the company."""
    memberships = db.session.scalars(select(Membership).order_by(Membership.started_on))
    tenures = db.session.scalars(select(Tenure).where(Tenure.kind == "manager").order_by(Tenure.started_on, Tenure.id))
    return Register(
        list(db.session.scalars(select(Person).order_by(Person.id))),
        list(db.session.scalars(select(Team).order_by(Team.id))),
        {membership.person_id: membership for membership in memberships},
        {tenure.team_id: tenure for tenure in tenures},
    )
