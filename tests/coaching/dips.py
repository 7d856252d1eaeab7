"""Enough of other people’s months to hold a talk against."""

from datetime import date

from tests.factories import a_history, a_person
from tracker.organisation.models import Team


def another_house(team: Team, *, until: date) -> None:
    """36 people with two years of steady ratings: over 200 months in which somebody’s ratings dipped without an alert."""
    a_history([a_person(team=team) for _ in range(36)], until=until, weeks=104, seed=6)
