"""The questions there are: twelve drivers with three items each, one item for each stage (bank.json), and how a round chooses."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("bank.json")
INPUTS = ("motivation", "trained", "power")  # asked each time, for they stand beside the customers' ratings
ROTATING = 2  # of the other drivers, in turn
QUARTER = 3  # months from one asking of the stages to the next
AGREEMENT, RECOMMENDING = "agreement", "enps"
HIGHEST = {AGREEMENT: 5, RECOMMENDING: 10}
LOWEST = {AGREEMENT: 1, RECOMMENDING: 0}


@dataclass(frozen=True)
class Item:
    """A question. `texts` by language; `driver` is None for a stage and for what HR wrote; `stage` for the perception gap."""

    key: str
    texts: Mapping[str, str]
    driver: str | None = None
    stage: str | None = None
    scale: str = AGREEMENT
    is_reversed: bool = False

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts["en"]

    def takes(self, answer: int) -> bool:
        return LOWEST[self.scale] <= answer <= HIGHEST[self.scale]

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def item_from(stored: Mapping[str, Any]) -> Item:
    """As a round keeps it."""
    return Item(**stored)


@dataclass(frozen=True)
class Driver:
    """What a group of items is about."""

    key: str
    names: Mapping[str, str]
    items: tuple[Item, ...]


@lru_cache(maxsize=1)
def drivers() -> dict[str, Driver]:
    """In the order in which they are shown."""
    return {
        entry["key"]: Driver(
            entry["key"], entry["name"], tuple(_item(item, driver=entry["key"]) for item in entry["items"])
        )
        for entry in _read()["drivers"]
    }


@lru_cache(maxsize=1)
def stage_items() -> tuple[Item, ...]:
    return tuple(Item(entry["key"], entry["text"], stage=entry["stage"]) for entry in _read()["stages"])


@lru_cache(maxsize=1)
def items() -> dict[str, Item]:
    """Every item of the bank by its key."""
    of_drivers = (item for driver in drivers().values() for item in driver.items)
    return {item.key: item for item in (*of_drivers, *stage_items())}


@lru_cache(maxsize=1)
def stage_names() -> dict[str, Mapping[str, str]]:
    """Item of a stage -> its name by language, as whoever prepares a round reads it: that it comes once a quarter."""
    return {entry["key"]: entry["name"] for entry in _read()["stages"]}


def next_items(asked: Sequence[Sequence[str]], *, every_months: int = 1) -> list[Item]:
    """Five items for the next round: the same one of each input every time, then those drivers that were not asked for longest.
    Once a quarter the three stages as well, beyond the five: every third round of a month’s cadence, every one of a quarter’s.

    asked: the keys of each round so far, oldest first. Of a rotating driver its items take turns, so that nobody learns them by heart.
    """
    last = {key: number for number, keys in enumerate(asked) for key in keys}
    others = [driver for key, driver in drivers().items() if key not in INPUTS]
    others.sort(key=lambda driver: max(last.get(item.key, -1) for item in driver.items))
    rotating = [min(driver.items, key=lambda item: last.get(item.key, -1)) for driver in others[:ROTATING]]
    stages = stage_items() if _stages_are_due(asked, every_months) else ()
    return [*(drivers()[key].items[0] for key in INPUTS), *rotating, *stages]


def _stages_are_due(asked: Sequence[Sequence[str]], every_months: int) -> bool:
    """Whether with this round a quarter is full since the stages were asked, or since the first round."""
    stages = {item.key for item in stage_items()}
    without = next((back for back, keys in enumerate(reversed(asked)) if stages & set(keys)), len(asked))
    return (without + 1) * every_months >= QUARTER


def _item(entry: Mapping[str, Any], *, driver: str) -> Item:
    scale = entry.get("scale", AGREEMENT)
    return Item(entry["key"], entry["text"], driver=driver, scale=scale, is_reversed=entry["reversed"])


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
