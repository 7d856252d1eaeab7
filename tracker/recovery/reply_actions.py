"""Texts for answers: written, changed, taken off the list."""

from datetime import datetime
from typing import Any

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.recovery.models import ReplyTemplate


def write_reply(values: dict[str, Any], *, by: int, at: datetime) -> ReplyTemplate:
    """`values`: the columns by name."""
    reply = ReplyTemplate(**values, written_by_id=by, written_at=at)
    db.session.add(reply)
    record("reply_template.written", by=by, about=reply, at=at, team=reply.team_id)
    return reply


def change_reply(reply: ReplyTemplate, values: dict[str, Any], *, by: int, at: datetime) -> None:
    if all(getattr(reply, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(reply, name, value)
    reply.written_by_id, reply.written_at = by, at
    record("reply_template.changed", by=by, about=reply, at=at, team=reply.team_id)


def remove_reply(reply: ReplyTemplate, *, by: int, at: datetime) -> None:
    """Answers that began with it stay as they are."""
    record("reply_template.removed", by=by, about=reply, at=at, team=reply.team_id)
    db.session.delete(reply)
