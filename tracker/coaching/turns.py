"""Turns by lot, where more people fall in a week than leaders can talk with: whoever waits is what coaching is compared with.

The case opens for everybody, and the person knows; only the leader’s first reminder comes later. Whoever leads may talk sooner.
"""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.coaching.models import CoachingCase
from tracker.coaching.turn_models import CoachingCapacity, CoachingDraw, CoachingPlace
from tracker.coaching.turn_rules import weeks_of
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.organisation.policy import by_role
from tracker.organisation.queries import calendars, leaders_on
from tracker.ratings.models import Fall
from tracker.training.rollout_rules import drawn


def the_capacity() -> CoachingCapacity:
    """The setting as it stands; a new one, off, when nobody has set it."""
    return db.session.get(CoachingCapacity, 1) or CoachingCapacity(id=1, talks_a_week=None, longest_wait=8)


def may_set_turns(viewer: Viewer) -> bool:
    return by_role("coaching.turns", viewer)


def waiting_count(at: datetime) -> int:
    """Open talks whose turn is still to come; none of whom nobody else has heard yet."""
    waiting = (
        select(func.count())
        .select_from(CoachingPlace)
        .join(CoachingCase, CoachingCase.id == CoachingPlace.case_id)
        .where(CoachingPlace.turn_at > at, CoachingCase.closed_at.is_(None), CoachingCase.shares_at <= at)
    )
    return db.session.scalar(waiting) or 0


def turn_of(case: CoachingCase) -> CoachingPlace | None:
    """Its place in an order that was drawn, if it has to wait for it."""
    return db.session.scalar(select(CoachingPlace).where(CoachingPlace.case_id == case.id, CoachingPlace.weeks > 0))


def set_capacity(*, talks_a_week: int | None, longest_wait: int, by: int, at: datetime) -> None:
    """None switches it off. What was drawn stays as it is."""
    capacity = db.session.get(CoachingCapacity, 1, with_for_update=True, populate_existing=True) or CoachingCapacity()
    capacity.id, capacity.talks_a_week, capacity.longest_wait = 1, talks_a_week, longest_wait
    db.session.add(capacity)
    db.session.flush()
    record("coaching.turns_set", by=by, about="coaching", at=at, talks_a_week=talks_a_week, longest_wait=longest_wait)


def draw_turns(week: int, *, seed: int, at: datetime) -> int:
    """Draw the order of the cases that the check of `week` opened, if they are more than can be talked with; of how many.

    Nothing is written when there is a talk for each: then nobody waits. The audit hears of a draw when nobody of it is in their
    24 hours any more (see tell_audit).
    """
    capacity, cases = the_capacity(), _opened(week)
    if capacity.talks_a_week is None or not cases:
        return 0
    taken = _taken(at)
    if len(cases) <= capacity.talks_a_week - taken[0]:
        return 0
    draw = CoachingDraw(week=week, seed=seed, talks_a_week=capacity.talks_a_week, drawn_at=at)
    db.session.add(draw)
    db.session.flush()
    order = drawn(cases, seed)
    weeks = weeks_of(len(order), talks_a_week=capacity.talks_a_week, longest_wait=capacity.longest_wait, taken=taken)
    hours = _leaders_hours(list(cases.values()), at)
    for position, (case_id, later) in enumerate(zip(order, weeks, strict=True)):
        case = cases[case_id]
        morning = (case.reminds_at or case.shares_at) + timedelta(weeks=later)
        turn_at = hours[case_id].next_morning(morning) if later else morning
        case.reminds_at = turn_at
        db.session.add(CoachingPlace(case_id=case_id, draw_id=draw.id, position=position, weeks=later, turn_at=turn_at))
    return len(order)


def _opened(week: int) -> dict[int, CoachingCase]:
    """Open cases of that week of which nobody has been reminded, by id, locked."""
    found = db.session.scalars(
        select(CoachingCase)
        .join(Fall, Fall.id == CoachingCase.fall_id)
        .where(Fall.week == week, CoachingCase.closed_at.is_(None), CoachingCase.reminders_sent == 0)
        .with_for_update(of=CoachingCase)
    )
    return {case.id: case for case in found}


def _taken(at: datetime) -> Counter[int]:
    """Weeks from now -> turns of earlier draws that come in them."""
    coming = select(CoachingPlace.turn_at).join(CoachingCase, CoachingCase.id == CoachingPlace.case_id)
    rows = db.session.scalars(coming.where(CoachingPlace.turn_at > at, CoachingCase.closed_at.is_(None)))
    now = clock.week_of(at.date())
    return Counter(clock.week_of(turn.date()) - now for turn in rows)


def _leaders_hours(cases: list[CoachingCase], at: datetime) -> dict[int, WorkCalendar]:
    """Case id -> when whoever leads the person works."""
    leaders = leaders_on(at.date())
    nearest = {case.id: next(iter(leaders.above(case.person_id)), None) for case in cases}
    hours = calendars([leader for leader in nearest.values() if leader], at.date())
    return {id: hours.get(leader, WorkCalendar()) if leader else WorkCalendar() for id, leader in nearest.items()}


def tell_audit(draw: CoachingDraw, *, at: datetime) -> None:
    """The seed and the order, so that anybody can draw it again: the cases’ ids, no names."""
    places = list(
        db.session.scalars(
            select(CoachingPlace).where(CoachingPlace.draw_id == draw.id).order_by(CoachingPlace.position)
        )
    )
    record(
        "coaching.turns_drawn",
        by=None,
        about=draw,
        at=at,
        seed=draw.seed,
        talks_a_week=draw.talks_a_week,
        order=[place.case_id for place in places],
        weeks=[place.weeks for place in places],
    )
