"""What customers say beside the stars: a feeling, what went well or badly, a comment, whether they want a call."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tracker.demo.comments import Occasion, Writer
from tracker.demo.places import DRIVERS, TOUCHPOINTS

COMMENT_SHARE = {1: 0.46, 2: 0.44, 3: 0.34, 4: 0.26, 5: 0.27}
CALL_BACK_SHARE = {1: 0.24, 2: 0.14, 3: 0.04, 4: 0.0, 5: 0.0}
FEELING_SHARE, DRIVER_SHARE, SECOND_DRIVER_SHARE, THEME_SHARE = 0.72, 0.68, 0.28, 0.7

# Feelings by stars; those that go with the first driver named come first in line.
FEELINGS = {
    1: ("frustrated", "frustrated", "frustrated", "rushed", "confused"),
    2: ("frustrated", "frustrated", "rushed", "confused"),
    3: ("rushed", "confused", "at_ease"),
    4: ("at_ease", "at_ease", "cared_for", "delighted"),
    5: ("cared_for", "cared_for", "delighted", "at_ease"),
}
FEELING_OF_PRAISE = {
    "felt_as_an_individual": "cared_for",
    "friendliness": "cared_for",
    "effort": "at_ease",
    "no_pressure": "at_ease",
    "returns_clear": "at_ease",
    "price_clear": "at_ease",
    "promise_kept": "delighted",
    "speed": "delighted",
}
FEELING_OF_BLAME = {
    "no_pressure": "rushed",
    "knowledge": "confused",
    "options_explained": "confused",
    "price_clear": "confused",
    "returns_clear": "confused",
    "answers_right": "confused",
}
STAGE_OF = {touchpoint.key: touchpoint.stage for touchpoint in TOUCHPOINTS}
OFFERED = {
    touchpoint.key: tuple(driver.key for driver in DRIVERS if touchpoint.stage in driver.stages)
    for touchpoint in TOUCHPOINTS
}


@dataclass(frozen=True, slots=True)
class Answer:
    emotion: str | None
    drivers: tuple[str, ...]
    comment: str | None
    wants_call_back: bool


def answer(occasion: Occasion, writer: Writer) -> Answer:
    """One customer's answer; a comment's driver is always among those named."""
    rng = writer.rng
    comment, driver = None, None
    if rng.random() < COMMENT_SHARE[occasion.stars]:
        comment, driver = writer.write(occasion)
    drivers = _drivers(driver, occasion, rng)
    emotion = _emotion(occasion.stars, drivers, rng) if rng.random() < FEELING_SHARE else None
    return Answer(emotion, drivers, comment, rng.random() < CALL_BACK_SHARE[occasion.stars])


def _drivers(first: str | None, occasion: Occasion, rng: random.Random) -> tuple[str, ...]:
    offered = OFFERED[occasion.touchpoint]
    chosen = [] if first is None else [first]
    if first is None and rng.random() < DRIVER_SHARE:
        chosen.append(rng.choice([theme for theme in occasion.themes if theme in offered] or offered))
    if chosen and rng.random() < SECOND_DRIVER_SHARE:
        chosen.append(rng.choice(offered))
    return tuple(dict.fromkeys(chosen))


def _emotion(stars: int, drivers: tuple[str, ...], rng: random.Random) -> str:
    matching = (FEELING_OF_PRAISE if stars > 3 else FEELING_OF_BLAME).get(drivers[0]) if drivers else None
    if matching is not None and rng.random() < 0.6:
        return matching
    return rng.choice(FEELINGS[stars])
