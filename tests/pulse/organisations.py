"""Random organisations with the answers of one anonymous question, for the attackers to work on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Rule = Callable[["Organisation", int], BoolArray]

MOST_NODES = 45
TEAM_SIZES = (0, 1, 2, 4, 5, 6, 8, 9, 12, 15, 20)
OFFICE_SIZES = (0, 0, 1, 1, 2, 3, 5, 6)  # people attached to a node that has teams beneath it
LEVELS_AND_CHILDREN = {"deep": (5, 1, 2), "wide": (3, 3, 8), "chain": (5, 1, 1), "even": (4, 2, 3), "mixed": (4, 0, 5)}


@dataclass(frozen=True)
class Organisation:
    """parent (nodes,), -1 at the top, in any order; stars (nodes, 5): answers 1..5 of the people of each node itself."""

    parent: IntArray
    stars: IntArray

    @cached_property
    def within(self) -> list[frozenset[int]]:
        """Of each node, itself and all nodes beneath it."""
        found: list[set[int]] = [set() for _ in self.parent]
        for node in range(len(self.parent)):
            above = node
            while above >= 0:
                found[above].add(node)
                above = int(self.parent[above])
        return [frozenset(nodes) for nodes in found]

    @cached_property
    def own(self) -> list[int]:
        """Answers of the people of each node itself."""
        return [int(count) for count in self.stars.sum(axis=1)]

    @cached_property
    def histogram(self) -> IntArray:
        """(nodes, 5): the answers 1..5 of each whole subtree."""
        return np.array([self.stars[sorted(nodes)].sum(axis=0) for nodes in self.within], dtype=np.int64)

    @cached_property
    def n(self) -> IntArray:
        """Answers in each whole subtree."""
        return self.histogram.sum(axis=1)


def publish_by_size_alone(organisation: Organisation, k: int) -> BoolArray:
    """What most products do: publish whatever has k answers."""
    return organisation.n >= k


def random_organisation(rng: np.random.Generator) -> Organisation:
    """Three to five levels, up to 45 nodes in no order of their ids, 40 to 100 % of the people answering."""
    parent = _tree(rng)
    people = _people(rng, parent)
    answers = rng.binomial(people, rng.uniform(0.4, 1.0))
    stars = np.array([_stars(rng, int(count)) for count in answers], dtype=np.int64)
    return relabelled(Organisation(parent, stars), rng.permutation(len(parent)))


def relabelled(organisation: Organisation, new_id: IntArray) -> Organisation:
    """The same organisation, with node i called new_id[i]."""
    parent, stars = np.empty_like(organisation.parent), np.empty_like(organisation.stars)
    parent[new_id] = np.where(organisation.parent < 0, -1, new_id[organisation.parent])
    stars[new_id] = organisation.stars
    return Organisation(parent, stars)


def reordered(organisation: Organisation, rng: np.random.Generator) -> IntArray:
    """New ids at random, but for this: of nodes with the same number of answers, the order of ids stays."""
    new_id = rng.permutation(len(organisation.parent))
    for n in np.unique(organisation.n):
        alike = organisation.n == n
        new_id[alike] = np.sort(new_id[alike])
    return new_id


def _tree(rng: np.random.Generator) -> IntArray:
    shape = str(rng.choice(sorted(LEVELS_AND_CHILDREN)))
    levels, fewest, most = LEVELS_AND_CHILDREN[shape]
    parent, level = [-1], [0]
    for _ in range(levels - 1):
        children = rng.integers(fewest, most + 1, len(level))
        children[0] = max(children[0], 1)
        below = np.repeat(level, children).tolist()[: MOST_NODES - len(parent)]
        level = list(range(len(parent), len(parent) + len(below)))
        parent += below
    if rng.random() < 0.3 or shape == "chain":
        parent += [0] * int(rng.integers(1, 4))  # managers in a node of their own; a chain gets some teams beside it
    return np.array(parent, dtype=np.int64)


def _people(rng: np.random.Generator, parent: IntArray) -> IntArray:
    has_teams = np.isin(np.arange(len(parent)), parent)
    return np.where(has_teams, rng.choice(OFFICE_SIZES, len(parent)), rng.choice(TEAM_SIZES, len(parent)))


def _stars(rng: np.random.Generator, n: int) -> IntArray:
    """n answers: in every third node all equal, all favourable or none; else as they come."""
    kind = rng.random()
    shares = rng.dirichlet([1.0, 1.0, 2.0, 4.0, 4.0])
    if kind < 0.15:
        shares = np.eye(5)[rng.integers(5)]
    elif kind < 0.25:
        shares = np.array([0, 0, 0, 0.5, 0.5])
    elif kind < 0.33:
        shares = np.array([0.4, 0.3, 0.3, 0, 0])
    return np.asarray(rng.multinomial(n, shares), dtype=np.int64)
