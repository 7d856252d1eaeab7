"""The tab “Pulse”: what came of the last results for the reader’s own group and those above it. Words alone, no figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import locale, plain_day
from tracker.pulse.bank import item_from
from tracker.pulse.models import PulsePlan, PulseRound
from tracker.pulse.plan_policy import plans_told_to
from tracker.pulse.plan_queries import with_people
from tracker.pulse.policy import rounds_read_by

MOST_TOLD = 5


@dataclass(frozen=True)
class Line:
    """One action: its words (what was done, else what will be), and what they are about."""

    id: int
    words: str
    group: str
    question: str
    standing: str


@dataclass(frozen=True)
class Told:
    """month: of the round that closed last. more: how many lines there is no room for."""

    month: date
    done: list[Line]
    planned: list[Line]
    more: int

    @property
    def is_empty(self) -> bool:
        return not self.done and not self.planned


def told(viewer: Viewer) -> Told | None:
    """None where no round has results yet, and at a shared terminal, whose screen others pass. Two queries."""
    last = None if viewer.by_pin else db.session.scalar(rounds_read_by(viewer).limit(1))
    if last is None:
        return None
    of_rounds = with_people(plans_told_to(viewer)).join(PulseRound, PulseRound.id == PulsePlan.round_id)
    asked: dict[PulsePlan, list[dict[str, object]]] = dict(
        db.session.execute(of_rounds.add_columns(PulseRound.items)).all()
    )
    found = chosen(asked, last.id, last.closed_at or last.closes_at)
    lines = [(plan, _line(plan, asked[plan], viewer.today)) for plan in found[:MOST_TOLD]]
    return Told(
        last.month,
        [line for plan, line in lines if plan.done],
        [line for plan, line in lines if not plan.done],
        len(found) - len(lines),
    )


def chosen(plans: Iterable[PulsePlan], last_id: int, closed_at: datetime) -> list[PulsePlan]:
    """Those that run, that are about the last results, or were done or moved since: done ones first, the newest on top, then by day."""
    lately = [plan for plan in plans if not plan.is_given_up and _is_of_late(plan, last_id, closed_at)]
    done = sorted(((plan.done_at, plan.id, plan) for plan in lately if plan.done_at), reverse=True)
    planned = sorted((plan.due_on, plan.id, plan) for plan in lately if not plan.done_at)
    return [plan for *_order, plan in (*done, *planned)]


def _is_of_late(plan: PulsePlan, last_id: int, closed_at: datetime) -> bool:
    if plan.runs or plan.round_id == last_id:
        return True
    return any(moment is not None and moment >= closed_at for moment in (plan.done_at, plan.moved_at))


def _line(plan: PulsePlan, items: list[dict[str, object]], today: date) -> Line:
    stored = next((item for item in items if item["key"] == plan.item), None)
    question = item_from(stored).text(locale().language) if stored else ""
    return Line(plan.id, plan.done or plan.text, _group(plan), question, _standing(plan, today))


def _group(plan: PulsePlan) -> str:
    if plan.team is not None:
        return plan.team.name
    return _("Managers") if plan.kind == "managers" else _("The whole company")


def _standing(plan: PulsePlan, today: date) -> str:
    if plan.is_moved:
        return _("The figure has moved since. Read there how sure that is.")
    if plan.done:
        return _("It stays open until the figure moves.")
    said = {"name": plan.owner.name, "day": plain_day(plan.due_on)}
    if plan.due_on < today:
        return _("%(name)s, was to be done by %(day)s", **said)
    return _("%(name)s, by %(day)s", **said)
