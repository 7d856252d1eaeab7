"""The published table, and how a round stands. What is open shows the share of the whole company that has answered, and no more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, literal, or_, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.pulse.bank import Item, item_from
from tracker.pulse.models import PulseCode, PulseComment, PulseMember, PulseNode, PulseResult, PulseRound
from tracker.pulse.policy import (
    comments_seen_by,
    groups_heard_by,
    groups_seen_by,
    results_seen_by,
    rounds_read_by,
)

MOST_ROUNDS = 60  # five years of months


@dataclass(frozen=True)
class ResultCell:
    """One published figure of a group in a round. histogram: how many gave 1..5, where that is published too."""

    round_id: int
    node_id: int
    team_id: int | None
    kind: str
    item: str
    n: int
    mean: float
    favourable: int
    histogram: tuple[int, ...] | None


@dataclass(frozen=True)
class Node:
    """A group of the frozen tree."""

    id: int
    parent_id: int | None
    team_id: int | None
    kind: str
    name: str


@dataclass(frozen=True)
class StageAsked:
    """A closed round that asked how customers fare at a stage of their way, and the item that asked it."""

    round_id: int
    month: date
    closed_at: datetime
    item: Item


def stages_asked(viewer: Viewer, *, until: datetime | None = None) -> dict[str, StageAsked]:
    """Stage -> the newest round that asked about it, of those that closed before `until`. One query, over the last years."""
    columns = (PulseRound.id, PulseRound.month, PulseRound.closed_at, PulseRound.items)
    newest = rounds_read_by(viewer).with_only_columns(*columns).order_by(PulseRound.id.desc()).limit(MOST_ROUNDS)
    if until is not None:
        newest = newest.where(PulseRound.closed_at < until)
    found: dict[str, StageAsked] = {}
    for round_id, month, closed_at, stored in db.session.execute(newest):
        for item in map(item_from, stored):
            if item.stage and closed_at:
                found.setdefault(item.stage, StageAsked(round_id, month, closed_at, item))
    return found


def closed_months() -> list[date]:
    """The month in which each closed round closed, as its first day."""
    closed = select(PulseRound.closed_at).where(PulseRound.state == "closed", PulseRound.closed_at.is_not(None))
    return [moment.date().replace(day=1) for moment in db.session.scalars(closed) if moment]


def results(viewer: Viewer, round_ids: Iterable[int], *, node_ids: Collection[int] | None = None) -> list[ResultCell]:
    """What the viewer may see of these rounds: the one source of screen, file, API and print. node_ids: of these groups only."""
    seen = results_seen_by(viewer).where(PulseResult.round_id.in_(list(round_ids)))
    if node_ids is not None:
        seen = seen.where(PulseResult.node_id.in_(node_ids))
    rows = seen.with_only_columns(PulseResult, PulseNode.team_id, PulseNode.kind).order_by(
        PulseResult.round_id, PulseResult.node_id, PulseResult.item
    )
    return [cell_of(*row) for row in db.session.execute(rows)]


def cell_of(row: PulseResult, team_id: int | None, kind: str) -> ResultCell:
    """team_id, kind: of its node."""
    counts = (row.h1, row.h2, row.h3, row.h4, row.h5)
    histogram = None if row.h1 is None else tuple(count or 0 for count in counts)
    return ResultCell(row.round_id, row.node_id, team_id, kind, row.item, row.n, row.mean, row.favourable, histogram)


def nodes_of(round_id: int) -> dict[int, Node]:
    """Every group there was, also those that are hidden: a hidden one has a row without figures, not none."""
    return trees([round_id])[round_id]


def trees(round_ids: Iterable[int]) -> dict[int, dict[int, Node]]:
    """Every group there was, by round."""
    wanted = list(round_ids)
    found: dict[int, dict[int, Node]] = {round_id: {} for round_id in wanted}
    columns = (PulseNode.round_id, PulseNode.id, PulseNode.parent_id, PulseNode.team_id, PulseNode.kind, PulseNode.name)
    nodes = select(*columns).where(PulseNode.round_id.in_(wanted)).order_by(PulseNode.id)
    for round_id, node_id, parent_id, team_id, kind, name in db.session.execute(nodes):
        found[round_id][node_id] = Node(node_id, parent_id, team_id, kind, name)
    return found


def same_groups(node: Node, round_ids: Iterable[int]) -> dict[int, dict[int, Node]]:
    """The same group in other rounds, with the top of each, by round."""
    of_team = PulseNode.team_id == node.team_id if node.team_id is not None else PulseNode.id == node.id
    managers = and_(PulseNode.kind == "managers", literal(node.kind == "managers"))
    wanted = list(round_ids)
    found: dict[int, dict[int, Node]] = {round_id: {} for round_id in wanted}
    statement = select(PulseNode).where(
        PulseNode.round_id.in_(wanted), or_(of_team, managers, PulseNode.parent_id.is_(None))
    )
    for row in db.session.scalars(statement):
        found[row.round_id][row.id] = Node(row.id, row.parent_id, row.team_id, row.kind, row.name)
    return found


@dataclass(frozen=True)
class Said:
    """A published comment. `k` is random and says nothing."""

    k: bytes
    item: str
    text: str


def comments(viewer: Viewer, node_id: int) -> list[Said] | None:
    """What the viewer may read of a group, in an order that says nothing; None where they read no comments of it at all."""
    heard = groups_heard_by(viewer).where(PulseNode.id == node_id).with_only_columns(PulseNode.id)
    if db.session.scalar(heard) is None:
        return None
    found = comments_seen_by(viewer).where(PulseComment.node_id == node_id)
    return [Said(row.k, row.item, row.text) for row in db.session.scalars(found)]


def groups_seen(viewer: Viewer, round_id: int) -> frozenset[int]:
    """Which groups of a closed round the viewer reads about, hidden ones too."""
    seen = groups_seen_by(viewer).where(PulseNode.round_id == round_id).with_only_columns(PulseNode.id)
    return frozenset(db.session.scalars(seen))


def published_sizes(round_ids: Iterable[int]) -> dict[int, dict[str, dict[int, int]]]:
    """By round, question and group: how many answers stand behind each published cell, whoever may read it. Only to look for what
    all that everybody together can see would give away: for “Try to find me”, and for what is not followed over rounds (followed.py)."""
    sizes: dict[int, dict[str, dict[int, int]]] = {round_id: {} for round_id in round_ids}
    columns = select(PulseResult.round_id, PulseResult.item, PulseResult.node_id, PulseResult.n)
    for round_id, item, node_id, n in db.session.execute(columns.where(PulseResult.round_id.in_(list(sizes)))):
        sizes[round_id].setdefault(item, {})[node_id] = n
    return sizes


def items_of(pulse_round: PulseRound) -> tuple[Item, ...]:
    return tuple(item_from(stored) for stored in pulse_round.items)


def share_answered(round_id: int) -> tuple[int, int]:
    """(answered, invited) in the whole company while a round is open. Never by team."""
    members = select(func.count(), func.count().filter(PulseMember.answered.is_(True)))
    invited, answered = db.session.execute(members.where(PulseMember.round_id == round_id)).one()
    used = select(func.count()).where(PulseCode.round_id == round_id, PulseCode.used.is_(True))
    return answered + (db.session.scalar(used) or 0), invited
