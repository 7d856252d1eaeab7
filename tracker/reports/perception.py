"""The perception gap: how many of staff say that customers get an excellent experience, beside how many customers say so.

Of staff only published cells of the pulse are read, as the viewer may see them; what is hidden there is in no row here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.policy import teams_led_and_beneath
from tracker.pulse.queries import Node, ResultCell, StageAsked, nodes_of, results, stages_asked
from tracker.ratings.fall_queries import TOLD_LATER
from tracker.ratings.models import STAGES
from tracker.reports.perception_customers import NOBODY, WHOLE, Said, said_about
from tracker.reports.perception_rules import Gap, apart, staff_share
from tracker.reports.periods import Period, period_before
from tracker.reports.ranges import share_of_customers
from tracker.reports.rated_people import groups_spoken_of, spoken_to, ways_up


@dataclass(frozen=True)
class Stage:
    """One stage of the customers’ way. rows: the groups that the viewer reads, from the whole company down; perhaps none. people: of
    every group of the round, how many customers rated; for what may be shown, and never shown itself."""

    key: str
    asked: StageAsked
    period: Period
    rows: tuple[Gap, ...]
    people: tuple[tuple[Node, int], ...] = ()


def perception(viewer: Viewer, *, five: bool = False, until: datetime | None = None) -> list[Stage]:
    """The stages that a closed round has asked about, in the customers’ order. five: customers’ fives alone count as happy; until:
    rounds that closed before it.

    Two queries, one more for whoever leads a team, and for each round at most five more: three stages asked together are one round.
    """
    asked = stages_asked(viewer, until=until)
    cells = results(viewer, {one.round_id for one in asked.values()}) if asked else []
    led = set(db.session.scalars(select(teams_led_and_beneath(viewer).c.id))) if asked and viewer.manages else set()
    stages: dict[str, Stage] = {}
    for round_id in sorted({one.round_id for one in asked.values()}):
        of_round = {stage: one for stage, one in asked.items() if one.round_id == round_id}
        stages |= _of_round(of_round, [cell for cell in cells if cell.round_id == round_id], led, five=five)
    return [stages[stage] for stage in STAGES if stage in stages]


def _of_round(
    asked: Mapping[str, StageAsked], cells: Iterable[ResultCell], led: Collection[int], *, five: bool
) -> dict[str, Stage]:
    one = next(iter(asked.values()))
    period = period_before(one.closed_at, told_later=TOLD_LATER)
    stage_of = {found.item.key: stage for stage, found in asked.items()}
    shown = [cell for cell in cells if cell.item in stage_of]
    nodes = nodes_of(one.round_id) if shown else {}
    teams = {cell.node_id: _teams_beneath(cell.node_id, nodes) for cell in shown if not _is_whole(nodes[cell.node_id])}
    said = said_about(teams, stages=asked, period=period) if shown else {}
    spoken = groups_spoken_of(nodes, stages=asked, period=period) if shown else {}
    told = {stage: spoken_to(one, nodes, led) for stage, one in spoken.items()}
    gaps: dict[str, list[Gap]] = {stage: [] for stage in asked}
    for cell in sorted(shown, key=lambda cell: _place(nodes[cell.node_id], nodes)):
        node, stage = nodes[cell.node_id], stage_of[cell.item]
        key = WHOLE if _is_whole(node) else cell.node_id
        found = said.get((key, stage), Said()) if node.id in told[stage] else None
        gaps[stage].append(_gap(cell, node, found, five=five))
    people = {stage: tuple((nodes[id], many) for id, many in one.people.items()) for stage, one in spoken.items()}
    return {stage: Stage(stage, asked[stage], period, tuple(gaps[stage]), people.get(stage, ())) for stage in asked}


def _gap(cell: ResultCell, node: Node, said: Said | None, *, five: bool) -> Gap:
    """said: None where it is of too few people to be spoken of."""
    sums = NOBODY if said is None else said.delighted if five else said.happy
    return Gap(
        node_id=node.id,
        team_id=node.team_id,
        name=node.name,
        kind=node.kind,
        is_top=node.parent_id is None,
        answers=cell.n,
        staff=staff_share(cell.favourable, cell.n),
        ratings=sums.ratings,
        raters=sums.customers,
        customers=share_of_customers(sums),
        apart=apart(cell.favourable, cell.n, sums),
        is_hidden=said is None,
    )


def _is_whole(node: Node) -> bool:
    """Managers answer apart; what they think is held against what the whole company’s customers say."""
    return node.parent_id is None or node.kind == "managers"


def _teams_beneath(top: int, nodes: Mapping[int, Node]) -> set[int]:
    return {node.team_id for node in nodes.values() if node.team_id and top in ways_up(node, nodes)}


def _place(node: Node, nodes: Mapping[int, Node]) -> tuple[bool, list[tuple[bool, str, int]]]:
    """Where a row stands: the company, managers, then each group after the one it belongs to, by name."""
    way = [nodes[id] for id in reversed(ways_up(node, nodes))]
    return node.parent_id is not None, [(one.kind != "managers", one.name, one.id) for one in way]
