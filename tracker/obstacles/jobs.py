"""What happens to obstacles by themselves: a team is looked for, and who is to say something is reminded, then above."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update

from tracker.access.queries import people_with_role
from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, reading, transaction
from tracker.obstacles.actions import tell_one, tell_owner
from tracker.obstacles.rules import ABOVE, ASK_LEADER, ASK_OFFICE, BEFORE, step_without_team, steps_with_team
from tracker.organisation.queries import Leaders, calendars_of_teams, leaders_on
from tracker.ratings.obstacle_models import Cause, Obstacle

LOOK_BACK = timedelta(days=60)  # holidays since a day was due count too


def follow_up(at: datetime) -> int:
    """Look at everything that waits, each in its own transaction; the number of causes something was done about."""
    unowned = Cause.owner_id.is_(None) & (Cause.step < ASK_OFFICE)
    due = Cause.due_on.is_not(None) & (Cause.step < ABOVE)
    with reading():
        waiting = select(Cause.id, Cause.step).where(Cause.merged_into_id.is_(None), or_(unowned, due))
        found = db.session.execute(waiting.order_by(Cause.id)).all()
        calendars = calendars_of_teams([None, *_owners()], at.date() - LOOK_BACK) if found else {}
    return sum(_follow(cause_id, step, calendars, at) for cause_id, step in found)


def _owners() -> list[int]:
    return list(db.session.scalars(select(Cause.owner_id).where(Cause.owner_id.is_not(None)).distinct()))


def _follow(cause_id: int, step: int, calendars: dict[int | None, WorkCalendar], at: datetime) -> int:
    with transaction():
        cause = db.session.get(Cause, cause_id, populate_existing=True)
        calendar = calendars.get(cause.owner_id) if cause else None
        if cause is None or calendar is None:
            return 0  # it went, or another team was asked, since they were counted: the next round sees it
        today = clock.local_day(at, calendar.zone)
        steps = _steps(cause, today, calendar)
        if not steps or not _claim(cause_id, step, max(steps)):
            return 0
        for one in steps:
            if one > step:
                _take(one, cause, today, at)
        return 1


def _steps(cause: Cause, today: date, calendar: WorkCalendar) -> list[int]:
    """What is due and not done."""
    if cause.owner_id is None:
        opened_on = clock.local_day(cause.opened_at, calendar.zone)
        due = list(range(ASK_LEADER, step_without_team(opened_on, today, calendar) + 1))
    else:
        due = steps_with_team(cause.due_on, today, calendar) if cause.due_on else []
    return [one for one in due if one > cause.step]


def _claim(cause_id: int, step: int, to: int) -> bool:
    """Of two processes one takes the step: the row must stand where it was read."""
    claimed = update(Cause).where(Cause.id == cause_id, Cause.step == step).values(step=to)
    return bool(db.session.execute(claimed).rowcount == 1)  # type: ignore[attr-defined]  # CursorResult, typed as Result


def _take(step: int, cause: Cause, today: date, at: datetime) -> None:
    leaders = leaders_on(today)
    if cause.owner_id is None:
        people = [_leader_of_first(cause.id, leaders)] if step == ASK_LEADER else people_with_role("hr")
        for person in people:
            tell_one("cause.unowned", cause, person, at=at)
    elif step < ABOVE:
        tell_owner("cause.due" if step == BEFORE else "cause.late", cause, at=at)
    else:
        above = leaders.up_from(cause.owner_id)[1:2] or people_with_role("hr")
        for person in above:
            tell_one("cause.late_above", cause, person, at=at)


def _leader_of_first(cause_id: int, leaders: Leaders) -> int | None:
    """Who leads the person whose rating it was first named about; of a public complaint, who leads the team."""
    first = select(Obstacle.person_id, Obstacle.team_id).where(Obstacle.cause_id == cause_id).order_by(Obstacle.id)
    found = db.session.execute(first.limit(1)).first()
    if found is None:
        return None
    person, team = found
    above = leaders.above(person) if person is not None else leaders.up_from(team) if team is not None else []
    return next(iter(above), None)
