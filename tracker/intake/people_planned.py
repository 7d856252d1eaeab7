"""What a file of people is going to do: the shapes that the planner fills, the preview counts and the import writes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.intake.people_rows import PersonRow
from tracker.organisation.models import Person, Team


@dataclass
class PlannedTeam:
    """A team the file speaks of. `team` None: it is new. `zone` None: that of the team above."""

    name: str
    team: Team | None = None
    parent: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class PlannedPerson:
    """What one row does. `person` None: somebody new. `team` is where the person goes, by the key of the team."""

    row: PersonRow
    person: Person | None
    fields: dict[str, Any]
    team: str | None
    since: date
    roles: frozenset[str]

    @property
    def ends(self) -> bool:
        return self.row.ended_on is not None and (self.person is None or self.person.ended_on != self.row.ended_on)

    @property
    def is_change(self) -> bool:
        return self.person is None or bool(self.fields or self.team or self.roles or self.ends)


@dataclass(frozen=True)
class PlannedManager:
    """Who leads a team: the key of the staff number, the person where there is one already, and the line that says so.

    `is_new` False: it is so today, and nothing is to be done.
    """

    person: str
    existing: Person | None
    since: date
    line: int
    is_new: bool


@dataclass
class Plan:
    people: list[PlannedPerson] = field(default_factory=list)
    teams: dict[str, PlannedTeam] = field(default_factory=dict)
    managers: dict[str, PlannedManager] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def new_teams(self) -> list[str]:
        """Keys of the teams to be made, parents before children."""
        ordered: list[str] = []
        for key in self.teams:
            path = [step for step in self.path(key) if self.teams[step].team is None and step not in ordered]
            ordered += reversed(path)
        return ordered

    def path(self, key: str | None) -> list[str]:
        """The team and what is above it as far as the file says; a circle ends the walk."""
        steps: list[str] = []
        while key is not None and key in self.teams and key not in steps:
            steps.append(key)
            key = self.teams[key].parent
        return steps
