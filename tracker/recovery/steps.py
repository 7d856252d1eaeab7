"""What the clock of a complaint demands: each step once, whoever asks, however late."""

from collections.abc import Iterable
from datetime import datetime

from tracker.audit.actions import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.recovery import owners, rules
from tracker.recovery.cases import calendar_of, note
from tracker.recovery.models import RecoveryCase, RecoveryHelper, RecoveryStep


def take_step(case_id: int, *, at: datetime) -> int:
    """What the clock of a case demands by now, each step once; the number of steps. Whoever comes second finds them taken."""
    case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
    taken = 0
    while case is not None and case.closed_at is None and case.clock_at is not None and case.clock_at <= at:
        due_at, step = case.clock_at, case.step
        db.session.add(RecoveryStep(case_id=case.id, step=step, due_at=due_at, taken_at=at))
        _tell_step(case, step, due_at=due_at, at=at)
        case.step = step + 1
        calendar, since = calendar_of(case, at), case.clock_since or case.opened_at
        case.clock_at = (
            rules.next_clock(case.step, since=since, last=at, calendar=calendar)
            if case.contacted_at is None
            else calendar.after_working_time(at, rules.STANDS_STILL_AFTER)
        )
        taken += 1
    return taken


def end_unreachable(case_id: int, *, at: datetime) -> bool:
    """Close a case that nobody could be called about, unless somebody has since begun to act on it."""
    case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
    if case is None or case.closed_at is not None or case.clock_at is not None:
        return False
    case.closed_at, case.outcome = at, "not_reached"
    note(case, "closed", at=at)
    record("complaint.closed", by=None, about=case, at=at, outcome="not_reached")
    hooks.announce("complaint.closed", about=case.id, key=f"complaint.closed|{case.id}", at=at)
    return True


def _tell_step(case: RecoveryCase, step: int, *, due_at: datetime, at: datetime) -> None:
    if case.contacted_at is None and 0 < step < len(rules.DUE):
        _escalate(case, step, at=at)
        return
    if case.contacted_at is None and step == 0:
        note(case, "overdue", until=due_at, at=at)
    kind = "recovery.overdue" if case.contacted_at is None else "recovery.still_open"
    _tell_all(case, kind, [case.owner_id, *owners.helpers_of(case.id)], step, at=at)


def _escalate(case: RecoveryCase, step: int, *, at: datetime) -> None:
    """One level up: somebody more takes care of it. Where nobody is left, those who have it are told again."""
    helper = owners.next_helper(case, clock.local_day(at, calendar_of(case, at).zone))
    if helper is None:
        _tell_all(case, "recovery.overdue", [case.owner_id, *owners.helpers_of(case.id)], step, at=at)
        return
    db.session.add(RecoveryHelper(case_id=case.id, person_id=helper, since=at))
    note(case, "escalated", to=helper, at=at)
    record("complaint.escalated", by=None, about=case, at=at, to=helper, level=step)
    hooks.announce("complaint.escalated", about=case.id, key=f"complaint.escalated|{case.id}|{step}", at=at, level=step)
    _tell_all(case, "recovery.escalated", [helper], step, at=at)
    _tell_all(case, "recovery.overdue", [case.owner_id], step, at=at)


def _tell_all(case: RecoveryCase, kind: str, people: Iterable[int | None], step: int, *, at: datetime) -> None:
    for person in people:
        if person is not None:
            key = f"recovery|{case.id}|{step}|{kind}|{person}"
            tell(kind, to=person, key=key, at=at, about_id=case.id, urgent=True)
