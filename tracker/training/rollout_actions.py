"""Rolling a course out in waves: drawn once, told to who leads each team, ended with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.courses.models import Course
from tracker.courses.queries import current_version
from tracker.notifications.actions import Told, tell_all
from tracker.organisation.queries import calendars, leaders_on
from tracker.training.models import TrainingRule
from tracker.training.rollout_models import RolloutTeam, TrainingRollout
from tracker.training.rollout_queries import runs_already
from tracker.training.rollout_rules import days_of, drawn
from tracker.training.rule_actions import make_rule

TOLD_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """What is drawn about: `days` from the assignment until it is due, `words` for the learners."""

    course_id: int
    team_ids: frozenset[int]
    waves: int
    weeks_apart: int
    first_on: date
    days: int
    words: str | None = None

    @property
    def starts(self) -> list[date]:
        """The first day of each place in the order."""
        return days_of(len(self.team_ids), self.waves, first_on=self.first_on, weeks_apart=self.weeks_apart)


def begin_rollout(plan: Plan, *, seed: int, by: int, at: datetime, today: date) -> TrainingRollout:
    """Draw the order, and keep the draw: the audit holds teams, seed and order, so that anybody can check it.

    The course is locked: of two that begin at once the second is refused."""
    db.session.get(Course, plan.course_id, with_for_update=True)
    if current_version(plan.course_id) is None:
        raise Invalid(_("This course is not published yet."))
    if runs_already(plan.course_id):
        raise Conflict(_("A rollout of this course is running. End it first, with a reason."))
    values = {"course_id": plan.course_id, "days": plan.days, "words": plan.words, "since": plan.first_on}
    rule = make_rule({**values, "kind": "wave"}, by=by, at=at)
    db.session.flush()
    rollout = TrainingRollout(rule_id=rule.id, seed=seed, waves=plan.waves, weeks_apart=plan.weeks_apart)
    db.session.add(rollout)
    db.session.flush()
    order = drawn(plan.team_ids, seed)
    places = [
        RolloutTeam(rollout_id=rollout.id, team_id=team, position=position, starts_on=day)
        for position, (team, day) in enumerate(zip(order, plan.starts, strict=True))
    ]
    for place in places:
        place.told_at = at if place.starts_on <= today + TOLD_BEFORE else None
    db.session.add_all(places)
    db.session.flush()
    _tell_leaders("training.turn", "drawn", places, day=today, at=at)
    record(
        "rollout.drawn",
        by=by,
        about=rollout,
        at=at,
        course=plan.course_id,
        seed=seed,
        teams=sorted(plan.team_ids),
        order=order,
        starts=[place.starts_on.isoformat() for place in places],
    )
    return rollout


def end_rollout(rollout: TrainingRollout, reason: str, *, by: int, at: datetime, today: date) -> None:
    """No turn comes any more; what was assigned stays. Who leads a team whose turn was to come hears of it."""
    rule = db.session.get_one(TrainingRule, rollout.rule_id, with_for_update=True, populate_existing=True)
    if rule.ended_at is not None:
        raise Conflict(_("This has ended meanwhile."))
    rule.ended_at, rollout.end_reason = at, reason
    coming = select(RolloutTeam).where(RolloutTeam.rollout_id == rollout.id, RolloutTeam.starts_on > today)
    _tell_leaders("training.no_turn", "ended", db.session.scalars(coming.order_by(RolloutTeam.id)), day=today, at=at)
    record("rollout.ended", by=by, about=rollout, at=at, course=rule.course_id, reason=reason)


def due_turns(day: date) -> list[int]:
    """Ids of places whose turn comes within a week, and whose leader has not heard that it is close."""
    running = (TrainingRule.kind == "wave", TrainingRule.ended_at.is_(None))
    found = (
        select(RolloutTeam.id)
        .join(TrainingRollout, TrainingRollout.id == RolloutTeam.rollout_id)
        .join(TrainingRule, TrainingRule.id == TrainingRollout.rule_id)
        .where(*running, RolloutTeam.told_at.is_(None), RolloutTeam.starts_on <= day + TOLD_BEFORE)
    )
    return list(db.session.scalars(found.order_by(RolloutTeam.id)))


def tell_turn(place_id: int, *, day: date, at: datetime) -> int:
    """Say once that a turn is close (1), unless somebody else has just said it (0)."""
    claim = update(RolloutTeam).where(RolloutTeam.id == place_id, RolloutTeam.told_at.is_(None)).values(told_at=at)
    if db.session.execute(claim).rowcount != 1:  # type: ignore[attr-defined]  # CursorResult, typed as Result
        return 0
    _tell_leaders("training.turn", "soon", [db.session.get_one(RolloutTeam, place_id)], day=day, at=at)
    return 1


def _tell_leaders(kind: str, when: str, places: Iterable[RolloutTeam], *, day: date, at: datetime) -> None:
    """Put a word into the inbox of the nearest who leads each team today; nothing where nobody does."""
    leaders = leaders_on(day)
    nearest = {place.id: next(iter(leaders.up_from(place.team_id)), None) for place in places}
    works = calendars([leader for leader in nearest.values() if leader], day)
    tell_all(
        [
            Told(kind, leader, f"{kind}|{when}|{place}", works[leader].next_working_moment(at), {}, about_id=place)
            for place, leader in nearest.items()
            if leader is not None
        ],
        at=at,
    )
