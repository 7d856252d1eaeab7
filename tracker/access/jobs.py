"""Forgetting what is over."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from tracker.access.models import AccountLink, SignInSession, Throttle
from tracker.core.db import db, transaction

KEPT = timedelta(days=30)


def forget_expired(at: datetime) -> int:
    """Delete ended sessions and dead links after 30 days, and failures that no longer count."""
    old = at - KEPT
    with transaction():
        sessions = delete(SignInSession).where(or_(SignInSession.ended_at < old, SignInSession.expires_at < old))
        links = delete(AccountLink).where(AccountLink.expires_at < old)
        failures = delete(Throttle).where(Throttle.expires_at < at)
        return sum(db.session.execute(statement).rowcount for statement in (sessions, links, failures))  # type: ignore[attr-defined]
