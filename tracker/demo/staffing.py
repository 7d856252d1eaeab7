"""People, memberships, managers, deputies and absences, worked out from the plain data in `names`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tracker.demo.names import DEPUTIES, MANAGERS, ROLES, STAFF, TITLES
from tracker.demo.places import TEAMS, WORK
from tracker.demo.records import Absence, Deputy, Membership, Person, Tenure
from tracker.demo.story import MOVE, STORY

MAIL_DOMAIN = "zawadora.example"
CONTRACT_DAYS = {"full_time": 6, "fixed_term": 6, "part_time": 4}


@dataclass(frozen=True, slots=True)
class Employee:
    """A person with what only the generator needs: the team at the end, the pronoun, the weekdays on the roster."""

    person: Person
    team_key: str
    pronoun: str
    roster: frozenset[int]


def employees(*, monday: date) -> tuple[Employee, ...]:
    """Everybody, in the order of `names`; `monday` is the Monday of the current week."""
    rows = [(team, line) for team, block in STAFF.items() for line in block.strip().splitlines()]
    return tuple(_employee(team, line, index, monday) for index, (team, line) in enumerate(rows))


def _employee(team_key: str, line: str, index: int, monday: date) -> Employee:
    number, name, pronoun, contract, language, mail, joined, left = (cell.strip() for cell in line.split("|"))
    first, last = name.split(" ", 1)
    started_on = monday - timedelta(weeks=int(joined)) if joined != "-" else _hired_on(number, index, monday)
    person = Person(
        staff_number=number,
        first_name=first,
        last_name=last,
        email=f"{first}.{last}@{MAIL_DOMAIN}".lower() if mail == "yes" else None,
        job_title=TITLES.get(number) or WORK[team_key].title,
        roles=_roles(number),
        contract=contract,
        language=language,
        started_on=started_on,
        ended_on=monday - timedelta(weeks=int(left)) if left != "-" else None,
    )
    return Employee(person, team_key, pronoun, _roster(team_key, contract, index))


def _hired_on(number: str, index: int, monday: date) -> date:
    """Years ago: lower staff numbers earlier, never within the demo's fourteen months."""
    age_in_weeks = 80 + (470 - int(number[2:])) // 3 + index * 37 % 45
    return monday - timedelta(weeks=age_in_weeks)


def _roles(number: str) -> tuple[str, ...]:
    if any(manager == number for _, manager, _, _ in MANAGERS):
        return ("manager",)
    return ROLES.get(number, ("frontline",))


def _roster(team_key: str, contract: str, index: int) -> frozenset[int]:
    """Weekdays this person works; days off rotate through Monday to Thursday so that the busy days are staffed."""
    hours = next(team for team in TEAMS if team.key == team_key).hours
    days = {one.weekday for one in hours}
    surplus = max(0, len(days) - CONTRACT_DAYS[contract])
    return frozenset(days - {(index + step) % 4 for step in range(surplus)})


def memberships(staff: tuple[Employee, ...], *, monday: date) -> tuple[Membership, ...]:
    """Dated memberships; the one person who moved has two."""
    rows: list[Membership] = []
    for one in staff:
        person = one.person
        first = person.started_on
        if person.staff_number == MOVE.staff_number:
            moved_on = monday - timedelta(weeks=MOVE.weeks_ago)
            rows.append(Membership(person.staff_number, MOVE.from_team, first, moved_on))
            first = moved_on
        rows.append(Membership(person.staff_number, one.team_key, first, person.ended_on))
    return tuple(rows)


def tenures(staff: tuple[Employee, ...], *, monday: date) -> tuple[Tenure, ...]:
    """Who managed which team; an open start is the day the manager joined."""
    joined = {one.person.staff_number: one.person.started_on for one in staff}
    rows = []
    for team_key, number, began, ended in MANAGERS:
        started_on = joined[number] if began is None else monday - timedelta(weeks=began)
        ended_on = None if ended is None else monday - timedelta(weeks=ended)
        rows.append(Tenure(number, team_key, started_on, ended_on))
    return tuple(rows)


def deputies(*, monday: date) -> tuple[Deputy, ...]:
    """Who acted for whom while away, for each team then managed; one of them right now."""
    return tuple(
        Deputy(team_key, acting, away, monday + timedelta(days=first), monday + timedelta(days=back))
        for away, acting, first, back in DEPUTIES
        for team_key, manager, began, ended in MANAGERS
        if manager == away and first >= -7 * (began or 10_000) and back <= -7 * (ended or -10_000)
    )


def absences(staff: tuple[Employee, ...], *, monday: date, weeks: int, seed: int) -> tuple[Absence, ...]:
    """Leave and days off within the last `weeks` weeks, apart by at least a week; the people of the story stay put."""
    rng = np.random.default_rng([seed, 11])
    day = timedelta(days=1)
    rows = [Absence(number, monday + first * day, monday + back * day) for number, _, first, back in DEPUTIES]
    deputised = {row.staff_number for row in rows}
    for one in staff:
        draws = rng.integers(0, 1_000_000, size=8)
        if one.person.staff_number not in deputised:
            rows += _absences_of(one.person, draws, monday, weeks)
    fatuma = Absence("N-0341", monday + 14 * day, monday + 26 * day)
    return tuple(sorted([*rows, fatuma], key=lambda row: (row.started_on, row.staff_number)))


def _absences_of(person: Person, draws: np.ndarray, monday: date, weeks: int) -> list[Absence]:
    quiet = STORY[person.staff_number].quiet_weeks if person.staff_number in STORY else ()
    gone = person.ended_on or monday
    lengths = (12, 7, 2, 1)
    quarter = weeks * 7 // len(lengths)
    rows = []
    for slot, length in enumerate(lengths):
        offset = slot * quarter + int(draws[2 * slot]) % (quarter - length - 7)
        first = monday - timedelta(days=weeks * 7 - offset)
        back = first + timedelta(days=length)
        weeks_ago = {(monday - first).days // 7, (monday - back).days // 7}
        takes_it = slot < 2 or int(draws[2 * slot + 1]) % 2 == 0
        if takes_it and person.started_on <= first and back <= gone and weeks_ago.isdisjoint(quiet):
            rows.append(Absence(person.staff_number, first, back))
    return rows
