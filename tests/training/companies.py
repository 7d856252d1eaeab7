"""A company of twelve teams that are rated for a year of periods, while a course is rolled out in waves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.factories import a_course, a_person, a_team, an_author, many_ratings
from tracker.coaching.jobs import check_falls
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.training.rollout_actions import Plan, begin_rollout
from tracker.training.rollout_models import RolloutTeam, TrainingRollout

TEAMS, PERIODS, PEOPLE = 12, 13, 3
LAST_SUNDAY = date(2026, 11, 15)
FIRST_MONDAY = LAST_SUNDAY + timedelta(days=1) - timedelta(weeks=4 * PERIODS)
FIRST_WAVE = FIRST_MONDAY + timedelta(weeks=12)
NIGHT = datetime(2026, 11, 18, 3, tzinfo=UTC)
USUAL, BETTER, BAD_MONTH = (9, 4, 8, 19, 60), (4, 2, 4, 13, 77), (14, 7, 10, 19, 50)  # means 4.17, 4.57 and 3.84


def a_company(*, effect: bool, seed: int, per_period: int = 60, waves: int = 6) -> TrainingRollout:
    """Everybody is rated `per_period` times in each period by team. With `effect` a trained team gets .4 stars more, from the
    period after its wave’s on. One month is bad for everybody, and some teams are always better than others."""
    chance = Random(seed)
    with transaction():
        teams = [a_team(f"Shop {number:02}") for number in range(TEAMS)]
        people = {team.id: [a_person(team=team) for _person in range(PEOPLE)] for team in teams}
        rollout = rolled_out(teams, seed=seed, waves=waves)
        starts = {place.team_id: place.starts_on for place in db.session.query(RolloutTeam)}
        rows: list[tuple[Person, int, date]] = []
        for number, team in enumerate(teams):
            for period in range(PERIODS):
                monday = FIRST_MONDAY + timedelta(weeks=4 * period)
                is_trained = effect and monday > starts[team.id]
                weights = BETTER if is_trained else BAD_MONTH if period == PERIODS // 2 else USUAL
                weights = (*weights[:4], weights[4] + 10 * (number % 3))
                drawn = chance.choices((1, 2, 3, 4, 5), weights, k=per_period)
                rows += [(chance.choice(people[team.id]), stars, _day(monday, chance)) for stars in drawn]
        many_ratings(rows)
    check_falls(NIGHT)
    return rollout


def _day(monday: date, chance: Random) -> date:
    return monday + timedelta(days=chance.randrange(28))


def rolled_out(teams: Sequence[Team], *, seed: int, waves: int, first_on: date = FIRST_WAVE) -> TrainingRollout:
    """A rollout that began in the past."""
    at = datetime(first_on.year, first_on.month, first_on.day, 6, tzinfo=UTC) - timedelta(days=3)
    plan = Plan(a_course(title="Calm").course_id, frozenset(t.id for t in teams), waves, 4, first_on, days=21)
    return begin_rollout(plan, seed=seed, by=an_author().id, at=at, today=at.date())
