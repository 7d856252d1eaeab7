"""Saying who takes care of a team's complaints, or of the company's."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.notifications.actions import tell
from tracker.organisation.models import Organisation, Team
from tracker.recovery.models import OwnerRule
from tracker.recovery.owners import COMPANY

MOST = 20


def choose_owners(team: Team | None, people: Iterable[int], *, by: int, at: datetime) -> None:
    """One person, several in turns, or nobody: then what holds above, at last whoever leads the handler. No team: the company's."""
    wanted = set(people)
    if len(wanted) > MOST:
        raise Invalid(_("Choose %(most)d people at most.", most=MOST))
    key = team.id if team else COMPANY
    _lock(team)
    before = set(db.session.scalars(select(OwnerRule.person_id).where(OwnerRule.team_key == key)))
    if wanted == before:
        return
    db.session.execute(delete(OwnerRule).where(OwnerRule.team_key == key, OwnerRule.person_id.not_in(wanted)))
    db.session.add_all(OwnerRule(team_key=key, person_id=person) for person in sorted(wanted - before))
    db.session.flush()
    record("complaint_owners.chosen", by=by, about=team or "company", at=at, people=sorted(wanted))
    for person in sorted(wanted - before - {by}):
        message = f"recovery|chosen|{key}|{person}|{at.isoformat()}"
        tell("recovery.chosen", to=person, key=message, at=at, about_id=team.id if team else None)


def _lock(team: Team | None) -> None:
    """Of two who choose at once, the second finds what the first did."""
    row = select(Team.id).where(Team.id == team.id) if team else select(Organisation.id)
    db.session.execute(row.with_for_update())
