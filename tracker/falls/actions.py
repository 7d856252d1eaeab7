"""Asking for a replay, ending it, and saving the settings that were tried."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from tracker.access.queries import people_with_role
from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.falls.models import FallReplay
from tracker.falls.rules import WEEKS_REPLAYED
from tracker.notifications.actions import tell
from tracker.ratings.fall_models import FallSettings
from tracker.ratings.fall_queries import people_tested, thresholds_on
from tracker.ratings.thresholds import STRICT_FROM, Thresholds

LEASE = timedelta(minutes=2)
TRIED_WITHIN = timedelta(days=14)
MOST_ATTEMPTS = 5


def ask_replay(chosen: Thresholds, *, last_week: int, by: int, at: datetime) -> FallReplay:
    """Begin a replay of the 52 weeks up to `last_week`; one at a time. Invalid where the strict rule is not offered."""
    _refuse_loose_strictness(chosen)
    running = db.session.scalar(
        select(FallReplay.id).where(FallReplay.finished_at.is_(None), FallReplay.cancelled_at.is_(None)).limit(1)
    )
    if running is not None:
        raise Conflict("A replay is running already. Wait for it, or stop it.")
    replay = FallReplay(asked_by_id=by, asked_at=at, last_week=last_week, weeks=WEEKS_REPLAYED, **vars(chosen))
    db.session.add(replay)
    record("fall_replay.asked", by=by, about=replay, at=at, **vars(chosen))
    return replay


def stop_replay(replay: FallReplay, *, by: int, at: datetime) -> None:
    """Whoever works on it finds that at the next week and ends."""
    db.session.refresh(replay, with_for_update={"of": FallReplay})
    if not replay.is_running:
        raise Conflict("This replay is over already.")
    replay.cancelled_at = at
    record("fall_replay.stopped", by=by, about=replay, at=at)


def claim(replay_id: int, lease: str, *, at: datetime) -> bool:
    """Take the work up, when nobody holds it. One that has failed several times is given up."""
    ours = update(FallReplay).where(
        FallReplay.id == replay_id,
        FallReplay.finished_at.is_(None),
        FallReplay.cancelled_at.is_(None),
        FallReplay.leased_until.is_(None) | (FallReplay.leased_until < at),
        FallReplay.attempts < MOST_ATTEMPTS,
    )
    values = {"lease": lease, "leased_until": at + LEASE, "weeks_done": 0, "attempts": FallReplay.attempts + 1}
    return _one(ours.values(**values))


def note_progress(replay_id: int, lease: str, *, weeks_done: int, at: datetime) -> bool:
    """How far it is, and the lease renewed; False when it was stopped or somebody else has taken it over."""
    return _one(_held(replay_id, lease).values(weeks_done=weeks_done, leased_until=at + LEASE))


def finish(
    replay_id: int, lease: str, result: dict[str, Any] | None, *, problem: str | None = None, at: datetime
) -> bool:
    """Keep what came of it, once; False when the work is not ours any more."""
    done = {"result": result, "problem": problem, "finished_at": at, "leased_until": None}
    return _one(_held(replay_id, lease).values(**done))


def give_up_failed(*, at: datetime) -> int:
    """Replays that ended several times without a word, such as by running out of memory."""
    lost = update(FallReplay).where(
        FallReplay.finished_at.is_(None),
        FallReplay.cancelled_at.is_(None),
        FallReplay.leased_until < at,
        FallReplay.attempts >= MOST_ATTEMPTS,
    )
    ended = lost.values(finished_at=at, problem="stopped").returning(FallReplay.id)
    return len(db.session.scalars(ended.execution_options(synchronize_session=False)).all())


def save_settings(replay: FallReplay, *, from_monday: date, by: int, at: datetime) -> FallSettings:
    """Let the checks from that Monday on go by the settings of a replay: exactly what was tried, and nothing else."""
    if replay.finished_at is None or replay.result is None:
        raise Conflict("Only settings whose replay has come to its end can be saved.")
    if replay.finished_at < at - TRIED_WITHIN:
        raise Conflict("This replay is older than two weeks. Try the settings again, on the ratings there are now.")
    chosen = Thresholds.of(replay)
    _refuse_loose_strictness(chosen)
    if chosen == thresholds_on(from_monday):
        raise Conflict("The checks go by exactly these settings already.")
    row = FallSettings(from_monday=from_monday, replay_id=replay.id, saved_at=at, saved_by_id=by, **vars(chosen))
    db.session.add(row)
    record(
        "fall_settings.saved", by=by, about=row, at=at, from_monday=str(from_monday), replay=replay.id, **vars(chosen)
    )
    for person in sorted({*people_with_role("hr"), *people_with_role("admin")} - {by}):
        tell("falls.settings", to=person, key=f"falls.settings|{row.id}|{person}", at=at, about_id=row.id)
    return row


def _refuse_loose_strictness(chosen: Thresholds) -> None:
    if chosen.strict and people_tested() < STRICT_FROM:
        raise Invalid(
            f"The strict rule is for {STRICT_FROM} people tested and more: with fewer it alerts more often, not less."
        )


def _held(replay_id: int, lease: str) -> Any:
    return update(FallReplay).where(
        FallReplay.id == replay_id,
        FallReplay.lease == lease,
        FallReplay.finished_at.is_(None),
        FallReplay.cancelled_at.is_(None),
    )


def _one(statement: Any) -> bool:
    changed = statement.returning(FallReplay.id).execution_options(synchronize_session=False)
    return db.session.scalar(changed) is not None
