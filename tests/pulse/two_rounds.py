"""The third attacker: two rounds side by side, with those who joined, left or changed teams in between."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tests.pulse.attacker import FEWEST_FOR_UNANIMITY, Cells
from tests.pulse.organisations import BoolArray, IntArray, Organisation, random_organisation


@dataclass(frozen=True)
class Round:
    """parent (nodes,); place (people,): each one's node, -1 if no member; star (people,): the answer 1..5, 0 if none.

    Node i and person i are the same in every round; a node that was closed stays, without people.
    """

    parent: IntArray
    place: IntArray
    star: IntArray

    @cached_property
    def organisation(self) -> Organisation:
        stars = np.zeros((len(self.parent), 5), dtype=np.int64)
        answered = self.star > 0
        np.add.at(stars, (self.place[answered], self.star[answered] - 1), 1)
        return Organisation(self.parent, stars)

    def members(self, node: int) -> BoolArray:
        """(people,): who belongs to the node or one beneath it, answered or not."""
        return np.isin(self.place, sorted(self.organisation.within[node]))

    def remainder(self, node: int, shown: BoolArray) -> BoolArray:
        """(people,): who is left of a node without the published nodes beneath it."""
        rest = self.members(node)
        for other in self.organisation.within[node] - {node}:
            if shown[other]:
                rest &= ~self.members(other)
        return rest


def random_rounds(rng: np.random.Generator) -> tuple[Round, Round]:
    """Two rounds of one company: a team moves, one gets a new name, one closes; some people join, leave and change."""
    organisation = random_organisation(rng)
    people = rng.poisson(np.array(organisation.own) * 1.2)
    place = np.repeat(np.arange(len(people)), people)
    newcomers = int(rng.integers(1, 4))
    before = np.concatenate([place, np.full(newcomers, -1)])
    after = np.concatenate([place, rng.choice(len(people), newcomers)])
    for _ in range(int(rng.integers(0, 4))):
        after[rng.integers(len(after))] = rng.integers(-1, len(people))
    parent, later_parent, after = _rebuilt(organisation.parent, after, rng)
    return Round(parent, before, _answers(before, rng)), Round(later_parent, after, _answers(after, rng))


def _rebuilt(parent: IntArray, place: IntArray, rng: np.random.Generator) -> tuple[IntArray, IntArray, IntArray]:
    """One lowest team moves elsewhere, one closes into the node above, one goes on as a new node (empty at first)."""
    lowest = [node for node in range(len(parent)) if node not in parent and parent[node] >= 0]
    moved, closed, renamed = rng.choice(lowest, 3)
    offices = [node for node in range(len(parent)) if node in parent]
    place = np.where(place == closed, parent[closed], place)
    place = np.where(place == renamed, len(parent), place)
    with_new = np.append(parent, parent[renamed])
    later = with_new.copy()
    later[moved] = rng.choice(offices)
    return with_new, later, place


def _answers(place: IntArray, rng: np.random.Generator) -> IntArray:
    answering = (place >= 0) & (rng.random(len(place)) < rng.uniform(0.4, 1.0))
    return np.where(answering, rng.integers(1, 6, len(place)), 0)


def groups_of_rounds(
    rounds: tuple[Round, Round], shown: tuple[BoolArray, BoolArray], *, afresh: bool
) -> tuple[set[Cells], dict[int, int]]:
    """The published groups of both rounds, and how many answers each cell has, for `small_sets`.

    A cell is people who were in one node before and in one after, and who answered in the same rounds. With `afresh`
    its answers in each round are unknowns of their own, so that a small set is one of a single round; else, as where
    a former answer stands until the next, they are one.
    """
    history = np.stack([column for each in rounds for column in (each.place, each.star > 0)], axis=1)
    _, cell = np.unique(history, axis=0, return_inverse=True)
    columns = [cell.reshape(-1), cell.reshape(-1) + (int(cell.max()) + 1 if afresh else 0)]
    groups, answers = set[Cells](), dict[int, int]()
    for each, visible, column in zip(rounds, shown, columns, strict=True):
        answers |= _counts(column[each.star > 0])
        for node in np.flatnonzero(visible):
            groups.add(frozenset(int(number) for number in column[each.members(int(node)) & (each.star > 0)]))
    return groups - {frozenset()}, answers


def _counts(numbers: IntArray) -> dict[int, int]:
    values, counts = np.unique(numbers, return_counts=True)
    return {int(value): int(count) for value, count in zip(values, counts, strict=True)}


def carried_over(before: Round, after: Round) -> Round:
    """The later round as a product shows it that lets a former answer stand: who has answered before need not again."""
    return Round(after.parent, after.place, np.where(after.place < 0, 0, np.maximum(before.star, after.star)))


def trends_to_break(rounds: tuple[Round, Round], shown: tuple[BoolArray, BoolArray]) -> set[int]:
    """Nodes published in both rounds whose change would be one or two known people's: no line, no change figure."""
    both = np.flatnonzero(shown[0] & shown[1])
    return {int(node) for node in both if _tells_of_few(rounds, tuple(each.members(int(node)) for each in rounds))}


def trends_of_remainders(rounds: tuple[Round, Round], shown: tuple[BoolArray, BoolArray]) -> set[int]:
    """Nodes without such a change, whose remainder (less the published nodes beneath) has one all the same."""
    before, after = rounds
    both = {int(node) for node in np.flatnonzero(shown[0] & shown[1])} - trends_to_break(rounds, shown)
    remainders = {node: (before.remainder(node, shown[0]), after.remainder(node, shown[1])) for node in both}
    return {node for node, parts in remainders.items() if _tells_of_few(rounds, parts)}


def _tells_of_few(rounds: tuple[Round, Round], members: tuple[BoolArray, ...]) -> bool:
    answers = [int(np.sum(who & (each.star > 0))) for each, who in zip(rounds, members, strict=True)]
    changed = int(np.sum(members[0] != members[1]))
    return 0 < min(answers) < FEWEST_FOR_UNANIMITY and 1 <= changed <= 2
