"""What the pages of rollouts show: a plan before the draw, and the order after it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.courses.models import Course
from tracker.courses.queries import current_versions, offered
from tracker.organisation.models import Person, Team
from tracker.training.rollout_actions import Plan
from tracker.training.rollout_models import RolloutTeam, TrainingRollout
from tracker.training.rollout_queries import Place, places_of, title_of
from tracker.training.rollout_rules import is_enough, wave_of


@dataclass(frozen=True)
class PlanShown:
    """Each wave’s day with its number of teams, the names of all teams, and whether it leaves enough to compare."""

    waves: list[tuple[date, int]]
    teams: list[str]
    is_enough: bool


@dataclass(frozen=True)
class Wave:
    """The teams that begin on one day."""

    number: int
    starts_on: date
    places: list[Place]


@dataclass(frozen=True)
class RolloutPage:
    """`order`: the ids of the teams as they were drawn; `teams`: the same in ascending order."""

    rollout: TrainingRollout
    title: str
    maker: str | None
    waves: list[Wave]
    order: list[int]
    is_enough: bool

    @property
    def teams(self) -> list[int]:
        return sorted(self.order)


def courses_to_roll_out(courses: Select[Course]) -> list[tuple[int, str]]:
    """(id, title) of those that are taught today."""
    return [(version.course_id, version.title) for version in db.session.scalars(offered(courses))]


def plan_shown(plan: Plan) -> PlanShown:
    names = db.session.scalars(select(Team.name).where(Team.id.in_(plan.team_ids)).order_by(Team.name))
    waves = [(day, len(list(same))) for day, same in groupby(plan.starts)]
    return PlanShown(waves, list(names), is_enough(plan.starts))


def rollout_page(found: TrainingRollout, today: date) -> RolloutPage:
    """The order with what has come of it. Seven queries."""
    whole = (joinedload(TrainingRollout.rule), selectinload(TrainingRollout.teams).joinedload(RolloutTeam.team))
    loaded = select(TrainingRollout).where(TrainingRollout.id == found.id).options(*whole)
    rollout = db.session.scalars(loaded.execution_options(populate_existing=True)).one()
    maker = select(Person.name).where(Person.id == rollout.rule.made_by_id)
    return RolloutPage(
        rollout,
        title_of(current_versions([rollout.rule.course_id]), rollout.rule.course_id),
        db.session.scalar(maker),
        _waves(rollout, places_of(rollout, today)),
        [place.team_id for place in rollout.teams],
        is_enough([place.starts_on for place in rollout.teams]),
    )


def _waves(rollout: TrainingRollout, places: list[Place]) -> list[Wave]:
    def number(place: Place) -> int:
        return wave_of(place.team.position, len(places), rollout.waves)

    found = ((number, list(of_wave)) for number, of_wave in groupby(places, key=number))
    return [Wave(number + 1, of_wave[0].team.starts_on, of_wave) for number, of_wave in found]
