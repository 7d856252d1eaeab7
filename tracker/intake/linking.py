"""From the words of a file to our own people, teams, touchpoints, channels and customers, made where they are missing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select

from tracker.core.db import db, upsert
from tracker.intake.rules import RatingRow, Rejection
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.queries import the_organisation
from tracker.posts.queries import Roster
from tracker.ratings.models import Channel, Customer, Driver, Rating, Touchpoint

LONGEST_NAME = 120
LONGEST_STAFF_NUMBER = 40
MOST_REMEMBERED = 50_000  # customers and combinations of names kept between batches: memory must not grow with the file
IN_ONE_QUESTION = 5_000
# How helpdesks name their agents: “Amina Otieno (amina@example.org)”, “Amina Otieno <amina@example.org>”
NAME_AND_MAIL = re.compile(r"(?P<name>[^<(]*)[<(]\s*(?P<mail>[^\s<>()@]+@[^\s<>()@]+)\s*[>)]")
PRETENDED = -1  # an id no row has

Names = tuple[str, str, str, str]  # employee, team, touchpoint, channel: RatingRow[6:10]


class Link(NamedTuple):
    """What one combination of names in the file stands for; `problem` says why rows with it cannot be taken."""

    person_id: int | None = None
    team_id: int | None = None
    touchpoint_id: int | None = None
    channel_id: int | None = None
    problem: Rejection | None = None


class Links:
    """The company as an import knows it. `learn` is asked once a batch, `known` and `team_on` once a row.

    `people`: references in the file that somebody has settled by hand, to the person's id.
    Once it has an `import_id`, customers are made and marked with it and, if `creates`, whatever else is missing. Without one
    nothing is written: what would be created gets an id that no row has, so that a file can be checked as if it had been.
    """

    def __init__(self, *, people: Mapping[str, int] | None = None, creates: bool = False) -> None:
        self.import_id: int | None = None
        self.creates = creates
        organisation = the_organisation()
        self.zone = organisation.time_zone if organisation else "UTC"
        self.elsewhere: dict[
            int | None, str
        ] = {}  # team id -> its zone, of teams in another zone than the organisation's
        self._teams: dict[str, int] = {}
        for team_id, name, zone in db.session.execute(select(Team.id, Team.name, Team.time_zone)):
            self._teams[name.casefold()] = team_id
            if zone != self.zone:
                self.elsewhere[team_id] = zone
        self._touchpoints = _ids_by_name(Touchpoint)
        self._channels = _ids_by_name(Channel)
        self._people = _people_by_reference(people or {})
        self._memberships = _memberships()
        self._drivers = _driver_keys()
        self._made_people: set[int] = set()
        self.known: dict[Names, Link] = {}
        self.customers: dict[str, int] = {}
        self._roster: Roster | None = None

    def learn(self, rows: Sequence[RatingRow]) -> list[Names]:
        """Get to know every combination of names and every customer of a batch; return the combination of each row."""
        names = [row[6:10] for row in rows]
        if len(self.known) > MOST_REMEMBERED:
            self.known.clear()
        unknown = set(names).difference(self.known)
        if unknown and self.creates:
            self._make_missing(unknown)
        for combination in unknown:
            self.known[combination] = self._link(*combination)
        self._learn_customers({row.customer for row in rows})
        self._learn_posts([(row.place, row.rated_at) for row in rows if row.place and not row.employee])
        return names

    def holder(self, place: str, moment: datetime, *, team_id: int | None) -> int | None:
        """Who alone held the post of that name then."""
        return self._roster.holder(place, moment, team_id=team_id) if self._roster else None

    def team_at(self, place: str) -> int | None:
        """The team whose post it is, when the name stands for one."""
        return self._roster.team_of(place) if self._roster else None

    def people_named(self, written: str) -> tuple[set[int], list[str]]:
        """The people that a cell names, split by ; or else by commas; and the names that are nobody's here."""
        names = [name.strip() for name in re.split(";" if ";" in written else ",", written) if name.strip()]
        found = {name: self._person(name) for name in names}
        return {id for id in found.values() if id is not None}, [name for name, id in found.items() if id is None]

    def team_on(self, person_id: int | None, day: date) -> int | None:
        """The team somebody is in on that day."""
        for started_on, ended_on, team_id in self._memberships.get(person_id, ()):
            if started_on <= day and (ended_on is None or day < ended_on):
                return team_id
        return None

    def drivers(self, written: Sequence[str]) -> list[str]:
        """The keys of drivers written as key or as name; what is neither stays as it is."""
        return list(dict.fromkeys(self._drivers.get(text.casefold(), text) for text in written))

    def _link(self, employee: str, team: str, touchpoint: str, channel: str) -> Link:
        touchpoint_id = self._touchpoints.get(touchpoint.casefold())
        channel_id = self._channels.get(channel.casefold())
        if touchpoint and touchpoint_id is None:
            return Link(problem=_unknown("touchpoint", touchpoint))
        if channel and channel_id is None:
            return Link(problem=_unknown("channel", channel))
        if len(employee) > LONGEST_NAME:
            return Link(problem=_too_long("employee", employee))
        return Link(self._person(employee), self._teams.get(team.casefold()), touchpoint_id, channel_id)

    def _person(self, reference: str) -> int | None:
        """By what was settled, number, mail or name; of “Amina Otieno (amina@example.org)” by the mail, then by the name."""
        known = self._people.get(reference.casefold())
        if known is None and (both := NAME_AND_MAIL.fullmatch(reference.strip())):
            known = self._people.get(both["mail"].casefold()) or self._people.get(both["name"].strip().casefold())
        return known

    def _make_missing(self, combinations: Iterable[Names]) -> None:
        employees, teams, touchpoints, channels = (set(names) for names in zip(*combinations, strict=True))
        self._make(Touchpoint, self._touchpoints, touchpoints)
        self._make(Channel, self._channels, channels)
        self._make(Team, self._teams, teams, time_zone=self.zone)
        self._make_people(employees)

    def _make(self, model: Any, known: dict[str, Any], names: set[str], **values: Any) -> None:
        """Make what no name is known for, and get to know it."""
        new = _one_spelling(name for name in names if name.casefold() not in known and _fits(name))
        rows = [model(name=name, created_by_import_id=self.import_id, **values) for name in new.values()]
        known.update(zip(new, self._ids_of(rows), strict=True))

    def _make_people(self, references: set[str]) -> None:
        """Somebody nobody knows gets the reference as staff number and name; their team is settled when the file is read."""
        new = _one_spelling(
            reference
            for reference in references
            if self._person(reference) is None
            and reference.casefold() not in self._people
            and 0 < len(reference) <= LONGEST_STAFF_NUMBER
        )
        people = [
            Person(staff_number=reference, name=reference, created_by_import_id=self.import_id)
            for reference in new.values()
        ]
        ids = self._ids_of(people)
        self._people.update(zip(new, ids, strict=True))
        self._made_people.update(ids)

    def _ids_of(self, made: Sequence[Any]) -> list[int]:
        if self.import_id is None:
            return [PRETENDED] * len(made)
        db.session.add_all(made)
        db.session.flush()
        return [row.id for row in made]

    def _learn_customers(self, references: set[str]) -> None:
        if len(self.customers) > MOST_REMEMBERED:
            self.customers.clear()
        unknown = sorted(filter(_fits, references.difference(self.customers)))
        if self.import_id is not None and unknown:
            rows = [{"reference": reference, "created_by_import_id": self.import_id} for reference in unknown]
            db.session.execute(upsert(Customer).on_conflict_do_nothing(index_elements=["reference"]), rows)
        for start in range(0, len(unknown), IN_ONE_QUESTION):
            some = unknown[start : start + IN_ONE_QUESTION]
            found = select(Customer.reference, Customer.id).where(Customer.reference.in_(some))
            self.customers.update(dict(db.session.execute(found).all()))

    def _learn_posts(self, served: Sequence[tuple[str, datetime]]) -> None:
        """Who held which post in the days of a batch. A day more on both sides: a team's own zone may move the moments."""
        self._roster = None
        if served:
            moments = [moment for _place, moment in served]
            places = {place for place, _moment in served}
            day = timedelta(days=1)
            self._roster = Roster(places, since=min(moments) - day, until=max(moments) + day)

    def settle_made_people(self) -> None:
        """Put the people this import made into the team they were rated in most, from their first rating on."""
        if not self._made_people:
            return
        counted = (
            select(Rating.person_id, Rating.team_id, func.min(Rating.rated_on), func.count())
            .where(Rating.import_id == self.import_id, Rating.person_id.is_not(None))
            .group_by(Rating.person_id, Rating.team_id)
        )
        first: dict[int, date] = {}
        most: dict[int, tuple[int, int]] = {}
        for person_id, team_id, day, count in db.session.execute(counted):
            if person_id in self._made_people:
                first[person_id] = min(day, first.get(person_id, day))
                if team_id is not None:
                    most[person_id] = max(most.get(person_id, (0, 0)), (count, -team_id))
        rows = [
            {"person_id": person_id, "team_id": -most[person_id][1], "started_on": first[person_id]}
            for person_id in sorted(most)
        ]
        if rows:
            db.session.execute(insert(Membership), rows)


