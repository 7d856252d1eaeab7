"""One round's results as one viewer reads them: the groups in the order of the tree, each with its published cells and its hidden ones.

Screen, print, files and API are all made from this table, which is made from queries.results and nothing else; messages carry no figure.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.queries import team_of
from tracker.pulse.bank import Item, drivers
from tracker.pulse.followed import Key, key_of, not_followed
from tracker.pulse.models import PulseRound
from tracker.pulse.policy import rounds_read_by
from tracker.pulse.queries import Node, ResultCell, groups_seen, items_of, results, trees
from tracker.pulse.result_rules import Change, Estimate, change, estimate, gap_chance, gap_tone

LANGUAGE = "en"  # staff pages; the questions themselves are kept in three


@dataclass(frozen=True)
class ClosedRound:
    """A round that has results. answered: None where that would be too few to say."""

    id: int
    month: date
    opened_at: datetime
    closed_at: datetime
    items: tuple[Item, ...]
    k_score: int
    k_comment: int
    invited: int
    answered: int | None


@dataclass(frozen=True)
class Answered:
    """One question in one group. cell: None where it is hidden to protect people. before: the month it is compared with."""

    item: Item
    cell: ResultCell | None
    company: ResultCell | None
    before: ResultCell | None = None
    before_month: date | None = None
    change: Change | None = None
    is_guessable: bool = False  # published both times, but a change would let somebody guess

    @property
    def estimate(self) -> Estimate | None:
        return estimate(self.cell, self.company, self.item.scale) if self.cell else None

    @property
    def tone(self) -> str:
        return gap_tone(self.cell, self.company, self.item.scale) if self.cell else ""

    @property
    def chance(self) -> float | None:
        return gap_chance(self.cell, self.company, self.item.scale) if self.cell else None


@dataclass(frozen=True)
class Row:
    """A group: how deep it lies among those shown, and every question of the round."""

    node: Node
    depth: int
    answers: tuple[Answered, ...]

    @property
    def is_hidden(self) -> bool:
        return all(answer.cell is None for answer in self.answers)


@dataclass(frozen=True)
class Table:
    round: ClosedRound
    rows: tuple[Row, ...]

    def row(self, node_id: int) -> Row | None:
        return next((row for row in self.rows if row.node.id == node_id), None)


def closed_rounds(viewer: Viewer) -> list[ClosedRound]:
    """Newest first."""
    return [_closed(row) for row in db.session.scalars(rounds_read_by(viewer))]


def table(viewer: Viewer, this: ClosedRound, rounds: Iterable[ClosedRound]) -> Table:
    """A bounded number of queries, however many groups there are. rounds: all that have results, newest first."""
    earlier = _last_asked(this, [one for one in rounds if one.closed_at < this.closed_at])
    involved = {one.id: one for one in (this, *(found for found in earlier.values() if found))}
    forest = trees(involved)
    cells = {(cell.node_id, cell.item): cell for cell in results(viewer, involved)}
    apart = not_followed(
        _pairs(this, earlier, forest, cells), {one.id: one.opened_at for one in involved.values()}, forest
    )
    seen = groups_seen(viewer, this.id)
    rows = [
        Row(node, depth, tuple(_answers(node, this, earlier, forest, cells, apart)))
        for node, depth in _in_order(forest[this.id], seen)
    ]
    return Table(this, tuple(rows))


def own_group(viewer: Viewer, made: Table) -> int | None:
    """The lowest group of the viewer’s own of which something is shown, by the team of today."""
    team = team_of(viewer.person_id, viewer.today)
    by_team = {row.node.team_id: row for row in made.rows}
    row = by_team.get(team.id) if team else None
    while row is not None and row.is_hidden and row.node.parent_id is not None:
        row = made.row(row.node.parent_id)
    return row.node.id if row else None


def name_of(node: Node) -> str:
    return _("Managers") if node.kind == "managers" else node.name


def label_of(item: Item) -> str:
    """What a question is about, in a few words; where it belongs to no driver the question itself."""
    driver = drivers().get(item.driver or "")
    return driver.names[LANGUAGE] if driver else item.text(LANGUAGE)


def top_of(nodes: Mapping[int, Node]) -> Node:
    return next(node for node in nodes.values() if node.parent_id is None)


def same_group(node: Node, nodes: Mapping[int, Node]) -> Node | None:
    """The group of another round that stands for the same team; tops and managers for each other."""
    if node.parent_id is None:
        return top_of(nodes)
    if node.kind == "managers":
        return next((one for one in nodes.values() if one.kind == "managers"), None)
    if node.team_id is None:  # the team is gone
        return None
    return next((one for one in nodes.values() if one.team_id == node.team_id and one.parent_id is not None), None)


def _closed(row: PulseRound) -> ClosedRound:
    opened_at, closed_at = row.opened_at or row.opens_at, row.closed_at or row.closes_at
    answered = row.answered if row.answered is not None and row.answered >= row.k_score else None
    return ClosedRound(
        row.id,
        row.month,
        opened_at,
        closed_at,
        items_of(row),
        row.k_score,
        row.k_comment,
        row.invited or 0,
        answered,
    )


def _last_asked(this: ClosedRound, earlier: Iterable[ClosedRound]) -> dict[str, ClosedRound | None]:
    """The newest round before this one that asked the same question, by question."""
    asked = [(one, {item.key for item in one.items}) for one in earlier]
    return {item.key: next((one for one, keys in asked if item.key in keys), None) for item in this.items}


Cells = Mapping[tuple[int, str], ResultCell]
Forest = Mapping[int, Mapping[int, Node]]


def _pairs(
    this: ClosedRound, earlier: Mapping[str, ClosedRound | None], forest: Forest, cells: Cells
) -> Iterable[tuple[ResultCell, ResultCell]]:
    """Published cells of one group and question in both rounds: before, after."""
    for (node_id, key), cell in cells.items():
        found = earlier.get(key)
        if cell.round_id != this.id or found is None:
            continue
        before = same_group(forest[this.id][node_id], forest[found.id])
        if before is not None and (then := cells.get((before.id, key))):
            yield then, cell


def _answers(
    node: Node,
    this: ClosedRound,
    earlier: Mapping[str, ClosedRound | None],
    forest: Forest,
    cells: Cells,
    apart: Collection[Key],
) -> Iterable[Answered]:
    top = top_of(forest[this.id]).id
    looks = sum(earlier[item.key] is not None for item in this.items)
    for item in this.items:
        cell, company, found = cells.get((node.id, item.key)), cells.get((top, item.key)), earlier[item.key]
        same = same_group(node, forest[found.id]) if found else None
        before = cells.get((same.id, item.key)) if same else None
        if cell is None or before is None or found is None:
            yield Answered(item, cell, company)
            continue
        of_company = cells.get((top_of(forest[found.id]).id, item.key))
        is_guessable = key_of((before, cell)) in apart
        moved = None if is_guessable else change((before, of_company), (cell, company), item.scale, looks=max(looks, 1))
        yield Answered(item, cell, company, before, found.month, moved, is_guessable)


def _in_order(nodes: Mapping[int, Node], seen: Collection[int]) -> Iterable[tuple[Node, int]]:
    """Those that are seen, depth first, by name; managers after the teams beside them. Depth counts those that are seen."""
    beneath: dict[int | None, list[Node]] = {}
    for node in nodes.values():
        beneath.setdefault(node.parent_id, []).append(node)

    def walk(parent_id: int | None, depth: int) -> Iterable[tuple[Node, int]]:
        for node in sorted(beneath.get(parent_id, []), key=lambda one: (one.kind == "managers", one.name, one.id)):
            is_seen = node.id in seen
            if is_seen:
                yield node, depth
            yield from walk(node.id, depth + is_seen)

    return walk(None, 0)
