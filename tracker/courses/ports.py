"""What courses need of a package beside them: the names of the drivers, which stand with the ratings. Plugged in at start."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class NamedDriver:
    """`is_offered`: not retired."""

    key: str
    name: str
    is_offered: bool


def plug_drivers(app: Flask, drivers: Callable[[], list[NamedDriver]]) -> None:
    app.extensions["course_drivers"] = drivers


def drivers() -> list[NamedDriver]:
    """All there are, by name."""
    found: list[NamedDriver] = current_app.extensions["course_drivers"]()
    return found
