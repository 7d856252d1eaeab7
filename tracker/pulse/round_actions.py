"""Preparing, opening and ending rounds by hand, and the cadence by which they come."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid, NotYet
from tracker.pulse.bank import Item, item_from, next_items
from tracker.pulse.models import PulseRound, PulseSchedule
from tracker.pulse.opening import open_round
from tracker.pulse.round_checks import checks_of
from tracker.pulse.round_queries import ASKED, OWN, keys_asked, own_items, staff_on, the_schedule
from tracker.pulse.rules import MOST_ITEMS, span

AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """What HR decides about a round."""

    items: Sequence[Item]
    opens_on: date
    closes_on: date
    k_score: int
    k_comment: int
    uses_codes: bool


@dataclass(frozen=True)
class Choices:
    """What HR decides about the cadence: the columns of PulseSchedule."""

    is_on: bool
    week: int
    weekday: int
    every_months: int
    open_days: int
    k_score: int
    k_comment: int
    uses_codes: bool


def save_schedule(chosen: Choices, *, by: int, at: datetime) -> bool:
    """Keep the cadence; False where it was the same already."""
    kept = locked_schedule()
    values = asdict(chosen)
    was = {name: getattr(kept, name) for name in values}
    if was == values:
        return False
    for name, value in values.items():
        setattr(kept, name, value)
    changed = {name: value for name, value in values.items() if was[name] != value}
    record("pulse.cadence_set", by=by, about=kept, at=at, **changed)
    return True


def locked_schedule() -> PulseSchedule:
    """The one row, made where there is none; whoever holds it prepares rounds alone."""
    made = upsert(PulseSchedule).values(id=1).on_conflict_do_nothing(index_elements=["id"])
    db.session.execute(made)
    return db.session.execute(select(PulseSchedule).where(PulseSchedule.id == 1).with_for_update()).scalar_one()


def begin_draft(*, by: int, at: datetime, zone: str) -> PulseRound:
    """The round that is being prepared: the draft there is, or a new one, filled in from the rounds before."""
    locked_schedule()
    there = db.session.scalars(select(PulseRound).where(PulseRound.state == "draft").order_by(PulseRound.id)).first()
    if there is not None:
        return there
    chosen = the_schedule()
    opens_on = clock.local_day(at, zone) + AHEAD
    opens_at, closes_at = span(opens_on, opens_on + timedelta(days=chosen.open_days), zone)
    made = a_round(chosen, state="draft", month=opens_on.replace(day=1), opens_at=opens_at, closes_at=closes_at, at=at)
    made.made_by_id = by
    record("pulse.drafted", by=by, about=made, at=at)
    return made


def a_round(
    chosen: PulseSchedule, *, state: str, month: date, opens_at: datetime, closes_at: datetime, at: datetime
) -> PulseRound:
    """A new round with the questions whose turn it is, and HR's own that the last one asked and that are not retired."""
    made = PulseRound(state=state, month=month, opens_at=opens_at, closes_at=closes_at, made_at=at)
    made.items = [item.stored() for item in items_for(opens_at, at=at, every_months=chosen.every_months)]
    made.k_score, made.k_comment, made.uses_codes = chosen.k_score, chosen.k_comment, chosen.uses_codes
    db.session.add(made)
    db.session.flush()
    return made


def items_for(opens_at: datetime, *, at: datetime, every_months: int) -> list[Item]:
    before = keys_asked(before=opens_at, at=at)
    last = set(before[-1]) if before else set()
    again = [item for item in own_items() if item.key in last]
    return [*next_items(before, every_months=every_months), *again][:MOST_ITEMS]


def save_round(pulse_round: PulseRound, plan: Plan, *, by: int, at: datetime, zone: str) -> None:
    """Keep what was decided; a planned round becomes a draft until it is planned again. Conflict once it is open."""
    _take(pulse_round)
    opens_at, closes_at = span(plan.opens_on, plan.closes_on, zone)
    if closes_at <= at:
        raise Invalid("The round has to close after today.")
    pulse_round.state = "draft"
    pulse_round.month = plan.opens_on.replace(day=1)
    pulse_round.opens_at, pulse_round.closes_at = opens_at, closes_at
    pulse_round.items = [item.stored() for item in plan.items]
    pulse_round.k_score, pulse_round.k_comment = plan.k_score, plan.k_comment
    pulse_round.uses_codes = plan.uses_codes
    record("pulse.saved", by=by, about=pulse_round, at=at, questions=len(plan.items), threshold=plan.k_score)


def plan_round(pulse_round: PulseRound, *, by: int, at: datetime, today: date) -> None:
    """Let it open by itself. NotYet where something is missing."""
    _take(pulse_round)
    _refuse_unready(pulse_round, at=at, today=today)
    pulse_round.state = "planned"
    record("pulse.planned", by=by, about=pulse_round, at=at, opens_at=pulse_round.opens_at.isoformat())


def open_now(pulse_round: PulseRound, *, by: int, at: datetime, today: date) -> None:
    """Open it at once, whenever it was to open; it closes as planned."""
    _take(pulse_round)
    pulse_round.opens_at, pulse_round.month = at, today.replace(day=1)
    _refuse_unready(pulse_round, at=at, today=today)
    db.session.flush()
    open_round(pulse_round, by=by, today=today, at=at)


def cancel_round(pulse_round: PulseRound, *, by: int, at: datetime) -> None:
    """It never opens. A round of the cadence is not prepared a second time."""
    _take(pulse_round)
    pulse_round.state = "cancelled"
    record("pulse.cancelled", by=by, about=pulse_round, at=at)


def end_early(pulse_round: PulseRound, *, by: int, at: datetime) -> None:
    """Nobody can begin an answer any more; the timetable counts, publishes and cleans up within a minute. Twice is once."""
    ended = update(PulseRound).where(PulseRound.id == pulse_round.id, PulseRound.state == "open")
    if db.session.scalar(ended.values(state="closing").returning(PulseRound.id)) is None:
        raise Conflict("This round is not open any more.")
    db.session.refresh(pulse_round)
    record("pulse.closing", by=by, about=pulse_round, at=at)


def freshen(texts: Mapping[str, Item | None]) -> None:
    """Rounds that are not open yet ask HR's own questions as they read now, and no longer those that are retired (None)."""
    for waiting in db.session.scalars(select(PulseRound).where(PulseRound.state.in_(["draft", "planned"]))):
        items = [texts.get(item.key, item) for item in map(item_from, waiting.items)]
        waiting.items = [item.stored() for item in items if item is not None]


def was_asked(question_id: int) -> bool:
    """Whether a round that has opened asked a question of HR's own."""
    asked: list[list[dict[str, Any]]] = list(
        db.session.scalars(select(PulseRound.items).where(PulseRound.state.in_(ASKED)))
    )
    return any(stored["key"] == f"{OWN}{question_id}" for items in asked for stored in items)


def _take(pulse_round: PulseRound) -> None:
    """The row as it is now, ours until the end of the transaction."""
    db.session.refresh(pulse_round, with_for_update={"of": PulseRound})
    if pulse_round.state not in {"draft", "planned"}:
        raise Conflict("This round is open or over, so it can’t be changed any more.")


def _refuse_unready(pulse_round: PulseRound, *, at: datetime, today: date) -> None:
    found = checks_of(pulse_round, staff_on(today, k=pulse_round.k_score), at=at)
    if not found.are_met:
        raise NotYet("Something is still missing. The list “Before it can open” says what.")
