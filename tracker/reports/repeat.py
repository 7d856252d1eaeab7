"""New customers against those who come again: the first rating we ever had of somebody, and all later ones."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Label, Select, Subquery, case, func, literal, select, union_all

from tracker.core.db import db
from tracker.ratings.models import Rating
from tracker.ratings.policy import counted
from tracker.reports import repeat_drawings, repeat_since, repeat_words
from tracker.reports.periods import Year
from tracker.reports.rated import credited_in
from tracker.reports.returning import FIVE, FOUR, kind_of_stars
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
    """Of each customer of the year: 1 if new, and if the first rating was happy then; m later ratings, y of 4 or 5 stars, z of 5.

    Rows of both years are put under one another and grouped, since SQLite would look through all older ones for every customer."""
    one = union_all(_rated(year), _known_before(year)).subquery()
    names = ("m", "y", "z", "first_y", "first_z")
    sums = [func.sum(one.c[name]).label(name) for name in names]
    is_new = (1 - func.max(one.c.known)).label("new")
    each = select(is_new, *sums).group_by(one.c.customer).having(func.sum(one.c.m) > 0).subquery()
    new, new_y, new_z = each.c.new, each.c.new * each.c.first_y, each.c.new * each.c.first_z
    later = ((each.c.m - new).label("m"), (each.c.y - new_y).label("y"), (each.c.z - new_z).label("z"))
    return select(new, new_y.label("new_y"), new_z.label("new_z"), *later).subquery()


def _rated(year: Year) -> Select[*tuple[Any, ...]]:
    """One row for each rating of the year; first_y, first_z: 1 where it is that customer's first of the year, and happy."""
    by_time = func.row_number().over(partition_by=Rating.customer_id, order_by=(Rating.rated_at, Rating.id))
    columns = (Rating.customer_id.label("customer"), kind_of_stars().label("kind"), by_time.label("place"))
    one = select(*columns).where(*credited_in(year), Rating.customer_id.is_not(None)).subquery()
    y, z = case((one.c.kind >= FOUR, 1), else_=0), case((one.c.kind >= FIVE, 1), else_=0)
    is_first = one.c.place == 1
    first = (case((is_first, y), else_=0).label("first_y"), case((is_first, z), else_=0).label("first_z"))
    return select(one.c.customer, literal(0).label("known"), literal(1).label("m"), y.label("y"), z.label("z"), *first)


def _known_before(year: Year) -> Select[*tuple[Any, ...]]:
    """One row for each customer of whom there is an older rating."""
    nothing = [literal(0).label(name) for name in ("m", "y", "z", "first_y", "first_z")]
    older = (counted(), Rating.rated_on < year.since, Rating.customer_id.is_not(None))
    return select(Rating.customer_id.label("customer"), literal(1).label("known"), *nothing).where(*older).distinct()


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
    since=repeat_since.since,
    explained="same-customers",
)
