"""Rules that assign by themselves: made, ended, and carried out."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.courses.models import Course
from tracker.training.assigning import insert_assignments, withdraw
from tracker.training.models import Assignment, TrainingRule
from tracker.training.rule_queries import Event, events_of, fallen_away


def make_rule(values: Mapping[str, Any], *, by: int, at: datetime) -> TrainingRule:
    """`values` are columns of TrainingRule by name. It answers what happens from `since` on.

    What an open rule says already is not made a second time, also when it is sent twice at once."""
    db.session.execute(select(Course.id).where(Course.id == values["course_id"]).with_for_update(key_share=True))
    same = {name: value for name, value in values.items() if name != "since"}
    is_open = (TrainingRule.ended_at.is_(None), TrainingRule.made_by_id == by)
    if rule := db.session.scalar(select(TrainingRule).where(*is_open).filter_by(**same).limit(1)):
        return rule
    rule = TrainingRule(made_by_id=by, made_at=at, **values)
    db.session.add(rule)
    record("training_rule.made", by=by, about=rule, at=at, kind=rule.kind, course=rule.course_id)
    return rule


def end_rule(rule: TrainingRule, *, by: int, at: datetime) -> None:
    """It answers nothing more; what it has assigned stays."""
    db.session.refresh(rule, with_for_update={"of": TrainingRule})
    if rule.ended_at is None:
        rule.ended_at = at
        record("training_rule.ended", by=by, about=rule, at=at)


def carry_out(rule_id: int, *, day: date, at: datetime) -> int:
    """Take back what has lost its reason, and answer what has happened; how many assignments were made.

    The rule's row is locked, so that two processes follow each other; the unique cause would refuse a second one anyway."""
    rule = db.session.get(TrainingRule, rule_id, with_for_update=True, populate_existing=True)
    if rule is None or rule.ended_at is not None:
        return 0
    for assignment in fallen_away(rule, day):
        withdraw(assignment, at=at)
    is_taught = db.session.get_one(Course, rule.course_id).retired_at is None
    rows = [_row(rule, event, day, at) for event in events_of(rule, day)] if is_taught else []
    made = insert_assignments(rows, at=at)
    if made:
        record("training.assigned", by=None, about=rule, at=at, people=len(made), course=rule.course_id)
    return len(made)


def made_by_rules(rule_ids: list[int]) -> dict[int, int]:
    """Rule id -> how many assignments it has made."""
    counted = select(Assignment.rule_id, func.count()).where(Assignment.rule_id.in_(rule_ids))
    return {rule: count for rule, count in db.session.execute(counted.group_by(Assignment.rule_id)) if rule}


def _row(rule: TrainingRule, event: Event, day: date, at: datetime) -> dict[str, Any]:
    return {
        "person_id": event.person_id,
        "course_id": rule.course_id,
        "rule_id": rule.id,
        "cause": event.cause,
        "why": rule.kind,
        "driver": rule.driver,
        "words": rule.words,
        "is_paid": True,
        "assigned_at": at,
        "due_on": day + timedelta(days=rule.days),
        "step": 0,
    }
