"""What a rating can be about: the drivers every instance starts with, in words of praise, and in words for what was missing."""

from collections.abc import Callable

from flask_babel import gettext as _

# Key -> its name in lists, as the driver table keeps it. The same keys serve surveys, observation and lessons.
DEFAULT_DRIVERS = {
    "promise_kept": "Promise kept",
    "knowledge": "Knowledge",
    "effort": "Little effort",
    "felt_as_an_individual": "Felt as an individual",
    "friendliness": "Friendliness",
    "speed": "Speed",
    "options_explained": "Options explained",
    "price_clear": "Price clear",
    "returns_clear": "Returns and guarantee clear",
    "no_pressure": "No pressure",
    "answers_right": "Right answers",
    "staff_there_when_needed": "Staff there when needed",
}
# What is asked at which stage: few enough to read between two customers.
ASKED = {
    "pre_purchase": (
        "friendliness", "knowledge", "options_explained", "price_clear", "no_pressure", "felt_as_an_individual",
        "staff_there_when_needed",
    ),
    "purchase": (
        "friendliness", "speed", "knowledge", "price_clear", "returns_clear", "no_pressure", "promise_kept",
    ),
    "post_purchase": (
        "answers_right", "friendliness", "speed", "effort", "promise_kept", "returns_clear", "staff_there_when_needed",
    ),
}  # fmt: skip
_PRAISE: dict[str, Callable[[], str]] = {
    "promise_kept": lambda: _("Kept what was promised"),
    "knowledge": lambda: _("Knew their stuff"),
    "effort": lambda: _("Made it easy"),
    "felt_as_an_individual": lambda: _("Saw me as a person"),
    "friendliness": lambda: _("Friendly"),
    "speed": lambda: _("Fast"),
    "options_explained": lambda: _("Explained my options"),
    "price_clear": lambda: _("Clear price"),
    "returns_clear": lambda: _("Clear on returns"),
    "no_pressure": lambda: _("No pressure"),
    "answers_right": lambda: _("Right answers"),
    "staff_there_when_needed": lambda: _("There when needed"),
}
_WISHES: dict[str, Callable[[], str]] = {
    "promise_kept": lambda: _("Keeping what was promised"),
    "knowledge": lambda: _("Knowing the answers"),
    "effort": lambda: _("Less effort for me"),
    "felt_as_an_individual": lambda: _("Seeing me as a person"),
    "friendliness": lambda: _("Friendliness"),
    "speed": lambda: _("Speed"),
    "options_explained": lambda: _("Explaining my options"),
    "price_clear": lambda: _("A clear price"),
    "returns_clear": lambda: _("Returns and guarantee"),
    "no_pressure": lambda: _("Less pressure"),
    "answers_right": lambda: _("Right answers"),
    "staff_there_when_needed": lambda: _("Somebody there when needed"),
}


def praise(key: str, name: str) -> str:
    """The driver as something that went well; `name` for one the company added itself."""
    return _PRAISE[key]() if key in _PRAISE else name


def wish(key: str, name: str) -> str:
    """The driver as something that could be better."""
    return _WISHES[key]() if key in _WISHES else name
