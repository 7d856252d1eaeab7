"""For whom a rule has something to do: each event that it answers and has not answered yet."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.organisation.models import Absence, Membership, Person, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import team_tree
from tracker.ratings.models import Rating
from tracker.ratings.policy import counted
from tracker.ratings.rules import LOW_STARS
from tracker.training.assigning import MANY_OPEN
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.models import Assignment, TrainingRule
from tracker.training.rollout_queries import in_turn, wave_events

LOW_WEEKS = 8
LOW_TIMES = 3  # so many customers of one person who wished for the same within LOW_WEEKS
LATELY = timedelta(days=365)  # who did the course since then is not sent into it again for what customers wish


@dataclass(frozen=True)
class Event:
    """Something that a rule answers: about whom, and its name, by which it is answered once."""

    person_id: int
    cause: str


def open_rules() -> list[int]:
    """Ids, the oldest first."""
    rules = select(TrainingRule.id).where(TrainingRule.ended_at.is_(None), TrainingRule.kind.in_(_EVENTS))
    return list(db.session.scalars(rules.order_by(TrainingRule.id)))


def events_of(rule: TrainingRule, day: date) -> list[Event]:
    """Events of people who are at work that day, have not finished the course, and have it not open, nor two others.

    The event of whoever is away, or has two courses open, does not go: it is answered on the first day that nothing speaks
    against it."""
    events = _EVENTS[rule.kind](rule, day).subquery()
    person = events.c.person_id
    mine = (Assignment.person_id == person, Assignment.ended_at.is_(None))
    answered = (Assignment.rule_id == rule.id, Assignment.person_id == person, Assignment.cause == events.c.cause)
    opened = select(func.count()).select_from(Assignment).where(*mine).correlate(events).scalar_subquery()
    rows = db.session.execute(
        select(person, events.c.cause)
        .join(Person, Person.id == person)
        .where(
            or_(Person.ended_on.is_(None), Person.ended_on > day),
            ~exists().where(Absence.person_id == person, *holds_on(Absence, day)),
            ~exists().where(*answered),
            ~exists().where(*mine, Assignment.course_id == rule.course_id),
            ~_has_done(rule, person, day),
            _is_near(rule, person, day),
            opened < MANY_OPEN,
        )
        .order_by(person)
    )
    return [Event(person_id, cause) for person_id, cause in rows]


def fallen_away(rule: TrainingRule, day: date) -> list[Assignment]:
    """Open assignments of a rule that have lost their reason: out of the team, no leader any more, left the company."""
    gone = exists().where(Person.id == Assignment.person_id, Person.ended_on <= day)
    dated: Any = Tenure if rule.kind == "leads" else Membership
    still: ColumnElement[bool] = exists().where(
        dated.person_id == Assignment.person_id, *holds_on(dated, day), _within(rule, dated.team_id)
    )
    still = and_(still, _is_near(rule, Assignment.person_id, day))
    if rule.kind == "wave":
        still = exists().where(
            dated.person_id == Assignment.person_id, *holds_on(dated, day), in_turn(rule, dated.team_id, day)
        )
    lost = gone if rule.kind == "low" else or_(gone, ~still)
    found = select(Assignment).where(Assignment.rule_id == rule.id, Assignment.ended_at.is_(None), lost)
    return list(db.session.scalars(found.order_by(Assignment.id).with_for_update()))


def _joined(rule: TrainingRule, day: date) -> Select[Any]:
    return _entered(Membership, "membership:", rule, day)


def _leads(rule: TrainingRule, day: date) -> Select[Any]:
    """Managers: a deputy of some days need not learn to lead."""
    return _entered(Tenure, "tenure:", rule, day).where(Tenure.kind == "manager")


def _entered(dated: Any, name: str, rule: TrainingRule, day: date) -> Select[Any]:
    """Whoever is there that day, with the day they came: the last one that no other followed on within the rule's teams."""
    now, before, later = aliased(dated), aliased(dated), aliased(dated)
    is_there = exists().where(now.person_id == dated.person_id, *holds_on(now, day), _within(rule, now.team_id))
    goes_on = exists().where(
        before.person_id == dated.person_id,
        before.started_on < dated.started_on,
        or_(before.ended_on.is_(None), before.ended_on >= dated.started_on),
        _within(rule, before.team_id),
    )
    came_again = exists().where(
        later.person_id == dated.person_id,
        later.started_on > dated.ended_on,
        later.started_on <= day,
        _within(rule, later.team_id),
    )
    came = (dated.started_on >= rule.since, dated.started_on <= day, _within(rule, dated.team_id))
    cause = literal(name).concat(cast(func.min(dated.id), String)).label("cause")
    return select(dated.person_id, cause).where(*came, is_there, ~goes_on, ~came_again).group_by(dated.person_id)