def _one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Folded name -> the name as written, capitals first where a file writes it in several ways."""
    return {name.casefold(): name for name in sorted(names, reverse=True)}


def _fits(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME


def _unknown(kind: str, name: str) -> Rejection:
    if not _fits(name):
        return _too_long(kind, name)
    reason = f"The {kind} “{name}” isn’t known here. Add it or let the import create what is missing."
    return Rejection(reason, kind, name)


def _too_long(kind: str, name: str) -> Rejection:
    return Rejection(f"The {kind} is longer than {LONGEST_NAME} characters", kind, name[:80])


def _ids_by_name(model: Any) -> dict[str, int]:
    return {name.casefold(): id for id, name in db.session.execute(select(model.id, model.name))}


def _driver_keys() -> dict[str, str]:
    rows = db.session.execute(select(Driver.key, Driver.name)).all()
    return {name.casefold(): key for key, name in rows} | {key.casefold(): key for key, _name in rows}


def _people_by_reference(settled: Mapping[str, int]) -> dict[str, int | None]:
    """Staff number before e-mail before name. A name that two people have stands for nobody."""
    people = db.session.execute(select(Person.id, Person.staff_number, Person.email, Person.name)).all()
    known: dict[str, int | None] = {}
    for id, _number, _email, name in people:
        known[name.casefold()] = None if name.casefold() in known else id
    known.update((email.casefold(), id) for id, _number, email, _name in people if email)
    known.update((number.casefold(), id) for id, number, _email, _name in people)
    known.update((reference.casefold(), id) for reference, id in settled.items())
    return known


def _memberships() -> Mapping[int | None, list[tuple[date, date | None, int]]]:
    found: dict[int | None, list[tuple[date, date | None, int]]] = defaultdict(list)
    rows = select(Membership.person_id, Membership.started_on, Membership.ended_on, Membership.team_id)
    for person_id, started_on, ended_on, team_id in db.session.execute(rows.order_by(Membership.started_on.desc())):
        found[person_id].append((started_on, ended_on, team_id))
    return found
