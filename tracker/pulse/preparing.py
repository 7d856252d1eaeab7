"""Making the next round of the cadence ready, a week before it opens; and putting back one that missed its day."""

from datetime import date, datetime

from sqlalchemy import or_, select

from tracker.access.queries import people_with_role
from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db, reading, transaction
from tracker.notifications.actions import tell
from tracker.organisation.queries import the_organisation
from tracker.pulse.models import PulseRound, PulseSchedule
from tracker.pulse.round_actions import a_round, locked_schedule
from tracker.pulse.round_queries import overlapping, the_schedule
from tracker.pulse.rules import Cadence, Slot, due_slots, span


def prepare(at: datetime) -> int:
    """Prepare the rounds whose week has come, each once; how many."""
    with reading():
        company = the_organisation()
        zone = company.time_zone if company else "UTC"
        is_due = bool(_due(the_schedule(), clock.local_day(at, zone), zone))
    if not is_due:
        return 0
    with transaction():
        schedule = locked_schedule()  # of two processes the second waits here, and finds the slot taken
        due = _due(schedule, clock.local_day(at, zone), zone)
        for slot in due[:1]:
            _prepare(schedule, slot, zone, at)
        return len(due[:1])


def cadence_of(schedule: PulseSchedule) -> Cadence:
    return Cadence(schedule.week, schedule.weekday, schedule.every_months, schedule.open_days)


def tell_hr(kind: str, pulse_round: PulseRound, *, at: datetime) -> None:
    """Word to HR about a round, once for each day that it was to open on."""
    of = f"{pulse_round.id}|{pulse_round.opens_at.date()}"
    for person in people_with_role("hr"):
        tell(kind, to=person, key=f"{kind}|{of}|{person}", at=at, about_id=pulse_round.id)


def miss_round(pulse_round: PulseRound, *, at: datetime) -> None:
    """It did not open on its day, and opening it now would ask in vain: a draft again, for HR to choose other days."""
    db.session.refresh(pulse_round, with_for_update={"of": PulseRound})
    if pulse_round.state != "planned":
        return
    pulse_round.state = "draft"
    record("pulse.missed", by=None, about=pulse_round, at=at, opens_at=pulse_round.opens_at.isoformat())
    tell_hr("pulse.missed", pulse_round, at=at)


def _due(schedule: PulseSchedule, today: date, zone: str) -> list[Slot]:
    """Nothing where HR has made a round of that month, or one in those days, by hand; nor a second time where one was cancelled."""
    if not schedule.is_on:
        return []
    return [slot for slot in due_slots(cadence_of(schedule), today) if not _is_taken(slot, zone)]


def _is_taken(slot: Slot, zone: str) -> bool:
    of_month = (PulseRound.month == slot.month) & (PulseRound.state != "cancelled")
    there = select(PulseRound.id).where(or_(PulseRound.slot == slot.month, of_month)).limit(1)
    opens_at, closes_at = span(slot.opens_on, slot.closes_on, zone)
    return db.session.scalar(there) is not None or overlapping(opens_at, closes_at, but=None) is not None


def _prepare(schedule: PulseSchedule, slot: Slot, zone: str, at: datetime) -> None:
    opens_at, closes_at = span(slot.opens_on, slot.closes_on, zone)
    made = a_round(schedule, state="planned", month=slot.month, opens_at=opens_at, closes_at=closes_at, at=at)
    made.slot = slot.month
    record("pulse.prepared", by=None, about=made, at=at, opens_at=opens_at.isoformat())
    tell_hr("pulse.prepared", made, at=at)
