"""Working a replay out, beside the request that asked for it or in a job.

1. Whoever claims the row holds its lease, and renews it with each week that is done.
2. Everything is read at once; the weeks are then worked out without the database.
3. Stopped, or taken over by somebody else, it ends at the next week. Killed, its lease runs out and the job begins it anew.
"""

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from threading import Thread
from typing import Any

import structlog
from flask import Flask, current_app

from tracker.core import clock, logs
from tracker.core.db import db, reading, transaction
from tracker.falls import actions
from tracker.falls.history import load_history
from tracker.falls.models import FallReplay
from tracker.falls.queries import known_to_others
from tracker.falls.replaying import Track, replay
from tracker.falls.rules import counted, months_of
from tracker.notifications.actions import tell
from tracker.ratings.fall_queries import thresholds_on
from tracker.ratings.thresholds import Thresholds

PATIENCE_SECONDS = 3.0
TOLD_EVERY_SECONDS = 1.0
log = structlog.get_logger()


def replay_beside(replay_id: int) -> None:
    """Begin it in a thread and wait a moment: in most companies it is done by then. Commit the row before."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the app behind the proxy
    thread = Thread(target=_run_with_context, args=(app, replay_id), name=f"replay-{replay_id}", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)


def _run_with_context(app: Flask, replay_id: int) -> None:
    with app.app_context():
        try:
            run_replay(replay_id, at=clock.now())
        except Exception as error:  # noqa: BLE001 - it is in the log, and the job takes the replay up again
            log.error("replay_failed", replay_id=replay_id, **logs.where(error))
        finally:
            db.session.remove()


def run_replay(replay_id: int, *, at: datetime, now: Callable[[], datetime] | None = None) -> bool:
    """Work one out, when nobody else does; whether it came to its end here. `now`: another clock, for what is told of another time."""
    lease = secrets.token_hex(16)
    with transaction():
        if not actions.claim(replay_id, lease, at=at):
            return False
    with reading():
        asked = db.session.get_one(FallReplay, replay_id)
        chosen, last, weeks, asker, since = (
            Thresholds.of(asked),
            asked.last_week,
            asked.weeks,
            asked.asked_by_id,
            asked.asked_at,
        )
        tracks, withheld = _tracks(chosen, last - weeks + 1, last), known_to_others()
    if not _worked_out(tracks, replay_id, lease):
        return False
    at = (now or clock.now)()
    with transaction():
        if not actions.finish(replay_id, lease, _result(tracks, withheld, range(last - weeks + 1, last + 1)), at=at):
            return False
        if asker is not None and (at - since).total_seconds() > 2 * PATIENCE_SECONDS:
            tell("falls.replayed", to=asker, key=f"falls.replayed|{replay_id}", at=at, about_id=replay_id)
    return True


def _tracks(chosen: Thresholds, first: int, last: int) -> list[Track]:
    """What was asked for, and the settings of today beside it; none where nobody was ever rated."""
    history = load_history(first, last)
    if history is None:
        return []
    present = thresholds_on(clock.monday_of(last + 1))
    return [Track(one.parameters, history) for one in (chosen, present)]


def _worked_out(tracks: list[Track], replay_id: int, lease: str) -> bool:
    """Week by week, telling how far it is; False when it is not ours to finish any more."""
    told_at = time.monotonic()
    for done, _week in enumerate(replay(tracks[0].history, tracks) if tracks else (), start=1):
        if time.monotonic() - told_at >= TOLD_EVERY_SECONDS:
            told_at = time.monotonic()
            with transaction():
                if not actions.note_progress(replay_id, lease, weeks_done=done, at=clock.now()):
                    return False
    return True


def _result(tracks: list[Track], withheld: dict[int, int], weeks: range) -> dict[str, Any]:
    """Counts alone, and none of what is still somebody's own to know."""
    names, months = ("asked", "present"), months_of(weeks)
    found = {"asked": counted([], [], months), "present": counted([], [], months)}
    for name, track in zip(names, tracks, strict=False):
        alerts = [(one.person, one.week) for one in track.alerts if one.week <= withheld.get(one.person, one.week)]
        found[name] = counted(alerts, track.tested, months)
    present = thresholds_on(clock.monday_of(weeks[-1] + 1))
    return {
        "first": clock.monday_of(weeks[0] + 1).isoformat(),
        "last": clock.monday_of(weeks[-1] + 1).isoformat(),
        "present_settings": vars(present),
        **found,
    }
