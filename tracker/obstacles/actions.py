"""From what somebody says about a rating to the answer that they hear."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.notifications.actions import tell
from tracker.obstacles.queries import last_answers
from tracker.obstacles.rules import BEFORE, LONGEST_DUE, steps_with_team
from tracker.organisation.models import Team
from tracker.organisation.queries import calendars_of_teams, leaders_on
from tracker.ratings.actions import lock
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, CauseEntry, Obstacle
from tracker.ratings.obstacles import Named, cause_named, drop_unused, key_of, name_obstacle, own_obstacle, standing


def say(rating: Rating, named: Named, *, words: str | None, shares: bool, at: datetime) -> Obstacle:
    """Whoever is credited with a rating says what stood in the way; anew, until it is answered."""
    lock(rating)
    before = own_obstacle(rating)
    if before is not None:
        _check_unanswered(before)
    left = before.cause_id if before else None
    obstacle = name_obstacle(rating, named, words=words, shares=shares, at=at)
    if left != obstacle.cause_id:
        drop_unused(left)
    return obstacle


def withdraw(rating: Rating, *, at: datetime) -> None:
    """Whoever said it takes it back, until it is answered: nothing of it stays."""
    lock(rating)
    obstacle = own_obstacle(rating)
    if obstacle is None:
        raise Conflict("It has been taken back already.")
    _check_unanswered(obstacle)
    record("obstacle.withdrawn", by=rating.person_id, about=obstacle, person=rating.person_id, at=at)
    db.session.delete(obstacle)
    db.session.flush()
    drop_unused(obstacle.cause_id)


def is_answered(obstacle: Obstacle) -> bool:
    """Whether an answer was given since it was said. One that stood already leaves the author free."""
    cause = standing(db.session.get(Cause, obstacle.cause_id)) if obstacle.cause_id else None
    answer = last_answers([cause.id]).get(cause.id) if cause else None
    return answer is not None and answer.at >= obstacle.said_at


def give(cause: Cause, team: Team, *, due_on: date, by: int, at: datetime) -> None:
    """A team is to answer by a day. Who leads it is told."""
    _refresh(cause)
    today = at.date()
    if leaders_on(today).of_team(team.id) is None:
        raise Invalid("Nobody leads this team, so nobody could answer.")
    if not today < due_on <= today + LONGEST_DUE:
        raise Invalid("Choose a day still to come, within a year.")
    cause.owner_id, cause.owned_at = team.id, at
    db.session.add(CauseEntry(cause_id=cause.id, at=at, kind="given", by_id=by, team_id=team.id))
    _wait_until(cause, due_on, at=at)
    record("cause.given", by=by, about=cause, at=at, team=team.id, due_on=due_on.isoformat())
    tell_owner("cause.given", cause, at=at)


def answer(cause: Cause, *, kind: str, words: str, change_on: date | None, by: int, at: datetime) -> None:
    """What the team says: it changes by a day, it stays with a reason, or it is done. Everybody who named it hears it."""
    _refresh(cause)
    if cause.owner_id is None:
        raise Conflict("No team answers for it yet.")
    if (kind == "planned") != (change_on is not None):
        raise Invalid("Say by when it changes.")
    if change_on is not None and not at.date() < change_on <= at.date() + LONGEST_DUE:
        raise Invalid("Choose a day still to come, within a year.")
    entry = CauseEntry(
        cause_id=cause.id, at=at, kind=kind, by_id=by, team_id=cause.owner_id, change_on=change_on, words=words
    )
    db.session.add(entry)
    db.session.flush()
    _wait_until(cause, change_on, at=at)
    record("cause.answered", by=by, about=cause, at=at, answer=kind)
    _tell_authors(entry, cause.id, at=at)


def rename(cause: Cause, name: str, *, by: int, at: datetime) -> None:
    """Say it better. The old name is not kept: it may have named somebody."""
    _refresh(cause)
    other = cause_named(name)
    if other is not None and other.id != cause.id:
        raise Conflict("There is one of this name already. Merge the two.")
    cause.name, cause.name_key = name, key_of(name)
    db.session.add(CauseEntry(cause_id=cause.id, at=at, kind="renamed", by_id=by))
    record("cause.renamed", by=by, about=cause, at=at)


def merge(cause: Cause, into: Cause, *, by: int, at: datetime) -> None:
    """Two are one: `cause` becomes a part of `into`. What was named keeps under which name it was; the answer of `into` stands,
    and everybody who named the other hears it."""
    for one in sorted((cause, into), key=lambda found: found.id):
        _refresh(one)
    if cause.id == into.id or cause.merged_into_id or into.merged_into_id:
        raise Conflict("These two are one already.")
    parts = update(Cause).where(Cause.merged_into_id == cause.id).values(merged_into_id=into.id)
    db.session.execute(parts)
    if into.owner_id is None:
        _take_over(cause, into)
    cause.merged_into_id, cause.merged_at, cause.due_on, cause.step = into.id, at, None, 0
    db.session.add(CauseEntry(cause_id=into.id, at=at, kind="merged", by_id=by, words=cause.name))
    record("cause.merged", by=by, about=cause, at=at, into=into.id)
    db.session.flush()
    stands = last_answers([into.id]).get(into.id)
    if stands is not None:
        _tell_authors(stands, into.id, at=at)


def _take_over(cause: Cause, into: Cause) -> None:
    """What nobody answers for yet goes to the team of the other, with what that has said."""
    into.owner_id, into.owned_at, into.due_on, into.step = cause.owner_id, cause.owned_at, cause.due_on, cause.step
    entries = update(CauseEntry).where(CauseEntry.cause_id == cause.id).values(cause_id=into.id)
    db.session.execute(entries)


def note_export(*, kind: str, rows: int, by: int, at: datetime) -> None:
    record("cause.exported", by=by, about="obstacle_cause", at=at, kind=kind, rows=rows)


def tell_owner(message: str, cause: Cause, *, at: datetime) -> None:
    """Who leads the team that answers, or the nearest above where nobody does: once for each day that is due."""
    if cause.owner_id is not None:
        tell_one(message, cause, next(iter(leaders_on(at.date()).up_from(cause.owner_id)), None), at=at)


def tell_one(message: str, cause: Cause, person: int | None, *, at: datetime) -> None:
    if person is not None:
        key = f"{message}|{cause.id}|{cause.owned_at or cause.opened_at}|{cause.due_on}|{person}"
        tell(message, to=person, key=key, at=at, about_id=cause.id)


def authors_of(cause_id: int) -> Iterable[int]:
    """Everybody who named it or something that has become a part of it."""
    parts = select(Cause.id).where(or_(Cause.id == cause_id, Cause.merged_into_id == cause_id))
    return db.session.scalars(select(Obstacle.said_by_id).where(Obstacle.cause_id.in_(parts)).distinct())


def _tell_authors(entry: CauseEntry, cause_id: int, *, at: datetime) -> None:
    for person in sorted(set(authors_of(cause_id)) - {entry.by_id}):
        tell("obstacle.answered", to=person, key=f"obstacle.answered|{entry.id}|{person}", at=at, about_id=cause_id)


def _wait_until(cause: Cause, due_on: date | None, *, at: datetime) -> None:
    """The clock begins anew. What would be a reminder at once is none."""
    cause.due_on, cause.step = due_on, 0
    if due_on is not None and cause.owner_id is not None:
        calendar = calendars_of_teams([cause.owner_id], at.date())[cause.owner_id]
        if BEFORE in steps_with_team(due_on, clock.local_day(at, calendar.zone) + timedelta(days=1), calendar):
            cause.step = BEFORE
    db.session.flush()


def _check_unanswered(obstacle: Obstacle) -> None:
    cause = standing(db.session.get(Cause, obstacle.cause_id)) if obstacle.cause_id else None
    if cause is not None:
        _refresh(cause)  # an answer that is being given at this moment is waited for
    if is_answered(obstacle):
        raise Conflict("It has been answered, so it stays as it was said.")


def _refresh(cause: Cause) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(cause, with_for_update={"of": Cause})
