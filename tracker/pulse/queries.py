"""The published table, and how a round stands. What is open shows the share of the whole company that has answered, and no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.pulse.bank import Item, item_from
from tracker.pulse.models import PulseCode, PulseMember, PulseNode, PulseResult, PulseRound
from tracker.pulse.policy import results_seen_by, rounds_asking, rounds_read_by

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
class OpenRound:
    """An open round as whoever is asked sees it."""

    id: int
    month: date
    items: tuple[Item, ...]
    k_score: int
    k_comment: int
    has_answered: bool


@dataclass(frozen=True)
class StageAsked:
    """A closed round that asked how customers fare at a stage of their way, and the item that asked it."""

    round_id: int
    month: date
    closed_at: datetime
    item: Item


def stages_asked(viewer: Viewer) -> dict[str, StageAsked]:
    """Stage -> the newest closed round that asked about it. One query, over the rounds of the last years."""
    columns = (PulseRound.id, PulseRound.month, PulseRound.closed_at, PulseRound.items)
    newest = rounds_read_by(viewer).with_only_columns(*columns).order_by(PulseRound.id.desc()).limit(MOST_ROUNDS)
    found: dict[str, StageAsked] = {}
    for round_id, month, closed_at, stored in db.session.execute(newest):
        for item in map(item_from, stored):
            if item.stage and closed_at:
                found.setdefault(item.stage, StageAsked(round_id, month, closed_at, item))
    return found


def results(viewer: Viewer, round_ids: Iterable[int]) -> list[ResultCell]:
    """What the viewer may see of these rounds: the one source of screen, file, API, mail and print."""
    seen = results_seen_by(viewer).where(PulseResult.round_id.in_(list(round_ids)))
    rows = seen.with_only_columns(PulseResult, PulseNode.team_id, PulseNode.kind).order_by(
        PulseResult.round_id, PulseResult.node_id, PulseResult.item
    )
    return [_cell(*row) for row in db.session.execute(rows)]


def _cell(row: PulseResult, team_id: int | None, kind: str) -> ResultCell:
    counts = (row.h1, row.h2, row.h3, row.h4, row.h5)
    histogram = None if row.h1 is None else tuple(count or 0 for count in counts)
    return ResultCell(row.round_id, row.node_id, team_id, kind, row.item, row.n, row.mean, row.favourable, histogram)


def nodes_of(round_id: int) -> dict[int, Node]:
    """Every group there was, also those that are hidden: a hidden one has a row without figures, not none."""
    found = select(PulseNode.id, PulseNode.parent_id, PulseNode.team_id, PulseNode.kind, PulseNode.name)
    rows = db.session.execute(found.where(PulseNode.round_id == round_id).order_by(PulseNode.id))
    return {row.id: Node(*row) for row in rows}


def items_of(pulse_round: PulseRound) -> tuple[Item, ...]:
    return tuple(item_from(stored) for stored in pulse_round.items)


def open_round_for(viewer: Viewer) -> OpenRound | None:
    """The round that asks the viewer now, and whether they have answered it: that much they may know of themselves."""
    found = db.session.scalar(rounds_asking(viewer))
    if found is None:
        return None
    answered = select(PulseMember.answered).where(
        PulseMember.round_id == found.id, PulseMember.person_id == viewer.person_id
    )
    has_answered = bool(db.session.scalar(answered))
    return OpenRound(found.id, found.month, items_of(found), found.k_score, found.k_comment, has_answered)


def share_answered(round_id: int) -> tuple[int, int]:
    """(answered, invited) in the whole company while a round is open. Never by team."""
    members = select(func.count(), func.count().filter(PulseMember.answered.is_(True)))
    invited, answered = db.session.execute(members.where(PulseMember.round_id == round_id)).one()
    used = select(func.count()).where(PulseCode.round_id == round_id, PulseCode.used.is_(True))
    return answered + (db.session.scalar(used) or 0), invited
