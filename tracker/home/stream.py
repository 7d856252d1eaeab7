"""All ratings of one person, newest first, with what was added to each; by touchpoint and by driver, as the address asks."""

import json
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, String, cast, exists, false, literal, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.paging import Page, page_of
from tracker.home.queries import ratings_listed
from tracker.ratings.models import Driver, Rating, Touchpoint
from tracker.ratings.own_queries import Mine, parted, with_mine
from tracker.ratings.policy import ratings_seen_by

Choices = list[tuple[str, str]]
LONGEST = 120  # no driver and no theme of a file is longer


@dataclass(frozen=True)
class Stream:
    """One page. `touchpoints` and `drivers`: (value, name) of what can be chosen; `touchpoint` and `driver`: what was, as it came."""

    page: Page
    ratings: list[Rating]
    mine: dict[int, Mine]
    touchpoints: Choices
    drivers: Choices
    touchpoint: str
    driver: str

    @property
    def is_chosen(self) -> bool:
        return bool(self.touchpoint or self.driver)

    @property
    def unread(self) -> list[Rating]:
        """Those of the page that the person has not marked as read."""
        return [rating for rating in self.ratings if self.mine[rating.id].read_at is None]


def stream_of(viewer: Viewer, person_id: int) -> Stream:
    """The page that the address asks for, of the ratings the viewer reads."""
    touchpoints, drivers = _touchpoints(viewer, person_id), _drivers(viewer, person_id)
    touchpoint, driver = (request.args.get(name, "")[:LONGEST] for name in ("touchpoint", "driver"))
    chosen: list[ColumnElement[bool]] = []
    if touchpoint:
        # A choice that was not offered finds nothing; it is never handed to the database.
        chosen.append(Rating.touchpoint_id == int(touchpoint) if touchpoint in dict(touchpoints) else false())
    if driver:
        chosen.append(names_driver(driver))
        drivers = drivers if driver in dict(drivers) else [*drivers, (driver, driver)]  # a theme that came by file
    page = page_of(with_mine(ratings_listed(viewer, person_id).where(*chosen), viewer), scalars=False)
    ratings, mine = parted(page.rows)
    return Stream(page, ratings, mine, touchpoints, drivers, touchpoint, driver)


def names_driver(key: str) -> ColumnElement[bool]:
    """Whether a rating is about a driver. Keys are kept as a JSON list, so a key is in it when its quoted form is in the text."""
    return cast(Rating.drivers, String).contains(json.dumps(key), autoescape=True)


def _touchpoints(viewer: Viewer, person_id: int) -> Choices:
    used = ratings_seen_by(viewer).where(Rating.person_id == person_id).with_only_columns(Rating.touchpoint_id)
    rows = db.session.execute(
        select(Touchpoint.id, Touchpoint.name).where(Touchpoint.id.in_(used)).order_by(Touchpoint.name)
    )
    return [(str(id), name) for id, name in rows]


def _drivers(viewer: Viewer, person_id: int) -> Choices:
    quoted: Any = literal('"').concat(Driver.key).concat('"')
    named = ratings_seen_by(viewer).where(Rating.person_id == person_id, cast(Rating.drivers, String).contains(quoted))
    found = exists(named.with_only_columns(Rating.id).correlate(Driver))
    rows = db.session.execute(select(Driver.key, Driver.name).where(found).order_by(Driver.name, Driver.id))
    return [(key, name) for key, name in rows]
