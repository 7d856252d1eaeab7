"""“Try to find me”: the attack that anybody could run on one’s own answers, with all that everybody together can see.

Of each question the sizes (and means) of the published groups are known. Whoever knows them all can add and subtract them, and that is
all: what comes out is a sum of the rows of the matrix published groups × answers. In a tree two groups lie apart or one within the
other, so each published group less the largest published groups within it is a remainder, the remainders lie apart, and every sum of
rows that is again a set of people is a union of remainders. The smallest one that holds somebody’s answers is therefore the remainder
of the lowest published group around them. tests/pulse/test_try_to_find.py holds this against exact row reduction.

Nothing of it is stored, and whether somebody answered it cannot know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.core.audience import Viewer
from tracker.pulse.bank import Item
from tracker.pulse.frozen import node_of_person, openings_of, upwards
from tracker.pulse.queries import Node, nodes_of, published_sizes
from tracker.pulse.result_table import ClosedRound

Parents = Mapping[int, int | None]


@dataclass(frozen=True)
class Remainder:
    """The lowest published group around somebody, how many answers it holds, and the largest published groups within it."""

    node_id: int
    n: int
    within: tuple[int, ...]
    taken: int

    @property
    def left(self) -> int:
        return self.n - self.taken


@dataclass(frozen=True)
class Found:
    """What can be known of one question. around: None where nothing is shown that could hold an answer of theirs."""

    item: Item
    remainder: Remainder | None
    hidden: tuple[Node, ...]  # the own group and those above it that are not shown by themselves, nearest first
    around: Node | None


@dataclass(frozen=True)
class Search:
    """own: the group they were asked in, None where they were not asked. smallest: of all questions, None where nothing is shown."""

    own: Node | None
    questions: tuple[Found, ...]

    @property
    def smallest(self) -> int | None:
        return min((found.remainder.left for found in self.questions if found.remainder), default=None)


def search(viewer: Viewer, this: ClosedRound) -> Search:
    """The attack on the viewer’s own answers, by the group in which they were asked."""
    nodes, sizes = nodes_of(this.id), published_sizes([this.id])[this.id]
    [opening] = openings_of([(this.opened_at, nodes)])
    own = node_of_person(viewer.person_id, opening)
    if own is None:
        return Search(None, ())
    parents = {node.id: node.parent_id for node in nodes.values()}
    questions = [_found(item, own, nodes, remainder(parents, sizes.get(item.key, {}), own)) for item in this.items]
    return Search(nodes[own], tuple(questions))


def remainder(parents: Parents, sizes: Mapping[int, int], own: int) -> Remainder | None:
    """parents: node -> the node above; sizes: published node -> answers in it and beneath; own: where somebody was asked.

    None where no published group holds them, or where nobody of what is left answered: then nothing that is shown can be theirs.
    """
    around = next((node for node in _upwards(parents, own) if node in sizes), None)
    if around is None:
        return None
    within = tuple(sorted(node for node in sizes if node != around and _lowest_above(parents, sizes, node) == around))
    found = Remainder(around, sizes[around], within, sum(sizes[node] for node in within))
    return found if found.left else None


def _found(item: Item, own: int, nodes: Mapping[int, Node], found: Remainder | None) -> Found:
    if found is None:
        return Found(item, None, (), None)
    path = list(upwards(nodes, own))
    hidden = path[: path.index(found.node_id)]
    return Found(item, found, tuple(nodes[node_id] for node_id in hidden), nodes[found.node_id])


def _lowest_above(parents: Parents, sizes: Mapping[int, int], node: int) -> int | None:
    """The lowest published group above a published one."""
    return next((above for above in _upwards(parents, parents[node]) if above in sizes), None)


def _upwards(parents: Parents, node: int | None) -> Iterable[int]:
    while node is not None:
        yield node
        node = parents[node]
