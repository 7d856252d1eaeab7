"""What the demo company consists of: frozen records, ready to be loaded.

Days are local (Africa/Nairobi); `ended_on` is the first day a period no longer holds, and None means it is still open.
Times are aware and in UTC. Records refer to each other by stable keys: staff number, team key,
touchpoint key, channel key, driver key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one weekday (0 = Monday ... 6 = Sunday), local; service happens in [opens_at, closes_at)."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class Team:
    """A node of the tree. `is_leaf` teams hold the staff; the other nodes hold team leads only.

    `hours` lists the working days; `holiday_hours` is None where the team does not work on public holidays.
    """

    key: str
    name: str
    parent_key: str | None
    is_leaf: bool
    region: str
    zone: str
    hours: tuple[Hours, ...]
    holiday_hours: tuple[time, time] | None

    @property
    def working_days(self) -> str:
        """ISO weekdays worked, as in "12345"."""
        return "".join(str(hours.weekday + 1) for hours in self.hours)

    @property
    def work_starts(self) -> time:
        return min(hours.opens_at for hours in self.hours)

    @property
    def work_ends(self) -> time:
        return max(hours.closes_at for hours in self.hours)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody employed now or in the past; `roles` out of frontline, manager, hr, admin; `language` en, sw or fr."""

    staff_number: str
    first_name: str
    last_name: str
    email: str | None
    job_title: str
    roles: tuple[str, ...]
    contract: str
    language: str
    started_on: date
    ended_on: date | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Membership:
    staff_number: str
    team_key: str
    started_on: date
    ended_on: date | None

    def holds(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who managed a team, and when."""

    staff_number: str
    team_key: str
    started_on: date
    ended_on: date | None

    def holds(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away; on purpose without a reason."""

    staff_number: str
    started_on: date
    ended_on: date


@dataclass(frozen=True, slots=True)
class Deputy:
    """`staff_number` leads the team while its manager, `absent_staff_number`, is away."""

    team_key: str
    staff_number: str
    absent_staff_number: str
    started_on: date
    ended_on: date


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """`stage` is pre_purchase, purchase or post_purchase."""

    key: str
    name: str
    stage: str


@dataclass(frozen=True, slots=True)
class Channel:
    """`mode` is survey (the customer's own answer) or interview (entered by staff)."""

    key: str
    name: str
    mode: str


@dataclass(frozen=True, slots=True)
class Driver:
    """What a rating is about; `stages` are those whose survey offers it."""

    key: str
    name: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """One rated interaction, credited to `staff_number`, who was in `team_key` that day.

    `emotion` is an emotion code or None; `praised` and `blamed` are driver keys, never both filled. `language` is that
    of the comment (en or sw), None without one. `queue_length` is counted at tills and returns only.
    """

    reference: str
    staff_number: str
    team_key: str
    touchpoint: str
    channel: str
    place: str
    queue_length: int | None
    started_at: datetime
    ended_at: datetime
    rated_at: datetime
    customer: str
    stars: int
    emotion: str | None
    praised: tuple[str, ...]
    blamed: tuple[str, ...]
    comment: str | None
    language: str | None
    wants_call_back: bool


@dataclass(frozen=True, slots=True)
class TrueFall:
    """A real fall in service; `size` on the latent scale (a unit normal cut into stars), at its deepest."""

    staff_number: str
    started_on: date
    ended_on: date | None
    size: float


@dataclass(frozen=True, slots=True)
class TeamShock:
    """A whole team down for reasons of its own; nobody in it truly fell."""

    team_key: str
    started_on: date
    ended_on: date
    size: float


@dataclass(frozen=True, slots=True)
class Move:
    """A change of team without any change of skill; `moved_on` is the first day in the new team."""

    staff_number: str
    from_team_key: str
    to_team_key: str
    moved_on: date


@dataclass(frozen=True, slots=True)
class Truths:
    """What was put into the data, so that pages and tests have something true to be checked against."""

    falls: tuple[TrueFall, ...]
    shock: TeamShock
    move: Move
    rising: str
    above_range: tuple[str, ...]  # one in Dora’s team, one in Brian’s
    above_range_since: date
    unlucky: str
    newcomer: str
    unrated: str


@dataclass(frozen=True, slots=True)
class Company:
    """Everything; `started_on` is the first day with ratings, `today` the day after the last."""

    name: str
    zone: str
    seed: int
    today: date
    started_on: date
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    memberships: tuple[Membership, ...]
    tenures: tuple[Tenure, ...]
    absences: tuple[Absence, ...]
    deputies: tuple[Deputy, ...]
    holidays: tuple[Holiday, ...]
    touchpoints: tuple[Touchpoint, ...]
    channels: tuple[Channel, ...]
    drivers: tuple[Driver, ...]
    emotions: tuple[str, ...]
    ratings: tuple[Rating, ...]
    truths: Truths

    def person(self, name: str) -> Person:
        """The person of that full name. Raises StopIteration if there is none."""
        return next(person for person in self.people if person.name == name)

    def team_of(self, staff_number: str, *, on: date) -> str | None:
        """Key of the team the person is a member of on that day."""
        for row in self.memberships:
            if row.staff_number == staff_number and row.holds(on):
                return row.team_key
        return None

    def manager_of(self, staff_number: str, *, on: date) -> str | None:
        """Staff number of the nearest manager above who is somebody else; None for the head of the company."""
        parents = {team.key: team.parent_key for team in self.teams}
        key = self.team_of(staff_number, on=on)
        while key is not None:
            for row in self.tenures:
                if row.team_key == key and row.holds(on) and row.staff_number != staff_number:
                    return row.staff_number
            key = parents[key]
        return None
