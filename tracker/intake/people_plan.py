"""What a file of people would do, worked out before anything is written: the preview shows it, the import does it.

Rows are checked against everybody as they stand and against each other. A row that is refused takes what it promised
with it (a team, a manager), so the rest is checked again until no row falls out any more.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.intake.people_planned import Plan, PlannedManager, PlannedPerson, PlannedTeam
from tracker.intake.people_rows import PersonRow, Unfit
from tracker.organisation.models import Person, Tenure
from tracker.organisation.queries import Register

PERSON_FIELDS = ("name", "email", "language", "contract", "started_on")


def plan_people(
    rows: list[PersonRow], register: Register, roles: Mapping[int, set[str]], *, today: date, by: int | None
) -> tuple[Plan, list[tuple[int, str]]]:
    """The plan of the rows that fit, and (line, reason) of those that don't."""
    refused: dict[int, str] = {}
    while True:
        plan = _Planner(rows, register, roles, today=today, by=by).plan()
        if not plan.refused:
            return plan, sorted(refused.items())
        refused |= plan.refused
        rows = [row for row in rows if row.line not in plan.refused]


class _Planner:
    """One pass over the rows that are still in."""

    def __init__(
        self, rows: list[PersonRow], register: Register, roles: Mapping[int, set[str]], *, today: date, by: int | None
    ) -> None:
        self._rows, self._register, self._roles, self._today, self._by = rows, register, roles, today, by
        self._known = {person.staff_number.casefold(): person for person in register.people}
        self._mailed = {person.email: person.id for person in register.people if person.email}
        self._teams = {team.name.casefold(): team for team in register.teams}
        self._names_of_teams = {team.id: team.name for team in register.teams}
        self._in_file = {row.key: row for row in rows}
        self._keys_by_name = self._by_name()
        self._plan = Plan()

    def plan(self) -> Plan:
        for step in (self._place_team, self._refuse_circle, self._place_person, self._place_manager):
            for row in self._rows:
                if row.line in self._plan.refused:
                    continue
                try:
                    step(row)
                except Unfit as reason:
                    self._plan.refused[row.line] = str(reason)
        return self._plan

    def _by_name(self) -> dict[str, list[str]]:
        """Name -> staff numbers of the people who will have it, in the company or in the file."""
        found: dict[str, list[str]] = {}
        for key, person in self._known.items():
            name = self._in_file[key].name if key in self._in_file else None
            found.setdefault((name or person.name).casefold(), []).append(key)
        for key, row in self._in_file.items():
            if key not in self._known and row.name:
                found.setdefault(row.name.casefold(), []).append(key)
        return found

    # Teams

    def _place_team(self, row: PersonRow) -> None:
        key = self._team_key(row)
        if key is None:
            if row.time_zone:
                raise Unfit(_("There is a time zone in this row, but no team that it could be of"))
            return
        planned = self._planned_team(key, row.team or key)
        if row.parent_team:
            self._place_parent(planned, row.parent_team)
        if row.time_zone and planned.zone not in (None, row.time_zone):
            raise Unfit(
                _(
                    "The team “%(team)s” is in the time zone %(zone)s, not %(other)s",
                    team=planned.name,
                    zone=planned.zone,
                    other=row.time_zone,
                )
            )
        planned.zone = planned.zone or row.time_zone

    def _place_parent(self, planned: PlannedTeam, parent: str) -> None:
        above = planned.parent
        if above != parent.casefold() and (planned.team is not None or above is not None):
            name = self._planned_team(above, above).name if above else _("nothing")
            raise Unfit(
                _(
                    "The team “%(team)s” is part of %(above)s, not of “%(other)s”",
                    team=planned.name,
                    above=name,
                    other=parent,
                )
            )
        self._planned_team(parent.casefold(), parent)
        planned.parent = parent.casefold()

    def _planned_team(self, key: str, name: str) -> PlannedTeam:
        if key not in self._plan.teams:
            team = self._teams.get(key)
            above = self._names_of_teams[team.parent_id].casefold() if team and team.parent_id else None
            self._plan.teams[key] = PlannedTeam(team.name, team, above, team.time_zone) if team else PlannedTeam(name)
        return self._plan.teams[key]

    def _team_key(self, row: PersonRow) -> str | None:
        """The team that the row's person is in afterwards: that of the row, else the present one."""
        if row.team:
            return row.team.casefold()
        person = self._known.get(row.key)
        membership = self._register.memberships.get(person.id) if person else None
        return self._names_of_teams[membership.team_id].casefold() if membership else None

    def _refuse_circle(self, row: PersonRow) -> None:
        path = self._plan.path(self._team_key(row))
        if path and self._plan.teams[path[-1]].parent in path:
            raise Unfit(_("The team “%(team)s” would stand below itself", team=self._plan.teams[path[-1]].name))

    # People

    def _place_person(self, row: PersonRow) -> None:
        person = self._known.get(row.key)
        if person is None and not row.name:
            raise Unfit(_("A new person needs a name"))
        if row.email and self._mailed.get(row.email, person.id if person else None) != (person.id if person else None):
            raise Unfit(_("The address %(address)s belongs to another person", address=row.email))
        started, ended = self._days_of(row.key)
        if started and ended and ended <= started:
            raise Unfit(_("The last day is before the first one"))
        planned = PlannedPerson(
            row,
            person,
            fields=self._changed(row, person),
            team=self._new_team(row, person),
            since=self._since(row, person),
            roles=row.roles - self._roles.get(person.id, set()) if person else row.roles,
        )
        if person and planned.is_change and person.id == self._by:
            raise Unfit(_("This is your own record. Somebody else has to change it"))
        self._refuse_impossible_move(planned)
        self._plan.people.append(planned)

    def _changed(self, row: PersonRow, person: Person | None) -> dict[str, Any]:
        given = {name: getattr(row, name) for name in PERSON_FIELDS if getattr(row, name) is not None}
        return {name: value for name, value in given.items() if person is None or getattr(person, name) != value}

    def _new_team(self, row: PersonRow, person: Person | None) -> str | None:
        if row.team is None:
            return None
        membership = self._register.memberships.get(person.id) if person else None
        now_in = self._names_of_teams[membership.team_id] if membership else ""
        return row.team.casefold() if now_in.casefold() != row.team.casefold() else None

    def _since(self, row: PersonRow, person: Person | None) -> date:
        """A first team counts from the first day on; a move is today's, but not before the first day."""
        started, _ended = self._days_of(row.key)
        if person is None or person.id not in self._register.memberships:
            return started or self._today
        return max(started or self._today, self._today)

    def _days_of(self, key: str) -> tuple[date | None, date | None]:
        """First day and end of somebody as they will be after the import."""
        found = [source for source in (self._in_file.get(key), self._known.get(key)) if source]
        started = next((source.started_on for source in found if source.started_on), None)
        return started, next((source.ended_on for source in found if source.ended_on), None)

    def _refuse_impossible_move(self, planned: PlannedPerson) -> None:
        if planned.team is None or planned.person is None:
            return
        ended = self._days_of(planned.row.key)[1]
        if ended and ended <= planned.since:
            raise Unfit(_("Somebody who has left can’t move to “%(team)s”", team=planned.row.team))
        membership = self._register.memberships.get(planned.person.id)
        if membership and membership.started_on > planned.since:
            raise Unfit(_("A move to another team is planned for this person already"))

    # Managers

    def _place_manager(self, row: PersonRow) -> None:
        if row.manager is None:
            return
        team = self._team_key(row)
        if team is None:
            raise Unfit(_("There is a manager in this row, but no team to lead"))
        key = self._manager_key(row.manager)
        first = self._plan.managers.get(team)
        if first and first.person != key:
            raise Unfit(
                _(
                    "The team “%(team)s” has another manager on line %(line)s",
                    team=self._plan.teams[team].name,
                    line=first.line,
                )
            )
        if first is None:
            self._plan.managers[team] = self._manager(team, key, row.line)

    def _manager_key(self, text: str) -> str:
        """The staff number of who is meant: a number, else exactly one person of this name."""
        if text.casefold() in self._known or text.casefold() in self._in_file:
            return text.casefold()
        named = self._keys_by_name.get(text.casefold(), [])
        if not named:
            raise Unfit(_("The manager “%(who)s” is nobody’s staff number or name", who=text))
        if len(named) > 1:
            raise Unfit(_("More than one person is called “%(who)s”. Name the manager by staff number", who=text))
        return named[0]

    def _manager(self, team: str, key: str, line: int) -> PlannedManager:
        person = self._known.get(key)
        started, ended = self._days_of(key)
        since = max(started or self._today, self._today)
        latest = self._latest_manager(team)
        if latest and person and latest.person_id == person.id and latest.ended_on in {None, ended}:
            return PlannedManager(key, person, latest.started_on, line, is_new=False)
        if ended and ended <= since:
            raise Unfit(_("The manager of this row has left"))
        if latest and latest.started_on > since:
            raise Unfit(_("Another manager is planned for “%(team)s” already", team=self._plan.teams[team].name))
        leaving = latest.person_id if latest and (latest.ended_on is None or latest.ended_on > since) else None
        if self._by is not None and self._by in {person.id if person else None, leaving}:
            raise Unfit(_("You lead this team or would lead it. Somebody else has to change that"))
        return PlannedManager(key, person, since, line, is_new=True)

    def _latest_manager(self, team: str) -> Tenure | None:
        existing = self._plan.teams[team].team
        return self._register.managers.get(existing.id) if existing else None
