"""Who takes care of a complaint, and who helps when it waits."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, or_, select

from tracker.access.models import Account
from tracker.access.queries import people_with_role
from tracker.core.db import db
from tracker.organisation.models import Absence, Person
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import Leaders, leaders_on
from tracker.ratings.models import Rating
from tracker.recovery.models import OwnerRule, RecoveryCase, RecoveryHelper, RecoveryRating

COMPANY = 0


def owner_of(team_id: int | None, handlers: Iterable[int | None], day: date) -> int | None:
    """By the rule of the team, of a team above it or of the company; else who leads the handler; else HR. Never a handler."""
    leaders, barred = leaders_on(day), {person for person in handlers if person is not None}
    named = _least_busy(_by_rule(leaders, team_id), barred, day)
    if named is not None:
        return named
    above = next((person for person in chain(leaders, team_id, barred) if person not in leaders.away), None)
    return above if above is not None else _least_busy(people_with_role("hr"), barred, day)


def next_helper(case: RecoveryCase, day: date) -> int | None:
    """The nearest above the handler who has no part in it yet; after the last of them, HR. None when there is nobody left."""
    handlers = handlers_of(case.id)
    busy_with_it = {case.owner_id, *helpers_of(case.id), *handlers}
    leaders = leaders_on(day)
    above = [person for person in chain(leaders, case.team_id, handlers) if person not in busy_with_it]
    present = [person for person in above if person not in leaders.away]
    return next(iter(present), None) or _least_busy(people_with_role("hr"), busy_with_it, day)


def chain(leaders: Leaders, team_id: int | None, handlers: Iterable[int]) -> list[int]:
    """Everybody above the handlers, nearest first; without a known handler, above the team."""
    people = set(handlers)
    found = [above for person in sorted(people) for above in leaders.above(person)]
    if not found and team_id is not None:
        found = leaders.up_from(team_id)
    return [person for person in dict.fromkeys(found) if person not in people]


def handlers_of(case_id: int) -> set[int]:
    """Who is credited with the ratings of a case, or named by the public review that it is about."""
    credited = (
        select(Rating.person_id)
        .join(RecoveryRating, RecoveryRating.rating_id == Rating.id)
        .where(RecoveryRating.case_id == case_id, Rating.person_id.is_not(None))
    )
    named = select(RecoveryCase.named_id).where(RecoveryCase.id == case_id, RecoveryCase.named_id.is_not(None))
    return {person for person in db.session.scalars(credited.union(named)) if person is not None}


def helpers_of(case_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(RecoveryHelper.person_id)
            .where(RecoveryHelper.case_id == case_id)
            .order_by(RecoveryHelper.since, RecoveryHelper.person_id)
        )
    )


def named_for(team_id: int | None, day: date) -> list[int]:
    """Who may take care of a team's complaints by rule, and HR."""
    return [*_by_rule(leaders_on(day), team_id), *people_with_role("hr")]


def is_gone(person_id: int, day: date) -> bool:
    """Whether somebody cannot take care of anything on a day: away, not here any more, or without a way in."""
    return not _here([person_id], day)


def _by_rule(leaders: Leaders, team_id: int | None) -> list[int]:
    rules: dict[int, list[int]] = {}
    for rule in db.session.scalars(select(OwnerRule).order_by(OwnerRule.person_id)):
        rules.setdefault(rule.team_key, []).append(rule.person_id)
    nearest = [*leaders.tree.upwards(team_id), COMPANY]
    return next((rules[key] for key in nearest if key in rules), [])


def _least_busy(people: Iterable[int], barred: Iterable[int | None], day: date) -> int | None:
    """Whoever has the fewest open cases, and of these whose last one is longest ago."""
    candidates = _here(set(people) - set(barred), day)
    if not candidates:
        return None
    rows = db.session.execute(
        select(
            RecoveryCase.owner_id,
            func.count().filter(RecoveryCase.closed_at.is_(None)),
            func.max(RecoveryCase.id),
        )
        .where(RecoveryCase.owner_id.in_(candidates))
        .group_by(RecoveryCase.owner_id)
    )
    busy = {owner: (still_open, last) for owner, still_open, last in rows}
    return min(candidates, key=lambda person: (*busy.get(person, (0, 0)), person))


def _here(people: Iterable[int], day: date) -> list[int]:
    away = select(Absence.person_id).where(*holds_on(Absence, day))
    return list(
        db.session.scalars(
            select(Person.id)
            .join(Account, Account.person_id == Person.id)
            .where(
                Person.id.in_(list(people)),
                Account.deactivated_at.is_(None),
                or_(Person.ended_on.is_(None), Person.ended_on > day),
                Person.id.not_in(away),
            )
            .order_by(Person.id)
        )
    )
