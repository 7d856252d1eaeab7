"""What can be worked out from all that was read of a company’s rounds: three attackers, told nothing but figures that stood somewhere."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
from scipy.optimize import linprog

from tests.pulse.attacked_company import ASKED, Truth
from tests.pulse.attacker import (
    FEWEST_FOR_UNANIMITY,
    Cells,
    Figure,
    derived_figures,
    exposed,
    small_sets,
)
from tests.pulse.organisations import Organisation
from tests.pulse.told import Told
from tracker.pulse.bank import RECOMMENDING

K_SCORE, K_COMMENT = 5, 8
SCALE = {item.key: item.scale for item in ASKED}


def broken(told: Told) -> list[str]:
    """Each thing that somebody could know and may not; none in a product that holds."""
    found = [what for truth in told.rounds.values() for what in _of_round(told, truth)]
    return found + [f"two rounds: {what}" for what in of_changes(told)]


def _of_round(told: Told, truth: Truth) -> Iterator[str]:
    for item in ASKED:
        read = {node: figures for (round_id, node, key), figures in told.figures.items()
                if (round_id, key) == (truth.round_id, item.key)}  # fmt: skip
        yield from (
            f"{truth.month} {item.key}: {what}" for what in of_question(truth.organisation(item.key), read, item.key)
        )
    yield from (f"{truth.month} who answered: {what}" for what in of_participation(told, truth))
    yield from (f"{truth.month} comments: {what}" for what in of_comments(told, truth))


# --- One question ----------------------------------------------------------------------------------------------------


def of_question(company: Organisation, read: Mapping[int, Mapping[str, Any]], key: str) -> Iterator[str]:
    """read: of each node what stands somewhere."""
    answers = dict(enumerate(company.own))
    groups = _groups(company, read)
    for few in small_sets(groups, answers, K_SCORE):
        yield f"the sum of {sum(answers[cell] for cell in few)} can be solved for ({sorted(few)})"
    in_detail = [node for node, figures in read.items() if "counts" in figures]
    for few in small_sets(_groups(company, in_detail), answers, K_COMMENT):
        yield f"how {sum(answers[cell] for cell in few)} answered can be solved for ({sorted(few)})"
    table = {_group(company, node): figure_of(figures, SCALE[key]) for node, figures in read.items() if "n" in figures}
    known = derived_figures({group: figure for group, figure in table.items() if group})
    for group in exposed(known, K_SCORE):
        yield f"rounded figures single out {known[group].n} ({sorted(group)})"
    for group in alike_by_bounds(table):
        yield f"bounds show that few think alike ({sorted(group)})"


def _group(company: Organisation, node: int) -> Cells:
    return frozenset(cell for cell in company.within[node] if company.own[cell])


def _groups(company: Organisation, nodes: Collection[int]) -> set[Cells]:
    return {_group(company, node) for node in nodes} - {frozenset()}


def figure_of(figures: Mapping[str, Any], scale: str) -> Figure:
    """The bounds that published figures put on what is behind them, and no more than was read."""
    n = int(figures["n"])
    if counts := figures.get("counts"):
        total, good = sum(star * count for star, count in enumerate(counts, start=1)), counts[3] + counts[4]
        return Figure(n, total, total, good, good)
    lowest, highest = (n, 5 * n) if "mean" not in figures else _sum_of(float(figures["mean"]), n, scale)
    fewest, most = 0, n
    if "favourable" in figures:
        percent = int(figures["favourable"])
        fewest, most = -(-n * (2 * percent - 1) // 200), n * (2 * percent + 1) // 200
    return Figure(n, lowest, highest, fewest, most).tightened()


def _sum_of(mean: float, n: int, scale: str) -> tuple[int, int]:
    """eNPS counts as 1, 3 and 5: the sum is then 3n and twice what promoters are more than detractors."""
    if scale == RECOMMENDING:
        points = round(mean)
        return 3 * n + 2 * -(-n * (2 * points - 1) // 200), 3 * n + 2 * (n * (2 * points + 1) // 200)
    tenths = round(10 * mean)
    return -(-n * (2 * tenths - 1) // 20), n * (2 * tenths + 1) // 20


# --- Linear programmes: the least and the most that all rounded figures together allow --------------------------------


def alike_by_bounds(table: Mapping[Cells, Figure]) -> list[Cells]:
    """Rests of fewer than ten answers that must be 0 or 100 % favourable, by all figures at once rather than step by step."""
    groups = [group for group in table if group]
    rests = {group: group.difference(*(other for other in groups if other < group)) for group in groups}
    atoms = [group for group, rest in rests.items() if rest]
    size = {atom: table[atom].n - sum(table[other].n for other in _largest_within(atom, groups)) for atom in atoms}
    if not any(0 < size[atom] < FEWEST_FOR_UNANIMITY for atom in atoms):
        return []
    rules = _rules(table, groups, atoms, size)
    return [
        rests[atom]
        for place, atom in enumerate(atoms)
        if 0 < size[atom] < FEWEST_FOR_UNANIMITY and _must_be_alike(place, size[atom], len(atoms), rules)
    ]


def _largest_within(group: Cells, groups: list[Cells]) -> list[Cells]:
    within = [other for other in groups if other < group]
    return [other for other in within if not any(other < further for further in within)]


Rules = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], list[tuple[float, float]]]


def _rules(table: Mapping[Cells, Figure], groups: list[Cells], atoms: list[Cells], size: Mapping[Cells, int]) -> Rules:
    """Unknown: of each rest its sum, then how many are favourable. A x <= b, and bounds of each."""
    rows, most = [], []
    for group in groups:
        inside = np.array([atom <= group for atom in atoms], dtype=float)
        nothing, figure = np.zeros(len(atoms)), table[group]
        for row, low, high in (
            (np.concatenate([inside, nothing]), figure.lowest_sum, figure.highest_sum),
            (np.concatenate([nothing, inside]), figure.fewest, figure.most),
        ):
            rows += [row, -row]
            most += [high, -low]
    for place, atom in enumerate(atoms):  # n + 3f <= sum <= 3n + 2f
        one = np.zeros(2 * len(atoms))
        one[place], one[len(atoms) + place] = 1, -2
        other = np.zeros(2 * len(atoms))
        other[place], other[len(atoms) + place] = -1, 3
        rows += [one, other]
        most += [3 * size[atom], -size[atom]]
    bounds = [(float(size[atom]), 5.0 * size[atom]) for atom in atoms] + [(0.0, float(size[atom])) for atom in atoms]
    return np.array(rows), np.array(most, dtype=float), bounds


def _must_be_alike(place: int, n: int, atoms: int, rules: Rules) -> bool:
    matrix, most, bounds = rules
    wanted = np.zeros(2 * atoms)
    wanted[atoms + place] = 1
    ends = [linprog(sign * wanted, A_ub=matrix, b_ub=most, bounds=bounds) for sign in (1, -1)]
    assert all(end.success for end in ends), "what was read contradicts itself"
    fewest, largest = np.ceil(ends[0].fun - 1e-6), np.floor(-ends[1].fun + 1e-6)
    return bool(largest == 0 or fewest == n)


# --- Who answered, and comments ---------------------------------------------------------------------------------------


def of_participation(told: Told, truth: Truth) -> Iterator[str]:
    """How many of a group have answered at all, from what all questions say together.

    Nobody answers a question who does not answer; and if `answered` people answered and n of them a question, only the
    difference has skipped it. Where the two bounds meet, a question gives away how many of the group have answered.
    """
    company, answered = truth.everybody, told.answered.get(truth.round_id)
    read = {
        (node, key): int(figures["n"])
        for (round_id, node, key), figures in told.figures.items()
        if round_id == truth.round_id and "n" in figures
    }
    top = truth.same.index("top")
    skipped = {key: answered - n for (node, key), n in read.items() if node == top and answered is not None}
    known = set()
    for node in {node for node, _key in read}:
        fewest = max(n for (other, _key), n in read.items() if other == node)
        most = [n + skipped[key] for (other, key), n in read.items() if other == node and key in skipped]
        if most and min(most) == fewest:
            assert fewest == company.n[node]
            known.add(node)
    for few in small_sets(_groups(company, known | {top}), dict(enumerate(company.own)), K_SCORE):
        yield f"that {sum(company.own[cell] for cell in few)} answered can be solved for ({sorted(few)})"


def of_comments(told: Told, truth: Truth) -> Iterator[str]:
    """A comment is by one of those in its group who are in no group beneath it that has comments of its own."""
    company = truth.everybody
    places = {words: node for words, (round_id, node, _key) in told.comments.items() if round_id == truth.round_id}
    for words, node in places.items():
        if truth.ids.index(int(words.split("-")[1])) not in company.within[node]:
            yield f"{words} stands with the wrong people"
    for few in small_sets(_groups(company, set(places.values())), dict(enumerate(company.own)), K_COMMENT):
        yield f"a comment is by one of {sum(company.own[cell] for cell in few)} ({sorted(few)})"


def of_changes(told: Told) -> Iterator[str]:
    """A change that is shown of few, of whom somebody knows that one or two came or went."""
    for now, then in told.changes:
        rounds = [told.rounds[where[0]] for where in (now, then)]
        fewest = min(int(told.figures[where].get("n", FEWEST_FOR_UNANIMITY)) for where in (now, then))
        after, before = (truth.members(where[1]) for truth, where in zip(rounds, (now, then), strict=True))
        if fewest < FEWEST_FOR_UNANIMITY and 1 <= len(after ^ before) <= 2:
            yield f"change of {fewest}, of whom {len(after ^ before)} came or went"


def is_as_it_was(told: Told) -> int:
    """How many figures were read; every one is the true one, so that nothing was read past."""
    for (round_id, node, key), figures in told.figures.items():
        stars = told.rounds[round_id].organisation(key).histogram[node]
        n = int(stars.sum())
        five = SCALE[key] == RECOMMENDING
        mean = round(100 * (stars[4] - stars[0]) / n) if five else round(float(stars @ np.arange(1, 6)) / n, 1)
        true = {"n": n, "mean": mean, "favourable": round(100 * int(stars[3:].sum()) / n), "counts": tuple(stars)}
        assert figures == {name: true[name] for name in figures}, (told.rounds[round_id].names[node], key)
    return len(told.figures)
