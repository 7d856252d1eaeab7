"""Groups of people and how they fare, as figures that say nothing of one person. Pure: arrays in, JSON out.

A group has 20 people or more; smaller ones are put together with the next larger until they have. Nothing is shown that fewer than
3 people stand behind, nor what could be worked out as the rest of what is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.statistics.disclosure import publishable
from tracker.statistics.fairness import Apart, Figure, mean_of, means_apart, share_of, times_as_often
from tracker.statistics.many import passes
from tracker.statistics.scores import fit

SMALLEST_CLASS = 20
FEWEST_CONCERNED = 3  # people: of one or two who are alerted, everybody who knows of them would learn of the others
NOT_RECORDED, OTHERS = "not recorded", "others"
EVENTS = ("alerts", "answers", "left_out", "changed")
MEASURES = ("score", *EVENTS)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    """Everybody who was rated in the year; arrays (people,).

    team: any numbers. n, s, q, x: ratings, their sum, sum of squares and what the same work usually gets. weeks: of their time here that
    had a check; checks: those in which they had ratings enough for it; alerts. asked, answered: customers. left_out: ratings.
    changed: alerts with a rating that a second look changed afterwards. groups: what is looked at -> each one’s group.
    """

    team: NDArray[np.int64]
    n: Floats
    s: Floats
    q: Floats
    x: Floats
    weeks: Floats
    checks: Floats
    alerts: Floats
    asked: Floats
    answered: Floats
    left_out: Floats
    changed: Floats
    groups: Mapping[str, Sequence[str]]

    def events(self, measure: str) -> tuple[Floats, Floats]:
        """What is counted, out of how many."""
        return {
            "alerts": (self.alerts, self.checks),
            "answers": (self.answered, self.asked),
            "left_out": (self.left_out, self.n + self.left_out),
            "changed": (self.changed, self.alerts),
        }[measure]


def audit(people: People) -> list[dict[str, Any]]:
    """Each thing that is looked at: {key, state, groups}; of each group its people and, by measure, {n, own, apart} or None.

    state: “shown”, “not recorded” (of hardly anybody), or “alone” (there are no two groups of 20).
    """
    found = [_looked_at(key, np.array(names, dtype=object), people) for key, names in people.groups.items()]
    _claim(found)
    return found


def _looked_at(key: str, names: NDArray[np.object_], people: People) -> dict[str, Any]:
    shown = classes(list(names))
    if set(shown) <= {NOT_RECORDED, OTHERS} and NOT_RECORDED in set(names):
        return {"key": key, "state": "not recorded", "groups": []}
    order = _in_order(shown)
    if len(order) < 2:
        return {"key": key, "state": "alone", "groups": []}
    sides = {name: np.array([one == name for one in shown]) for name in order}
    rows: list[dict[str, Any]] = [
        {"key": name, "people": int(side.sum()), **_checked(people, side)} for name, side in sides.items()
    ]
    for measure in MEASURES:
        for row, figures in zip(rows, _measured(measure, list(sides.values()), people), strict=True):
            row[measure] = figures
    return {"key": key, "state": "shown", "groups": rows}


def classes(names: Sequence[str]) -> list[str]:
    """(people,) the group each is shown in: the own one, or “others” where that is too small, or would give a small one away."""
    kinds = sorted(set(names))
    counts = [len(names), *(names.count(kind) for kind in kinds)]
    shown = publishable([-1] + [0] * len(kinds), counts, SMALLEST_CLASS)[1:]
    keeps = {kind for kind, is_shown in zip(kinds, shown, strict=True) if is_shown}
    return [name if name in keeps else OTHERS for name in names]


def _in_order(shown: Sequence[str]) -> list[str]:
    last = {OTHERS: 1, NOT_RECORDED: 2}
    return sorted(set(shown), key=lambda name: (last.get(name, 0), name))


def _checked(people: People, side: Bools) -> dict[str, Any]:
    weeks, checks = float(people.weeks[side].sum()), float(people.checks[side].sum())
    return {"weeks": int(weeks), "checked": round(min(checks / weeks, 1.0), 4) if weeks else None}


def _measured(measure: str, sides: Sequence[Bools], people: People) -> list[dict[str, Any] | None]:
    if measure == "score":
        return [_score(side, people) for side in sides]
    events, of = people.events(measure)
    told = tellable([(int((of[side] > 0).sum()), int((events[side] > 0).sum())) for side in sides])
    return [
        _events(events, of, side, people.team) if is_told else None for side, is_told in zip(sides, told, strict=True)
    ]


def tellable(sizes: Sequence[tuple[int, int]]) -> list[bool]:
    """Which groups’ figures may be told. sizes: of each group those who could be concerned, and those who are.

    What is not told must be a group itself, or nothing: else the sum less what is told would tell of a few.
    """
    told = [base >= SMALLEST_CLASS and concerned >= FEWEST_CONCERNED for base, concerned in sizes]
    while any(told):
        rest = [size for size, is_told in zip(sizes, told, strict=True) if not is_told]
        base, concerned = (sum(part) for part in zip(*rest, strict=True)) if rest else (0, 0)
        if base == 0 or (base >= SMALLEST_CLASS and concerned >= FEWEST_CONCERNED):
            break
        told[
            min((place for place, is_told in enumerate(told) if is_told), key=lambda place: (*sizes[place], place))
        ] = False
    return told


def _score(side: Bools, people: People) -> dict[str, Any]:
    company = fit(people.n, people.s, people.q, people.x)
    value = np.divide(people.s - people.x, people.n, out=np.zeros(len(people.n)), where=people.n > 0)
    weight = people.n / (people.n + company.prior_weight)
    own = mean_of(value[side], weight[side], people.team[side])
    apart = means_apart(value, weight, people.team, side)
    return _kept(int(people.n[side].sum()), own, apart)


def _events(events: Floats, of: Floats, side: Bools, team: NDArray[np.int64]) -> dict[str, Any]:
    own = share_of(events[side], of[side], team[side])
    return _kept(int(of[side].sum()), own, times_as_often(events, of, team, side))


def _kept(n: int, own: Figure, apart: Apart) -> dict[str, Any]:
    return {
        "n": n,
        "own": [_number(value) for value in (own.value, own.low, own.high)],
        "apart": [_number(value) for value in (apart.value, apart.low, apart.high)],
        "least": _number(apart.least),
        "enough": apart.enough,
        "p": _number(apart.p, 8),
        "found": False,
    }


def _number(value: float, digits: int = 4) -> float | None:
    return round(float(value), digits) if isfinite(value) else None


def _claim(attributes: Sequence[Mapping[str, Any]]) -> None:
    """Which differences may be called clear, all being looked at together. Of two groups either is everybody else of the other."""
    pairs = [pair for attribute in attributes for measure in MEASURES for pair in _tests(attribute["groups"], measure)]
    found = passes([one[0]["p"] for one in pairs])
    for (first, *mirrored), is_found in zip(pairs, found, strict=True):
        for one in (first, *mirrored):
            one["found"] = is_found


def _tests(groups: Sequence[Mapping[str, Any]], measure: str) -> list[list[dict[str, Any]]]:
    figures = [group[measure] for group in groups if group[measure] and group[measure]["enough"]]
    return [figures] if len(groups) == 2 and figures else [[one] for one in figures]
