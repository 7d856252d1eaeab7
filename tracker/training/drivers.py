"""Lends courses the names of the drivers: ratings and courses lie side by side, and this package above both."""

from flask import Flask

from tracker.courses.ports import NamedDriver, plug_drivers
from tracker.ratings.queries import drivers_by_name


def start(app: Flask) -> None:
    plug_drivers(app, _drivers)


def _drivers() -> list[NamedDriver]:
    return [NamedDriver(driver.key, driver.name, driver.retired_at is None) for driver in drivers_by_name()]
