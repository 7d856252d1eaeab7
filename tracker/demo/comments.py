"""Comments that fit the stars, the touchpoint and the person, and hardly repeat in one person's stream."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tracker.demo.texts import ANY, PRODUCTS, PRONOUNS, TEMPLATES, Template

Pool = tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a comment is about; `themes` are drivers it should be about, if any are given."""

    staff_number: str
    first_name: str
    pronoun: str
    language: str
    touchpoint: str
    stars: int
    place: str
    themes: tuple[str, ...] = ()


@dataclass(slots=True)
class Writer:
    """Deals templates from a shuffled deck per person and kind of occasion: none comes twice before all came."""

    rng: random.Random
    decks: dict[tuple[str, str, str, int, tuple[str, ...]], list[Template]] = field(default_factory=dict)

    def write(self, occasion: Occasion) -> tuple[str, str]:
        """The comment and the driver it is about."""
        template = self._dealt(occasion)
        words = template.words.format_map(self._slots(occasion))
        return words[0].upper() + words[1:], template.driver

    def _dealt(self, occasion: Occasion) -> Template:
        kind = (occasion.language, occasion.touchpoint, occasion.stars, occasion.themes)
        deck = self.decks.setdefault((occasion.staff_number, *kind), [])
        if not deck:
            deck += POOLS.get(kind) or POOLS.setdefault(kind, fitting(*kind))
            self.rng.shuffle(deck)
        return deck.pop()

    def _slots(self, occasion: Occasion) -> dict[str, str]:
        draw = self.rng.random
        products = PRODUCTS[occasion.language, occasion.touchpoint]
        return {
            **PRONOUNS[occasion.pronoun],
            "name": occasion.first_name,
            "place": occasion.place,
            "area": occasion.place,
            "product": products[int(draw() * len(products))],
            "few": str(2 + int(draw() * 5)),
            "minutes": str(15 + int(draw() * 9) * 5 if draw() < 0.6 else 14 + int(draw() * 30)),
            "amount": f"KSh {200 + 50 * int(draw() * 80):,}",
        }


POOLS: dict[tuple[str, str, int, tuple[str, ...]], Pool] = {}


def fitting(language: str, touchpoint: str, stars: int, themes: tuple[str, ...]) -> Pool:
    """Templates for that occasion; those of the touchpoint itself count twice as often as those for all touchpoints."""
    own = [one for one in TEMPLATES if one.language == language and stars in one.stars and one.touchpoint == touchpoint]
    general = [one for one in TEMPLATES if one.language == language and stars in one.stars and one.touchpoint == ANY]
    themed = [one for one in own + general if one.driver in themes]
    return tuple(themed or own + own + general)