def _low(rule: TrainingRule, day: date) -> Select[int, str]:
    """Whose customers wished for it LOW_TIMES lately, since the rule began and since it was last answered for them."""
    since = max(rule.since, day - timedelta(weeks=LOW_WEEKS))
    of_rule = (Assignment.rule_id == rule.id, Assignment.person_id == Membership.person_id)
    answered = select(func.count()).select_from(Assignment).where(*of_rule).correlate(Membership).scalar_subquery()
    before = exists().where(*of_rule, func.coalesce(Assignment.ended_at, Assignment.assigned_at) >= Rating.rated_at)
    # Keys are kept as a JSON list: a key is in it when its quoted form is in the text.
    wished = cast(Rating.drivers, String).contains(f'"{rule.driver}"', autoescape=True)
    return (
        select(Membership.person_id, literal("low:").concat(cast(answered, String)).label("cause"))
        .join(Rating, Rating.person_id == Membership.person_id)
        .where(*holds_on(Membership, day), _within(rule, Membership.team_id))
        .where(counted(), Rating.excluded_at.is_(None), Rating.stars <= LOW_STARS, wished)
        .where(Rating.rated_on >= since, ~before)
        .group_by(Membership.person_id)
        .having(func.count() >= LOW_TIMES)
    )


def _has_done(rule: TrainingRule, person: ColumnElement[int], day: date) -> ColumnElement[bool]:
    """Finished so that it stands: no newer version asks for it anew, and its certificate has not ended."""
    ended = exists().where(Certificate.completion_id == Completion.id, Certificate.expires_on <= day)
    lately = Completion.completed_on >= day - LATELY if rule.kind == "low" else true()
    mine = (Completion.person_id == person, Completion.course_id == rule.course_id, Completion.ended_at.is_(None))
    return exists().where(and_(*mine, ~ended, lately))


def _within(rule: TrainingRule, team_id: Any) -> ColumnElement[bool]:
    """In the rule's team or one beneath it; a rule without a team is about everybody, a leader's about people of the team alone."""
    if rule.team_id is None:
        return true()
    is_exact = rule.kind != "leads" and _is_leaders(rule)
    return team_id.in_([rule.team_id] if is_exact else sorted(team_tree().beneath(rule.team_id)))


def _is_near(rule: TrainingRule, person: Any, day: date) -> ColumnElement[bool]:
    """Whoever begins to lead gets a leader's course only while they are in the leader's own team themselves."""
    if rule.kind != "leads" or not _is_leaders(rule):
        return true()
    return exists().where(
        Membership.person_id == person, Membership.team_id == rule.team_id, *holds_on(Membership, day)
    )


def _is_leaders(rule: TrainingRule) -> bool:
    """Whether its maker led its team on the day it was made: so nothing that comes later makes it reach further.

    A leader assigns to people of the team alone, by hand and by rule; who leads beneath makes rules of their own."""
    if rule.team_id is None or rule.kind == "wave":
        return False
    led = (Tenure.person_id == rule.made_by_id, Tenure.team_id == rule.team_id, *holds_on(Tenure, rule.since))
    return rule.made_by_id is None or db.session.scalar(select(Tenure.id).where(*led).limit(1)) is not None


_EVENTS = {"joined": _joined, "leads": _leads, "low": _low, "wave": wave_events}
