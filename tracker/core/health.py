"""Signs of life for whoever watches the instance: no personal data, no sign-in."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker.core import clock, hooks, leases, tasks
from tracker.core.audience import Blueprint, public
from tracker.core.db import db
from tracker.core.models import OutboxMail

SILENT_AFTER = timedelta(minutes=5)
IS_READY = "is_ready"  # what a teller says beside its numbers where the process cannot do its work
Teller = Callable[[], Mapping[str, Any]]
bp = Blueprint("health", __name__, url_prefix="/healthz")


def tells(app: Flask, teller: Teller) -> None:
    """Packages above add what is worth watching of theirs: numbers and moments, nothing of anybody. IS_READY: False makes
    the whole answer 503."""
    app.extensions.setdefault("health_tellers", []).append(teller)


@bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """The process can do its work: the database answers and the timetable has run lately."""
    at = clock.now()
    try:
        db.session.execute(text("SELECT 1"))
        depth, oldest = leases.depth_and_oldest(OutboxMail, at=at)
        hooks_depth, hooks_oldest = hooks.depth_and_oldest(at)
        beat = tasks.last_beat()
        more = [dict(teller()) for teller in current_app.extensions.get("health_tellers", ())]
    except SQLAlchemyError:
        return jsonify(status="failing", database="unreachable"), 503
    is_beating = beat is not None and at - beat < SILENT_AFTER
    readiness = [bool(one.pop(IS_READY, True)) for one in more]
    is_ready = is_beating and all(readiness)
    report = {
        "status": "ok" if is_ready else "failing",
        "database": "ok",
        "timetable": "ok" if is_beating else "silent",
        "timetable_last_ran_at": _shown(beat),
        "outbox_waiting": depth,
        "outbox_oldest_due_at": _shown(oldest),
        "events_waiting": hooks_depth,
        "events_oldest_due_at": _shown(hooks_oldest),
    }
    for one in more:
        report.update(one)
    return jsonify(report), 200 if is_ready else 503


def _shown(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
