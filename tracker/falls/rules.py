"""What a replay may say: counts of five people or more, by periods that hold five, and never anybody. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.core.clock import monday_of
from tracker.statistics.disclosure import SMALLEST_GROUP

WEEKS_REPLAYED = 52


@dataclass(frozen=True)
class Period:
    """Consecutive months, by the first days of the first and the last; `people` of them alerted so many times."""

    first: date
    last: date
    people: int
    alerts: int


def counted(alerts: Iterable[tuple[int, int]], tested: Sequence[int], months: Sequence[date]) -> dict[str, Any]:
    """What is kept of one setting's alerts, (person, week) each: plain JSON without a person.

    Fewer than five people: only that (`people` None). Else their number, the number of alerts, and both by periods: months in a row,
    put together until each holds five people, so that no smaller group can be worked out from the others.
    `tested`: how many each check could test; `months`: the first days of all months, in order."""
    found = list(alerts)
    people = len({person for person, _week in found})
    kept: dict[str, Any] = {"people": None, "alerts": None, "periods": [], "tested": _mean(tested)}
    if people < SMALLEST_GROUP:
        return kept
    periods = [[p.first.isoformat(), p.last.isoformat(), p.people, p.alerts] for p in _periods(found, months)]
    return kept | {"people": people, "alerts": len(found), "periods": periods}


def _mean(tested: Sequence[int]) -> float:
    return round(sum(tested) / len(tested), 1) if tested else 0.0


def _periods(alerts: Sequence[tuple[int, int]], months: Sequence[date]) -> list[Period]:
    by_month: dict[date, list[int]] = {month: [] for month in months}
    for person, week in alerts:
        by_month[month_of(week)].append(person)
    groups: list[tuple[list[date], list[int]]] = [([], [])]
    for month, persons in by_month.items():
        if len(set(groups[-1][1])) >= SMALLEST_GROUP:
            groups.append(([], []))
        groups[-1][0].append(month)
        groups[-1][1].extend(persons)
    if len(groups) > 1 and len(set(groups[-1][1])) < SMALLEST_GROUP:
        rest = groups.pop()
        groups[-1][0].extend(rest[0])
        groups[-1][1].extend(rest[1])
    return [Period(days[0], days[-1], len(set(persons)), len(persons)) for days, persons in groups]


def month_of(week: int) -> date:
    """The month in which the check after that week ran."""
    return monday_of(week + 1).replace(day=1)


def months_of(weeks: Iterable[int]) -> list[date]:
    return sorted({month_of(week) for week in weeks})


def by_chance(expected: float, alerts: int) -> int:
    """How many of so many alerts chance alone would have brought: never more than there were."""
    return min(round(expected), alerts)
