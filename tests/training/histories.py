"""Made-up histories of people who come, move, are away and leave, and what a rule for whoever comes in owes to each."""

from datetime import date, timedelta
from random import Random

from tests.factories import is_away, joins
from tracker.organisation.models import Person, Team


def a_place_each_day(teams: list[Team | None], days: int, chance: Random) -> list[Team | None]:
    """Where somebody is on each day; most days are like the day before."""
    place = [chance.choice(teams) for _day in range(days)]
    for day in range(1, days):
        place[day] = place[day - 1] if chance.random() < 0.6 else place[day]
    return place


def lives(person: Person, place: list[Team | None], away: set[int], first: date) -> None:
    """Memberships and absences as they will have been, day by day from `first` on."""
    start = 0
    for day in range(1, len(place) + 1):
        if day == len(place) or place[day] is not place[start]:
            if (team := place[start]) is not None:
                until = first + timedelta(days=day) if day < len(place) else None
                joins(person, team, since=first + timedelta(days=start), until=until)
            start = day
    for day in away:
        is_away(person, first + timedelta(days=day), first + timedelta(days=day + 1))


def owed(is_inside: list[bool], away: set[int]) -> list[tuple[int, int | None]]:
    """(day assigned, day taken back or None), one for each time the person came in."""
    found: list[tuple[int, int | None]] = []
    is_answered = False
    for day, inside in enumerate(is_inside):
        if not inside:
            if found and found[-1][1] is None:
                found[-1] = (found[-1][0], day)
            is_answered = False
        elif not is_answered and day not in away:
            found.append((day, None))
            is_answered = True
    return found
