"""What the page of invitations shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.invitations.deciding import is_answered
from tracker.invitations.models import CustomerContact, Invitation
from tracker.invitations.policy import address_is_seen_by, invitations_seen_by
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Interaction, SurveyLink, Touchpoint

SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class TeamCounts:
    """One team's invitations of the last 30 days; `team` None: nobody's. `sent` holds those answered too."""

    team: str | None
    planned: int = 0
    sent: int = 0
    answered: int = 0
    skipped: int = 0

    @property
    def n(self) -> int:
        return self.planned + self.sent + self.skipped


def counts_by_team(viewer: Viewer, *, at: datetime) -> list[TeamCounts]:
    """In one question, by team name."""
    states = (
        invitations_seen_by(viewer)
        .outerjoin(Team, Team.id == Interaction.team_id)
        .where(Invitation.planned_at > at - SHOWN)
        .with_only_columns(Team.name.label("team"), _state().label("state"))
        .subquery()
    )
    rows = db.session.execute(
        select(states.c.team, states.c.state, func.count()).group_by(states.c.team, states.c.state)
    )
    found: dict[str | None, dict[str, int]] = {}
    for team, state, count in rows:
        found.setdefault(team, {})[state] = count
    return [_counts(team, found[team]) for team in sorted(found, key=lambda name: (name is None, name or ""))]


def reasons(viewer: Viewer, *, at: datetime) -> list[tuple[str, int]]:
    """Why customers were not asked in the last 30 days, the most frequent first."""
    seen = invitations_seen_by(viewer).where(Invitation.planned_at > at - SHOWN, Invitation.skip_reason.is_not(None))
    listed = seen.with_only_columns(Invitation.skip_reason).subquery()
    count = func.count().label("count")
    rows = db.session.execute(
        select(listed.c.skip_reason, count).group_by(listed.c.skip_reason).order_by(count.desc(), listed.c.skip_reason)
    )
    return [(reason, number) for reason, number in rows]


def listed(viewer: Viewer, *, at: datetime) -> Select[*tuple[Any, ...]]:
    """One row an invitation, newest first. The address only for whom `customer_contact.read` lets through, while it is kept."""
    address = case((address_is_seen_by(viewer), CustomerContact.email))
    return (
        invitations_seen_by(viewer)
        .outerjoin(CustomerContact, CustomerContact.invitation_id == Invitation.id)
        .outerjoin(Person, Person.id == Interaction.person_id)
        .outerjoin(Touchpoint, Touchpoint.id == Interaction.touchpoint_id)
        .where(Invitation.planned_at > at - SHOWN)
        .with_only_columns(
            Invitation.id,
            Invitation.due_at,
            Invitation.asked_at,
            Invitation.sent_at,
            Invitation.reminded_at,
            Invitation.skip_reason,
            _answered().label("is_answered"),
            Interaction.ended_at,
            Person.name,
            Touchpoint.name.label("touchpoint"),
            address.label("address"),
        )
        .order_by(Invitation.planned_at.desc(), Invitation.id.desc())
    )


def _counts(team: str | None, states: dict[str, int]) -> TeamCounts:
    answered = states.get("answered", 0)
    return TeamCounts(
        team,
        planned=states.get("planned", 0),
        sent=states.get("sent", 0) + answered,
        answered=answered,
        skipped=states.get("skipped", 0),
    )


def _state() -> ColumnElement[str]:
    return case(
        (Invitation.skipped_at.is_not(None), "skipped"),
        (_answered(), "answered"),
        (Invitation.sent_at.is_not(None), "sent"),
        else_="planned",
    )


def _answered() -> ColumnElement[bool]:
    by_link = exists().where(SurveyLink.id == Invitation.link_id, SurveyLink.answered_at.is_not(None))
    answered = and_(Invitation.skipped_at.is_(None), or_(is_answered(), by_link.correlate(Invitation)))
    return case((answered, True), else_=False)
