"""Doing what is due. APScheduler is only the alarm clock: what is due is a row, and a job claims it before it acts."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import func, select, update

from tracker.core import clock, logs
from tracker.core.db import db, transaction, upsert
from tracker.core.models import Heartbeat, Watermark

TICK_SECONDS = 20
MAX_CLOCK_SKEW = timedelta(seconds=60)
HEARTBEAT = "timetable"
log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Something that happens by itself. `run(at)` finds what is due, claims it and acts; it may run at any time, anywhere, twice."""

    name: str
    says: str
    run: Callable[[datetime], int]


def run_due(app: Flask, timetable: Sequence[Job], *, at: datetime | None = None) -> dict[str, int]:
    """Run every job once; how many things each did. One job that fails is logged and does not stop the others."""
    done: dict[str, int] = {}
    with app.app_context():
        if at is None and not _clock_agrees():
            return done
        for job in timetable:
            done[job.name] = _run_one(job, at or clock.now())
        _beat(at or clock.now())
    return done


def _run_one(job: Job, at: datetime) -> int:
    try:
        return job.run(at)
    except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the log and the other jobs go on
        log.error("job_failed", job=job.name, **logs.where(error))
        return -1
    finally:
        db.session.rollback()
        db.session.remove()


def _clock_agrees() -> bool:
    """Slots come from the database's clock: a process that is more than a minute off must not decide what is due."""
    if db.engine.dialect.name == "sqlite":
        return True  # the same machine, the same clock
    apart = abs(db.session.scalars(select(func.clock_timestamp())).one() - datetime.now(UTC))
    db.session.rollback()
    if apart > MAX_CLOCK_SKEW:
        log.error("clock_is_off", seconds=int(apart.total_seconds()))
    return bool(apart <= MAX_CLOCK_SKEW)


def _beat(at: datetime) -> None:
    with transaction():
        row = {"name": HEARTBEAT, "beat_at": at}
        db.session.execute(
            upsert(Heartbeat).values(**row).on_conflict_do_update(index_elements=["name"], set_={"beat_at": at})
        )


def last_beat() -> datetime | None:
    return db.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.name == HEARTBEAT))


def done_until(rule: str) -> datetime | None:
    return db.session.scalar(select(Watermark.done_until).where(Watermark.rule == rule))


def advance(rule: str, *, since: datetime | None, to: datetime) -> bool:
    """Move a rule's watermark one slot, in the caller's transaction; False when another process has moved it first.

    On PostgreSQL the row stays locked until the caller commits, so a second process waits and then finds it moved.
    """
    if since is None:
        # RETURNING, not the row count: PostgreSQL's driver does not count the rows of an INSERT made this way.
        made = upsert(Watermark).values(rule=rule, done_until=to).on_conflict_do_nothing(index_elements=["rule"])
        return db.session.scalar(made.returning(Watermark.rule)) is not None
    moved = update(Watermark).where(Watermark.rule == rule, Watermark.done_until == since).values(done_until=to)
    return bool(db.session.execute(moved).rowcount == 1)  # type: ignore[attr-defined]  # CursorResult, typed as Result


class Timetable:
    """The alarm clock of one process, with a watchdog that winds it again when it has stopped."""

    def __init__(self, app: Flask, jobs: Sequence[Job]) -> None:
        self.app, self.jobs = app, jobs
        self._stopped = threading.Event()
        self._ticked_at = datetime.now(UTC)
        self._scheduler = self._wound()

    def start(self) -> None:
        self._scheduler.start()
        threading.Thread(target=self._watch, name="timetable-watchdog", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        self._scheduler.shutdown(wait=True)

    def _wound(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone=UTC)
        scheduler.add_job(
            self._tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        return scheduler

    def _tick(self) -> None:
        self._ticked_at = datetime.now(UTC)
        run_due(self.app, self.jobs)
        self._ticked_at = datetime.now(UTC)

    def _watch(self) -> None:
        """A clock set back stops APScheduler's jobs without a word; a new scheduler starts from the new time."""
        while not self._stopped.wait(TICK_SECONDS):
            silent = abs((datetime.now(UTC) - self._ticked_at).total_seconds())
            if silent > 15 * TICK_SECONDS:
                log.error("timetable_stopped", seconds=int(silent))
                if self._scheduler.running:
                    self._scheduler.shutdown(wait=False)
                self._ticked_at = datetime.now(UTC)
                self._scheduler = self._wound()
                self._scheduler.start()
