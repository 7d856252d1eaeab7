"""The words of the demo's customers: templates with their slots, and what the slots are filled with.

Slots: {name} the employee's first name; {She} {she} {her} {obj} the pronoun (She, she, her, her or He, he, his, him);
{product} an appliance; {place} the till; {area} where it was delivered; {few} two to six; {minutes} a long wait;
{amount} a sum of money.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.demo.texts_english import ENGLISH
from tracker.demo.texts_swahili import SWAHILI

ANY = "any"


@dataclass(frozen=True, slots=True)
class Template:
    """A comment with slots: the stars and touchpoint it fits (`any` = all), and the driver it is about."""

    language: str
    stars: frozenset[int]
    touchpoint: str
    driver: str
    words: str


def _parsed(language: str, block: str) -> tuple[Template, ...]:
    rows = []
    for line in block.strip().splitlines():
        if line:
            head, words = line.split(" | ", 1)
            stars, touchpoint, driver = head.split()
            rows.append(Template(language, frozenset(int(star) for star in stars), touchpoint, driver, words))
    return tuple(rows)


TEMPLATES = (*_parsed("en", ENGLISH), *_parsed("sw", SWAHILI))

PRONOUNS = {
    "f": {"She": "She", "she": "she", "her": "her", "obj": "her"},
    "m": {"She": "He", "she": "he", "her": "his", "obj": "him"},
}

SMALL = {
    "en": ("kettle", "blender", "toaster", "steam iron", "rice cooker", "juicer", "radio", "fan", "hot plate", "mixer"),
    "sw": ("pasi", "blenda", "redio", "feni", "kettle", "toaster", "rice cooker", "microwave"),
}
LARGE = {
    "en": ("fridge", "TV", "washing machine", "freezer", "gas cooker", "water dispenser", "microwave", "dishwasher"),
    "sw": ("friji", "TV", "freezer", "cooker", "washing machine", "microwave"),
}
PRODUCTS = {
    (language, touchpoint): products
    for language in ("en", "sw")
    for touchpoint, products in (
        ("tills", SMALL[language]),
        ("delivery", LARGE[language]),
        *((key, SMALL[language] + LARGE[language]) for key in ("advice", "returns", "phone", "chat", "complaints")),
    )
}

AREAS = {
    "nairobi": ("Kilimani", "Donholm", "Rongai", "Kasarani", "South B", "Lang’ata", "Ruaka", "Buruburu", "Umoja"),
    "mombasa": ("Nyali", "Bamburi", "Likoni", "Tudor", "Mtwapa", "Changamwe", "Kisauni"),
    "kisumu": ("Milimani", "Kondele", "Nyalenda", "Mamboleo", "Riat", "Tom Mboya estate"),
}
AISLES = ("small appliances", "TV and audio", "fridges and freezers", "cookers", "kitchenware", "laundry", "lamps")
