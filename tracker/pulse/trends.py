"""One group from round to round: each question’s published figures with their ranges, joined where nobody could guess from it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.core.audience import Viewer
from tracker.pulse.bank import Item
from tracker.pulse.followed import Key, key_of, not_followed
from tracker.pulse.queries import Node, ResultCell, results, same_groups, trees
from tracker.pulse.result_rules import Estimate, estimate
from tracker.pulse.result_table import ClosedRound, same_group, top_of

MOST_ROUNDS = 24


@dataclass(frozen=True)
class Point:
    """A round that asked a question. cell: None where it is hidden; is_joined: whether a line may lead here from the point before."""

    month: date
    cell: ResultCell | None
    estimate: Estimate | None
    is_joined: bool


def trends(viewer: Viewer, node: Node, items: Iterable[Item], rounds: Sequence[ClosedRound]) -> dict[str, list[Point]]:
    """By question, oldest first. rounds: newest first. At most seven queries."""
    lately = rounds[:MOST_ROUNDS][::-1]
    places = same_groups(node, [one.id for one in lately])
    mine = {one.id: same_group(node, places[one.id]) for one in lately}
    wanted = {node_id for nodes in places.values() for node_id in nodes}
    cells = {(cell.node_id, cell.item): cell for cell in results(viewer, mine, node_ids=wanted)}
    found = {}
    for item in items:
        asked = [one for one in lately if any(other.key == item.key for other in one.items)]
        found[item.key] = [
            (one, _cell(cells, mine[one.id], item), cells.get((top_of(places[one.id]).id, item.key))) for one in asked
        ]
    neighbours = [pair for asked in found.values() for pair in _neighbours(asked)]
    opened_at = {one.id: one.opened_at for one in lately}
    apart = not_followed(neighbours, opened_at, trees(opened_at)) if neighbours else set()
    return {item.key: _points(item, found[item.key], apart) for item in items}


Asked = tuple[ClosedRound, ResultCell | None, ResultCell | None]  # round, the group's cell, the company's


def _cell(cells: Mapping[tuple[int, str], ResultCell], node: Node | None, item: Item) -> ResultCell | None:
    return cells.get((node.id, item.key)) if node else None


def _neighbours(asked: Sequence[Asked]) -> Iterable[tuple[ResultCell, ResultCell]]:
    for (_one, before, _company), (_other, after, _companys) in pairwise(asked):
        if before and after:
            yield before, after


def _points(item: Item, asked: Sequence[Asked], apart: Collection[Key]) -> list[Point]:
    points = []
    before: ResultCell | None = None
    for one, cell, company in asked:
        joined = bool(before and cell and key_of((before, cell)) not in apart)
        points.append(Point(one.month, cell, estimate(cell, company, item.scale) if cell else None, joined))
        before = cell
    return points
