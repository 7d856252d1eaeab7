"""What the pages of rules show and offer."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.policy import courses_read_by
from tracker.courses.queries import current_versions, offered
from tracker.organisation.models import Person
from tracker.organisation.policy import by_role, teams_led_by, teams_seen_by
from tracker.ratings.queries import drivers_by_name
from tracker.training.assign_page import driver_names
from tracker.training.models import TrainingRule
from tracker.training.policy import rules_edited_by
from tracker.training.rule_actions import made_by_rules


@dataclass(frozen=True)
class RuleShown:
    """A rule with its course's title, the driver's name, who made it, and how many assignments came of it."""

    rule: TrainingRule
    title: str
    driver: str | None
    maker: str | None
    made: int


@dataclass(frozen=True)
class Offered:
    """What a rule can be made of: (id or key, name) each."""

    courses: list[tuple[int, str]]
    teams: list[tuple[int, str]]
    drivers: list[tuple[str, str]]


def rules_shown(viewer: Viewer) -> list[RuleShown]:
    """Open ones that the viewer may end, the newest first."""
    found = rules_edited_by(viewer).where(TrainingRule.ended_at.is_(None)).options(joinedload(TrainingRule.team))
    rules = list(db.session.scalars(found.order_by(TrainingRule.id.desc())))
    versions, names = current_versions(rule.course_id for rule in rules), driver_names()
    made = made_by_rules([rule.id for rule in rules])
    makers = _names({rule.made_by_id for rule in rules})
    return [
        RuleShown(
            rule,
            versions[rule.course_id].title,
            names.get(rule.driver or ""),
            makers.get(rule.made_by_id or 0),
            made.get(rule.id, 0),
        )
        for rule in rules
        if rule.course_id in versions
    ]


def offered_to(viewer: Viewer) -> Offered:
    teams = teams_seen_by(viewer) if by_role("training_rule.edit", viewer) else teams_led_by(viewer)
    return Offered(
        [(version.course_id, version.title) for version in db.session.scalars(offered(courses_read_by(viewer)))],
        [(team.id, team.name) for team in db.session.scalars(teams) if team.closed_on is None],
        [(driver.key, driver.name) for driver in drivers_by_name() if driver.retired_at is None],
    )


def _names(ids: set[int | None]) -> dict[int, str]:
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids - {None}))).all())
