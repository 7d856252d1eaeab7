"""Plans with the readings of their measure, all from published cells."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.pulse.bank import Item, item_from
from tracker.pulse.followed import Key, Pair, key_of, not_followed
from tracker.pulse.models import PulseNode, PulsePlan, PulseResult, PulseRound
from tracker.pulse.plan_policy import plans_seen_by, results_planned_by
from tracker.pulse.plan_rules import Measured, State, has_moved, state_of, verdict
from tracker.pulse.policy import results_seen_by, rounds_read_by
from tracker.pulse.queries import ResultCell, cell_of, trees
from tracker.pulse.result_rules import Verdict

ORDER = [State.LATE, State.OPEN, State.DONE, State.MOVED, State.GIVEN_UP]


@dataclass(frozen=True)
class AskedRound:
    """A closed round in which a question was asked."""

    id: int
    month: date


@dataclass(frozen=True)
class PlanRow:
    """A plan as a viewer sees it. rounds: those that asked its question, oldest first, from the one before the plan's on.
    readings: by round, where the figure of its group is published and the viewer's to read; nothing where it is hidden."""

    plan: PulsePlan
    item: Item
    state: State
    owner_left: bool
    rounds: Sequence[AskedRound] = ()
    readings: Mapping[int, Measured] = field(default_factory=dict)
    apart: Collection[Key] = ()  # figures of two rounds that are not compared (followed.py)

    @property
    def before(self) -> Measured | None:
        """The cell that the plan was made from; None for whoever does not read it."""
        return self.readings.get(self.plan.round_id)

    @property
    def later(self) -> list[AskedRound]:
        """Rounds since, oldest first."""
        ids = [asked.id for asked in self.rounds]
        return list(self.rounds[ids.index(self.plan.round_id) + 1 :]) if self.plan.round_id in ids else []

    @property
    def moved_in(self) -> AskedRound | None:
        """The first round in which the measure was where it was to be."""
        known = ((asked, self.readings.get(asked.id)) for asked in self.later)
        return next((asked for asked, found in known if found and has_moved(found.mean, self.plan.aim)), None)

    @property
    def sure(self) -> Verdict | None:
        """How sure the change is, once it has moved; None where that cannot be told."""
        if self.before is None or self.moved_in is None:
            return None
        moved = self.readings[self.moved_in.id]
        is_apart = key_of((self.before.cell, moved.cell)) in self.apart
        return None if is_apart else verdict(self.before, moved, self.item.scale)

    def compared(self) -> list[Pair]:
        """What is said to have changed: where it began, and where it was there."""
        if self.before is None or self.moved_in is None:
            return []
        return [(self.before.cell, self.readings[self.moved_in.id].cell)]

    def neighbours(self) -> list[Pair]:
        """Readings of one round and the next, where both are shown."""
        found = [self.readings.get(asked.id) for asked in self.rounds]
        return [(before.cell, after.cell) for before, after in pairwise(found) if before and after]


def with_people(scope: Select[PulsePlan]) -> Select[PulsePlan]:
    return scope.options(joinedload(PulsePlan.owner), joinedload(PulsePlan.team))


def plan_rows(viewer: Viewer, plans: Sequence[PulsePlan] | None = None) -> list[PlanRow]:
    """Those given, or all that the viewer sees: first what is late, then by the day it is due. At most eight queries."""
    if plans is None:
        plans = list(db.session.scalars(with_people(plans_seen_by(viewer))))
    rounds = list(db.session.scalars(rounds_read_by(viewer)))[::-1] if plans else []
    readings = readings_of(results_seen_by(viewer), [plan.id for plan in plans])
    rows = _with_apart([_row(plan, rounds, readings[plan.id], viewer.today) for plan in plans], rounds)
    return sorted(rows, key=lambda row: (ORDER.index(row.state), row.plan.due_on, row.plan.id))


def _with_apart(rows: Sequence[PlanRow], rounds: Iterable[PulseRound]) -> list[PlanRow]:
    """Of one plan by itself, whose chart is drawn, also what lies between its rounds."""
    pairs = [pair for row in rows for pair in (*row.compared(), *(row.neighbours() if len(rows) == 1 else ()))]
    involved = {cell.round_id for pair in pairs for cell in pair}
    opened_at = {one.id: one.opened_at or one.opens_at for one in rounds if one.id in involved}
    apart = not_followed(pairs, opened_at, trees(involved)) if pairs else set()
    return [replace(row, apart=apart) for row in rows]


def told_of_groups(viewer: Viewer, groups: Collection[tuple[str, int | None]] | None = None) -> list[PlanRow]:
    """For pages of results: plans that run, and what was done, of the groups (kind, team) that are shown there (None: of all that
    the viewer sees); those that were given up are on their own page."""
    rows = [row for row in plan_rows(viewer) if row.state != State.GIVEN_UP]
    return [row for row in rows if groups is None or (row.plan.kind, row.plan.team_id) in groups]


def _row(plan: PulsePlan, rounds: Sequence[PulseRound], readings: Mapping[int, Measured], today: date) -> PlanRow:
    stored = {one.id: next((item for item in one.items if item["key"] == plan.item), None) for one in rounds}
    asked = [AskedRound(one.id, one.month) for one in rounds if stored[one.id]]
    newest = next((item for item in reversed(stored.values()) if item), None)
    item = item_from(newest) if newest else Item(plan.item, {"en": plan.item})
    left = plan.owner.ended_on is not None and plan.owner.ended_on <= today
    return PlanRow(plan, item, state_of(plan, today), left, asked, readings)


