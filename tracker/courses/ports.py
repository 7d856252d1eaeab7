"""What courses need of packages beside and above them: the names of the drivers, and reading a learning package. Plugged in at start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from tracker.courses.models import CourseFile


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


def plug_packages(app: Flask, read: Callable[[CourseFile, int | None, datetime], None]) -> None:
    app.extensions["course_packages"] = read


def read_package(file: CourseFile, *, by: int | None, at: datetime) -> None:
    """Look into a learning package that was just stored. Invalid with one sentence when it cannot be played."""
    current_app.extensions["course_packages"](file, by, at)
