"""What changed since the time before, in what staff and customers say: clear or maybe, among everything looked at. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.reports.clear_rules import Pair, clear_among, clear_changes
from tracker.reports.ranges import apart_of
from tracker.reports.sections import Figures

MAYBE = 5  # points: a smaller change is of the usual size, whatever its range


@dataclass(frozen=True)
class Moved:
    """A change since the time before: of a driver (points of 5), or of happy customers (percent) where driver is None."""

    key: str
    name: str
    driver: str | None
    difference: float
    low: float
    high: float
    verdict: str  # clear or maybe


def changes(figures: Figures, keys: Sequence[str]) -> list[Moved]:
    """What moved since the time before in these groups, the clear ones first; what is of the usual size is left out."""
    names = {key: figures["groups"][key]["name"] for key in keys}
    found = [*_drivers_moved(figures["cells"], names), *_customers_moved(figures["stars"], names)]
    return sorted(found, key=lambda moved: (moved.verdict != "clear", moved.name, moved.driver or ""))


def _drivers_moved(cells: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Moved]:
    """The pulse calls clear what is so among the questions of one group; here it must be so among all groups as well."""
    looked = [
        (driver, key, cell["change"])
        for driver, of_driver in cells.items()
        for key, cell in of_driver.items()
        if key in names and cell.get("change")
    ]
    clear = clear_changes([tuple(change[:3]) for _driver, _key, change in looked])
    for (driver, key, (by, low, high, verdict)), is_clear in zip(looked, clear, strict=True):
        if verdict != "steady":
            said = "clear" if is_clear and verdict == "clear" else "maybe"
            yield Moved(key, names[key], driver, by, low, high, said)


def _customers_moved(stars: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Moved]:
    looked = [key for key in names if key in stars and stars[key]["n"] and stars[key]["n_before"]]
    pairs = {key: _now_and_before(stars[key]) for key in looked}
    clear = clear_among(pairs)
    for key, pair in pairs.items():
        by = apart_of(*pair)
        if key in clear or abs(by.points) >= MAYBE:
            yield Moved(key, names[key], None, by.points, by.low, by.high, "clear" if key in clear else "maybe")


def _now_and_before(one: Mapping[str, Any]) -> Pair:
    return one["happy"], one["n"], one["happy_before"], one["n_before"]
