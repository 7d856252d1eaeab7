"""Bringing in people, teams and managers from a file; the same file twice changes nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tracker.access.actions import set_roles
from tracker.access.queries import roles_of
from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db
from tracker.intake.people_plan import plan_people
from tracker.intake.people_planned import Plan, PlannedPerson
from tracker.intake.people_rows import columns_of, read_rows
from tracker.intake.tables import Table, open_table
from tracker.organisation.actions import appoint_manager, edit_person, end_employment, move_person, open_team
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.ports import announced_together
from tracker.organisation.queries import register, the_organisation

SHOWN = 200  # as many names as a person looks through in a preview


@dataclass(frozen=True)
class PeopleImport:
    """What an import does or has done: counts of rows, and (line, reason) of those left out, by line."""

    added: int
    updated: int
    unchanged: int
    rejected: list[tuple[int, str]]
    teams_created: list[str]
    managers_appointed: int
    columns_left_out: list[str]
    names_added: list[str] = field(default_factory=list)
    names_updated: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.added + self.updated + len(self.teams_created) + self.managers_appointed


def import_people(source: str | Path | Table, *, by: int | None, at: datetime) -> PeopleImport:
    """Save the rows that fit, in the caller's transaction; the others are listed with their line and the reason.

    `by` None is the operator at the command line. Raises UnreadableFile for what is no table, Invalid without a column
    of staff numbers. Rows without a name, number or address that fit are never guessed at.
    """
    plan, result = _planned(source, by=by, at=at)
    with announced_together():
        _Writer(plan, by=by, at=at, zone=_zone()).write()
    record(
        "people.imported",
        by=by,
        about="person",
        at=at,
        added=result.added,
        updated=result.updated,
        unchanged=result.unchanged,
        rejected=len(result.rejected),
        teams=len(result.teams_created),
    )
    return result


def preview_people(source: str | Path | Table, *, by: int | None, at: datetime) -> PeopleImport:
    """What `import_people` would do; reads only."""
    return _planned(source, by=by, at=at)[1]


def _planned(source: str | Path | Table, *, by: int | None, at: datetime) -> tuple[Plan, PeopleImport]:
    with source if isinstance(source, Table) else open_table(source) as table:
        columns = columns_of(table.headers)
        rows, unread = read_rows(table.rows(), columns, at=at)
        left_out = [header for position, header in enumerate(table.headers) if position not in columns.values()]
    now = register()
    roles = roles_of([person.id for person in now.people])
    plan, misfits = plan_people(rows, now, roles, today=clock.local_day(at, _zone()), by=by)
    return plan, _result(plan, sorted(unread + misfits), left_out)


def _result(plan: Plan, rejected: list[tuple[int, str]], left_out: list[str]) -> PeopleImport:
    added = [planned for planned in plan.people if planned.person is None]
    updated = [planned for planned in plan.people if planned.person is not None and planned.is_change]
    return PeopleImport(
        added=len(added),
        updated=len(updated),
        unchanged=len(plan.people) - len(added) - len(updated),
        rejected=rejected,
        teams_created=[plan.teams[key].name for key in plan.new_teams],
        managers_appointed=sum(manager.is_new for manager in plan.managers.values()),
        columns_left_out=left_out,
        names_added=[str(planned.row.name) for planned in added[:SHOWN]],
        names_updated=[planned.person.name for planned in updated[:SHOWN] if planned.person],
    )


def _zone() -> str:
    organisation = the_organisation()
    return organisation.time_zone if organisation else "UTC"


class _Writer:
    """Writes a plan, by the same actions as the pages; people who are new go in all at once, for speed."""

    def __init__(self, plan: Plan, *, by: int | None, at: datetime, zone: str) -> None:
        self._plan, self._by, self._at, self._zone = plan, by, at, zone
        self._teams: dict[str, Team] = {}
        self._people: dict[str, Person] = {}

    def write(self) -> None:
        self._open_teams()
        self._add_people()
        for planned in self._plan.people:
            if planned.person is not None and planned.is_change:
                self._change(planned, planned.person)
        self._give_roles()
        self._appoint_managers()

    def _open_teams(self) -> None:
        self._teams = {key: planned.team for key, planned in self._plan.teams.items() if planned.team}
        for key in self._plan.new_teams:
            planned = self._plan.teams[key]
            above = self._teams[planned.parent] if planned.parent else None
            zone = planned.zone or (above.time_zone if above else self._zone)
            values = {"name": planned.name, "parent_id": above.id if above else None, "time_zone": zone}
            self._teams[key] = open_team(values, by=self._by, at=self._at)
            db.session.flush()

    def _add_people(self) -> None:
        new = [planned for planned in self._plan.people if planned.person is None]
        for planned in new:
            row = planned.row
            person = Person(staff_number=row.staff_number, ended_on=row.ended_on, **planned.fields)
            self._people[row.key] = person
        db.session.add_all(self._people.values())
        db.session.flush()
        for planned in new:
            person = self._people[planned.row.key]
            if planned.team and person.works_on(planned.since):
                self._join(person, planned.team, planned.since)
            record("person.added", by=self._by, about=person, person=person.id, at=self._at)

    def _join(self, person: Person, team: str, since: date) -> None:
        team_id = self._teams[team].id
        membership = Membership(person_id=person.id, team_id=team_id, started_on=since, ended_on=person.ended_on)
        db.session.add(membership)

    def _change(self, planned: PlannedPerson, person: Person) -> None:
        """The last day first: it decides whether somebody is here on the day of the move."""
        if planned.fields:
            edit_person(person, planned.fields, by=self._by, at=self._at)
        if planned.ends:
            end_employment(person, on=planned.row.ended_on, by=self._by, at=self._at)
        if planned.team:
            move_person(person, self._teams[planned.team], since=planned.since, by=self._by, at=self._at)

    def _give_roles(self) -> None:
        """A file gives roles and never takes them away: an empty cell may be a column that nobody kept."""
        for planned in self._plan.people:
            if planned.roles:
                person = planned.person or self._people[planned.row.key]
                held = roles_of([person.id])[person.id]
                set_roles(person, held | planned.roles, by=self._by, at=self._at)

    def _appoint_managers(self) -> None:
        for team, planned in self._plan.managers.items():
            if planned.is_new:
                person = planned.existing or self._people[planned.person]
                appoint_manager(self._teams[team], person, since=planned.since, by=self._by, at=self._at)
