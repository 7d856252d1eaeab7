"""Whose turn has come, which teams can be drawn, and how a rollout stands."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.courses.queries import current_versions
from tracker.organisation.models import Membership, Team
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import team_tree
from tracker.training.certificate_models import Completion
from tracker.training.models import Assignment, TrainingRule
from tracker.training.rollout_models import RolloutTeam, TrainingRollout
from tracker.training.rollout_policy import rollouts_managed_by, turns_read_by


@dataclass(frozen=True)
class Shown:
    """A rollout with what its course is called today."""

    rollout: TrainingRollout
    title: str


@dataclass(frozen=True)
class Place:
    """A team in the order: how many people are in it today, how many of them have finished the course, how many have it open."""

    team: RolloutTeam
    people: int
    done: int
    open: int


def wave_events(rule: TrainingRule, day: date) -> Select[*tuple[Any, ...]]:
    """(person_id, cause): everybody who is that day in a team whose turn has come. Whoever comes in again is asked again."""
    parts = (literal("wave:"), cast(RolloutTeam.id, String), literal(":"), cast(Membership.id, String))
    cause = parts[0].concat(parts[1]).concat(parts[2]).concat(parts[3]).label("cause")
    return (
        select(Membership.person_id, cause)
        .join(RolloutTeam, RolloutTeam.team_id == Membership.team_id)
        .where(RolloutTeam.id.in_(_places_in_turn(rule, day).with_only_columns(RolloutTeam.id)))
        .where(*holds_on(Membership, day))
    )


def in_turn(rule: TrainingRule, team_id: Any, day: date) -> ColumnElement[bool]:
    """A team of this rollout, and its turn has come."""
    found: ColumnElement[bool] = team_id.in_(_places_in_turn(rule, day).with_only_columns(RolloutTeam.team_id))
    return found


def _places_in_turn(rule: TrainingRule, day: date) -> Select[RolloutTeam]:
    rollout = select(TrainingRollout.id).where(TrainingRollout.rule_id == rule.id).scalar_subquery()
    return select(RolloutTeam).where(RolloutTeam.rollout_id == rollout, RolloutTeam.starts_on <= day)


def teams_to_draw(day: date) -> list[Team]:
    """Open teams with people and without an open team beneath them, by name: where customers are served."""
    teams = team_tree().teams
    above = {team.parent_id for team in teams.values() if team.closed_on is None}
    peopled = set(db.session.scalars(select(Membership.team_id).where(*holds_on(Membership, day)).distinct()))
    leaves = [team for team in teams.values() if team.closed_on is None and team.id in peopled - above]
    return sorted(leaves, key=lambda team: (team.name, team.id))


def runs_already(course_id: int) -> bool:
    """Whether a rollout of this course is running."""
    running = (TrainingRule.kind == "wave", TrainingRule.course_id == course_id, TrainingRule.ended_at.is_(None))
    return db.session.scalar(select(TrainingRule.id).where(*running).limit(1)) is not None


def rollouts_shown(viewer: Viewer) -> list[Shown]:
    """Those that run first, then the newest."""
    found = rollouts_managed_by(viewer).options(
        joinedload(TrainingRollout.rule), selectinload(TrainingRollout.teams).joinedload(RolloutTeam.team)
    )
    rollouts = list(db.session.scalars(found.order_by(TrainingRollout.id.desc())))
    versions = current_versions(rollout.rule.course_id for rollout in rollouts)
    rollouts.sort(key=lambda rollout: rollout.rule.ended_at is not None)
    return [Shown(rollout, title_of(versions, rollout.rule.course_id)) for rollout in rollouts]


def places_of(rollout: TrainingRollout, day: date) -> list[Place]:
    """The order with what has come of it: three counts, whatever the number of teams. `rollout.teams` must be loaded."""
    within = (
        Membership.team_id.in_(place.team_id for place in rollout.teams),
        *holds_on(Membership, day),
    )
    course_id = rollout.rule.course_id
    people = select(Membership.team_id, func.count(Membership.person_id.distinct())).where(*within)
    done = people.join(Completion, Completion.person_id == Membership.person_id).where(
        Completion.course_id == course_id, Completion.ended_at.is_(None)
    )
    opened = people.join(Assignment, Assignment.person_id == Membership.person_id).where(
        Assignment.course_id == course_id, Assignment.ended_at.is_(None)
    )
    counts = [dict(db.session.execute(found.group_by(Membership.team_id)).all()) for found in (people, done, opened)]
    return [Place(place, *(count.get(place.team_id, 0) for count in counts)) for place in rollout.teams]


def turns_to_come(viewer: Viewer) -> list[tuple[RolloutTeam, str]]:
    """(place, course) of the teams the viewer leads whose turn is still to come, the next one first."""
    whole = (joinedload(RolloutTeam.team), joinedload(RolloutTeam.rollout).joinedload(TrainingRollout.rule))
    coming = turns_read_by(viewer).where(RolloutTeam.starts_on > viewer.today).options(*whole)
    places = list(db.session.scalars(coming.order_by(RolloutTeam.starts_on, RolloutTeam.id)))
    versions = current_versions(place.rollout.rule.course_id for place in places)
    return [(place, title_of(versions, place.rollout.rule.course_id)) for place in places]


def title_of(versions: dict[int, CourseVersion], course_id: int) -> str:
    """What a course is called today, of the current versions that were looked up."""
    return versions[course_id].title if course_id in versions else _("A course")
