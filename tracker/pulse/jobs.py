"""Rounds open, remind and close by themselves, each step once."""

from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select, update

from tracker.core import clock
from tracker.core.db import db, reading, transaction
from tracker.core.errors import DomainError
from tracker.organisation.queries import the_organisation
from tracker.pulse.closing import TooManyBallots, clean, close_round
from tracker.pulse.keys import KeyGone
from tracker.pulse.late import tell_if_late
from tracker.pulse.models import PulseRound
from tracker.pulse.opening import open_round, tell_everybody
from tracker.pulse.preparing import miss_round, tell_hr
from tracker.pulse.round_checks import checks_of
from tracker.pulse.round_queries import staff_on

log = structlog.get_logger()
REMINDED_AFTER = (timedelta(days=3), timedelta(days=5))


def open_due(at: datetime) -> int:
    """Open what was planned for now; how many. What cannot open any more becomes a draft again, and HR is told."""
    with reading():
        company = the_organisation()
        today = clock.local_day(at, company.time_zone if company else "UTC")
        due = _ids(PulseRound.state == "planned", PulseRound.opens_at <= at)
    return sum(_opened(round_id, today, at) for round_id in due)


def _opened(round_id: int, today: date, at: datetime) -> int:
    try:
        with transaction():
            planned = db.session.get_one(PulseRound, round_id)
            if not checks_of(planned, staff_on(today, k=planned.k_score), at=at).can_ever_open:
                miss_round(planned, at=at)
                return 0
            open_round(planned, by=None, today=today, at=at)
    except DomainError as refusal:
        log.info("pulse_not_opened", round=round_id, because=type(refusal).__name__)
        return 0
    tell_if_late(round_id, at=at)
    return 1


def remind(at: datetime) -> int:
    """Everybody who is asked, in the same words, on the third and the fifth day; how many reminders went out."""
    with reading():
        rounds = db.session.execute(
            select(PulseRound.id, PulseRound.opened_at, PulseRound.reminders).where(PulseRound.state == "open")
        ).all()
    sent = 0
    for round_id, opened_at, reminders in rounds:
        due = sum(opened_at is not None and at >= opened_at + after for after in REMINDED_AFTER)
        if due > reminders:
            sent += _reminded(round_id, was=reminders, now=due, at=at)
    return sent


def _reminded(round_id: int, *, was: int, now: int, at: datetime) -> int:
    """After a long stop only the newest of the reminders that were missed goes out."""
    with transaction():
        claimed = update(PulseRound).where(
            PulseRound.id == round_id, PulseRound.state == "open", PulseRound.reminders == was
        )
        if db.session.scalar(claimed.values(reminders=now).returning(PulseRound.id)) is None:
            return 0
        tell_everybody(db.session.get_one(PulseRound, round_id), kind="pulse.reminder", step=now, at=at)
    return 1


def close_due(at: datetime) -> int:
    """Close what is over, finish what a dead process left half closed, and clean up behind it; how many steps were taken."""
    with reading():
        due = _ids(PulseRound.state == "open", PulseRound.closes_at <= at) + _ids(PulseRound.state == "closing")
    closed = sum(_closed(round_id, at) for round_id in due)
    with reading():
        left = _ids(PulseRound.state.in_(["closed", "lost"]), PulseRound.cleaned_at.is_(None))
    for round_id in left:
        clean(round_id, at=at)
    return closed + len(left)


def _closed(round_id: int, at: datetime) -> int:
    try:
        return int(close_round(round_id, by=None, at=at))
    except (KeyGone, TooManyBallots) as stopped:
        # Perhaps the folder of the keys is only away for a while. Whether the round is lost, an operator says.
        log.error("pulse_not_closed", round=round_id, because=type(stopped).__name__)
        with transaction():
            tell_hr("pulse.stuck", db.session.get_one(PulseRound, round_id), at=at)
        return 0


def _ids(*conditions: ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(select(PulseRound.id).where(*conditions).order_by(PulseRound.id)))
