"""New customers against those who come again: the first rating we ever had of somebody, and all later ones."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Label, Subquery, and_, case, func, select

from tracker.core.db import db
from tracker.ratings.models import Rating
from tracker.ratings.policy import counted
from tracker.reports import repeat_drawings, repeat_words
from tracker.reports.periods import Year
from tracker.reports.returning import FIVE, FOUR, kind_of_stars, rated_in
from tracker.reports.sections import Section

NAMES = {"four": "y", "five": "z"}


def build(year: Year) -> dict[str, Any]:
    """`new`: first ratings, and how many of them are happy; `again`: sums over customers of their later ones, for both ways to be
    happy; `since`: the day of the first rating of all, before which everybody was new."""
    one = _by_customer(year)
    row = db.session.execute(select(*_sums(one))).mappings().one()
    found = {name: int(value) for name, value in row.items()}
    since = db.session.scalar(select(func.min(Rating.rated_on)).where(counted(), Rating.customer_id.is_not(None)))
    return {
        "since": since.isoformat() if since else None,
        "until": year.last.isoformat(),
        "new": {"ratings": found["new"], "four": found["new_y"], "five": found["new_z"]},
        "again": {name: _again(found, part) for name, part in NAMES.items()},
    }


def _by_customer(year: Year) -> Subquery:
    """Each customer's ratings of the year: whether the first was the first of all and happy; m later ones, y of 4 or 5 stars, z of 5."""
    by_time = func.row_number().over(partition_by=Rating.customer_id, order_by=(Rating.rated_at, Rating.id))
    one = (
        select(Rating.customer_id.label("customer"), kind_of_stars().label("kind"), by_time.label("place"))
        .where(*rated_in(year), Rating.customer_id.is_not(None))
        .subquery()
    )
    before = (counted(), Rating.rated_on < year.since, Rating.customer_id.is_not(None))
    known = select(Rating.customer_id.label("customer")).where(*before).distinct().subquery()
    is_new = and_(one.c.place == 1, known.c.customer.is_(None))
    # Joined, since “not in” of so many is asked row by row on PostgreSQL.
    joined = one.outerjoin(known, one.c.customer == known.c.customer)
    one = select(one.c.customer, one.c.kind, case((is_new, 1), else_=0).label("new")).select_from(joined).subquery()
    columns = (
        func.sum(one.c.new).label("new"),
        func.sum(case((and_(one.c.new == 1, one.c.kind >= FOUR), 1), else_=0)).label("new_y"),
        func.sum(case((and_(one.c.new == 1, one.c.kind >= FIVE), 1), else_=0)).label("new_z"),
        func.sum(1 - one.c.new).label("m"),
        func.sum(case((and_(one.c.new == 0, one.c.kind >= FOUR), 1), else_=0)).label("y"),
        func.sum(case((and_(one.c.new == 0, one.c.kind >= FIVE), 1), else_=0)).label("z"),
    )
    return select(*columns).group_by(one.c.customer).subquery()


def _sums(one: Subquery) -> list[Label[Any]]:
    """Over customers; who has no later rating adds nothing to g, m, y and z."""
    m, y, z = one.c.m, one.c.y, one.c.z
    sums: dict[str, ColumnElement[Any]] = {"new": one.c.new, "new_y": one.c.new_y, "new_z": one.c.new_z}
    sums |= {"g": case((m > 0, 1), else_=0), "m": m, "mm": m * m}
    sums |= {"y": y, "yy": y * y, "ym": y * m, "z": z, "zz": z * z, "zm": z * m}
    return [func.coalesce(func.sum(part), 0).label(name) for name, part in sums.items()]


def _again(found: dict[str, int], part: str) -> list[int]:
    """As statistics.proportions.Sums takes them."""
    return [found[name] for name in ("g", "m", part, part * 2, f"{part}m", "mm")]


def method() -> str:
    return _("Of somebody who rated often the ratings are alike: they count for less than as many by different people.")


SECTION = Section(
    "repeat",
    "reports/_drawn.html",
    build,
    repeat_words.heading,
    repeat_words.headline,
    repeat_words.tables,
    method,
    repeat_drawings,
)
