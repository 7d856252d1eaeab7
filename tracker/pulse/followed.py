"""Which published figures are not followed from one round to the next, for somebody who knows who came or went could guess from them.

A group’s own, and what is left of it without the largest shown groups within it: that rest’s figures follow from those of the others.
Every figure that can be worked out from one round is of such rests put together, and two of them are ten answers or more.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.pulse.frozen import openings_of, people_of
from tracker.pulse.queries import Node, ResultCell, published_sizes
from tracker.pulse.result_rules import guessable

Beneath = Mapping[int | None, Collection[int]]  # node id -> those right beneath it
Pair = tuple[ResultCell, ResultCell]  # one group and question in two rounds: before, after
Key = tuple[int, int, str]  # the two node ids, and the question


@dataclass(frozen=True)
class Part:
    """Some of a round’s people, by the nodes in which they were asked, and how many of them answered a question."""

    n: int
    nodes: frozenset[int]


def key_of(pair: Pair) -> Key:
    before, after = pair
    return before.node_id, after.node_id, after.item


def not_followed(
    pairs: Iterable[Pair], opened_at: Mapping[int, datetime], trees: Mapping[int, Mapping[int, Node]]
) -> set[Key]:
    """Of published cells in two rounds those that are not compared. Both maps are by round. At most four queries."""
    pairs = list(pairs)
    sizes = published_sizes(trees) if pairs else {}
    beneath = {round_id: beneath_each(nodes.values()) for round_id, nodes in trees.items()}

    def own(cell: ResultCell) -> Part:
        return Part(cell.n, everything(cell.node_id, beneath[cell.round_id]))

    def rest(cell: ResultCell) -> Part:
        return rest_of(cell.node_id, beneath[cell.round_id], sizes[cell.round_id][cell.item])

    few = [
        (key_of((before, after)), part(before), part(after))
        for before, after in pairs
        for part in (own, rest)
        if part is rest or guessable(before.n, after.n, differing=1)
    ]
    few = [(key, then, now) for key, then, now in few if then.n and now.n and guessable(then.n, now.n, differing=1)]
    if not few:
        return set()
    people = people_of(
        openings_of((opened_at[round_id], nodes) for round_id, nodes in trees.items()),
        {part.nodes for _key, *of_both in few for part in of_both},
    )
    return {
        key for key, then, now in few if guessable(then.n, now.n, differing=len(people[then.nodes] ^ people[now.nodes]))
    }


def beneath_each(nodes: Iterable[Node]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = {}
    for node in nodes:
        found.setdefault(node.parent_id, []).append(node.id)
    return found


def everything(node_id: int, beneath: Beneath) -> frozenset[int]:
    """A node and all beneath it."""
    return rest_of(node_id, beneath, {node_id: 0}).nodes


def rest_of(node_id: int, beneath: Beneath, shown: Mapping[int, int]) -> Part:
    """What is left of a shown node without the largest shown ones within it. shown: node id -> answers, where that is published.

    No answers at all where nothing is left, or nothing that anybody could work out.
    """
    n, nodes, waiting = shown[node_id], {node_id}, list(beneath.get(node_id, ()))
    while waiting:
        one = waiting.pop()
        if one in shown:
            n -= shown[one]
        else:
            nodes.add(one)
            waiting.extend(beneath.get(one, ()))
    return Part(n, frozenset(nodes))