def readings_of(cells: Select[PulseResult], plan_ids: Iterable[int]) -> dict[int, dict[int, Measured]]:
    """plan id -> round id -> what is published for its group and question, among the cells of a scope (with their nodes joined)."""
    found: dict[int, dict[int, Measured]] = defaultdict(dict)
    ids = list(plan_ids)
    if not ids:
        return found
    same_group = or_(
        PulseNode.team_id == PulsePlan.team_id,
        and_(PulsePlan.team_id.is_(None), PulseNode.kind == PulsePlan.kind),
    )
    joined = cells.join(PulsePlan, and_(PulsePlan.item == PulseResult.item, same_group)).where(PulsePlan.id.in_(ids))
    rows = db.session.execute(joined.with_only_columns(PulsePlan.id, PulseResult, PulseNode)).all()
    tops = companys(cells, (cell for _plan_id, cell, _node in rows))
    for plan_id, cell, node in rows:
        found[plan_id][cell.round_id] = measured(cell, node, tops)
    return found


Tops = Mapping[tuple[int, str], tuple[ResultCell, int]]


def companys(cells: Select[PulseResult], those: Iterable[PulseResult]) -> Tops:
    """(round, question) -> the whole company's cell, and how many questions the round had."""
    wanted = {(cell.round_id, cell.item) for cell in those}
    rounds = {round_id for round_id, _item in wanted}
    if not rounds:
        return {}
    tops = cells.join(PulseRound, PulseRound.id == PulseResult.round_id).where(
        PulseNode.parent_id.is_(None), PulseResult.round_id.in_(rounds)
    )
    rows = db.session.execute(tops.with_only_columns(PulseResult, PulseNode, PulseRound))
    return {
        (cell.round_id, cell.item): (cell_of(cell, node.team_id, node.kind), len(pulse_round.items))
        for cell, node, pulse_round in rows
        if (cell.round_id, cell.item) in wanted
    }


def measured(cell: PulseResult, node: PulseNode, tops: Tops) -> Measured:
    company, questions = tops.get((cell.round_id, cell.item), (None, 1))
    return Measured(cell_of(cell, node.team_id, node.kind), company, questions)


@dataclass(frozen=True)
class PlannedCell:
    """A published cell about which the viewer may make a plan."""

    round_id: int
    month: date
    node_id: int
    kind: str
    team_id: int | None
    group: str
    item: Item
    figure: Measured


def planned_cells(viewer: Viewer, *, node_id: int) -> list[PlannedCell]:
    """Of one group in one round, in the order of the questions."""
    rows = db.session.execute(_with_round(results_planned_by(viewer), node_id=node_id)).all()
    tops = companys(results_seen_by(viewer), (cell for cell, _node, _round in rows))
    return [_planned(*row, tops) for row in rows]


def planned(viewer: Viewer, cell: PulseResult, node: PulseNode, pulse_round: PulseRound) -> PlannedCell:
    return _planned(cell, node, pulse_round, companys(results_seen_by(viewer), [cell]))


def seen_scope(viewer: Viewer, *, node_id: int, item: str) -> Select[PulseResult, PulseNode, PulseRound]:
    return _with_round(results_seen_by(viewer), node_id=node_id).where(PulseResult.item == item)


def _with_round(cells: Select[PulseResult], *, node_id: int) -> Select[PulseResult, PulseNode, PulseRound]:
    joined = cells.join(PulseRound, PulseRound.id == PulseResult.round_id).where(
        PulseResult.node_id == node_id, PulseRound.state == "closed"
    )
    return joined.with_only_columns(PulseResult, PulseNode, PulseRound).order_by(PulseResult.item)


def _planned(cell: PulseResult, node: PulseNode, pulse_round: PulseRound, tops: Tops) -> PlannedCell:
    stored = next(item for item in pulse_round.items if item["key"] == cell.item)
    return PlannedCell(
        cell.round_id,
        pulse_round.month,
        node.id,
        node.kind,
        node.team_id,
        node.name,
        item_from(stored),
        measured(cell, node, tops),
    )


def rounds_to_plan(viewer: Viewer) -> list[int]:
    """Closed rounds, newest first."""
    return list(db.session.scalars(rounds_read_by(viewer).with_only_columns(PulseRound.id)))


def groups_to_plan(viewer: Viewer, *, round_id: int | None = None, top: bool = False) -> list[tuple[int, str]]:
    """(node, name) of every group of a closed round, the newest unless one is named, for which the viewer may make a plan; top: of
    the largest alone."""
    if round_id is None:
        round_id = db.session.scalar(rounds_read_by(viewer).with_only_columns(PulseRound.id).limit(1))
    cells = results_planned_by(viewer).where(PulseResult.round_id == round_id)
    if top:
        cells = cells.where(PulseNode.parent_id.is_(None))
    rows = cells.with_only_columns(PulseNode.id, PulseNode.name).distinct().order_by(PulseNode.name, PulseNode.id)
    return [(node_id, name) for node_id, name in db.session.execute(rows)]
