"""Happy every time: how many customers who came again and again were happy all of their last three times, and what was in the way."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Label, and_, case, func, select

from tracker.core.db import db
from tracker.ratings.models import Rating, Touchpoint
from tracker.reports import happy_drawings, happy_words
from tracker.reports.periods import Year
from tracker.reports.rated import credited_in
from tracker.reports.returning import FIVE, WAYS, how_many, kind_of_stars, place_of
from tracker.reports.sections import Section
from tracker.statistics.consistency import LAST
from tracker.statistics.planner import smallest_set

POINTS = 5
NOT_RECORDED, NOT_LOW = 0, -1
PLACES = range(1, LAST + 1)
# Kinds of stars, touchpoints, whether these differ, customers.
Ways = tuple[tuple[int, ...], tuple[int, ...], bool, int]


def build(year: Year) -> dict[str, Any]:
    """What is counted, and for both ways to be happy: customers by happy ones of their last three, and the plan."""
    names = {touchpoint.id: touchpoint.name for touchpoint in db.session.scalars(select(Touchpoint))}
    ways = _last_three(year)
    return how_many(year) | {name: _of_way(ways, least, names) for name, least in WAYS.items()}


def _last_three(year: Year) -> list[Ways]:
    """Customers with three ratings or more, counted by what their last three were. Grouped in the database."""
    one = (
        select(
            Rating.customer_id.label("customer"),
            Rating.touchpoint_id.label("touchpoint"),
            kind_of_stars().label("kind"),
            place_of(Rating.customer_id).label("place"),
            func.count().over(partition_by=Rating.customer_id).label("times"),
        )
        .where(*credited_in(year), Rating.customer_id.is_not(None))
        .subquery()
    )
    columns = [*_pivoted(one.c.place, one.c.kind, one.c.touchpoint)]
    spans = case((func.count(one.c.touchpoint.distinct()) >= 2, 1), else_=0).label("spans")
    within = (one.c.place <= LAST, one.c.times >= LAST)
    customers = select(*columns, spans).where(*within).group_by(one.c.customer).subquery()
    rows = db.session.execute(select(*customers.c, func.count()).group_by(*customers.c))
    return [(tuple(row[:LAST]), tuple(row[LAST : 2 * LAST]), bool(row[-2]), row[-1]) for row in rows]


def _pivoted(place: ColumnElement[int], kind: ColumnElement[int], touchpoint: ColumnElement[Any]) -> list[Label[Any]]:
    """Three kinds of stars, then the three touchpoints where these are below 5: the others are in nobody’s way."""
    kinds = [func.max(case((place == at, kind))).label(f"kind{at}") for at in PLACES]
    is_low = kind < FIVE
    where = func.coalesce(touchpoint, NOT_RECORDED)
    low = [func.max(case((and_(place == at, is_low), where), else_=NOT_LOW)).label(f"low{at}") for at in PLACES]
    return [*kinds, *low]


def _of_way(ways: Iterable[Ways], least: int, names: Mapping[int, str]) -> dict[str, Any]:
    """least: the kind of stars from which on somebody is happy."""
    by_happy, journey = [0] * (LAST + 1), [0] * (LAST + 1)
    in_the_way: Counter[tuple[int, ...]] = Counter()
    for kinds, touchpoints, spans, count in ways:
        low = tuple(sorted(place for kind, place in zip(kinds, touchpoints, strict=True) if kind < least))
        by_happy[LAST - len(low)] += count
        journey[LAST - len(low)] += count * spans
        in_the_way[low] += count
    return {"by_happy": by_happy, "journey": journey, "plan": _plan(in_the_way, names)}


def _plan(in_the_way: Mapping[tuple[int, ...], int], names: Mapping[int, str]) -> dict[str, Any]:
    """in_the_way: the touchpoints of each low rating, as often as there were any -> customers."""
    known = {low: count for low, count in in_the_way.items() if low and NOT_RECORDED not in low}
    customers = sum(in_the_way.values())
    needed = -(-customers * POINTS // 100)  # rounded up
    plan = smallest_set(known, needed=needed)
    places = {place for low in known for place in low}
    rows = [
        {
            "name": names[place],
            "ratings": sum(count * low.count(place) for low, count in in_the_way.items()),
            "customers": sum(count for low, count in in_the_way.items() if place in low),
            "alone": sum(count for low, count in known.items() if set(low) == {place}),
            "chosen": place in plan.chosen,
        }
        for place in places
    ]
    return {
        "touchpoints": sorted(rows, key=lambda row: (-row["ratings"], row["name"])),
        "gained": plan.gained,
        "reachable": plan.reachable,
        "is_smallest": plan.is_smallest,
        "unknown": sum(count for low, count in in_the_way.items() if NOT_RECORDED in low),
    }


def method() -> str:
    return _(
        "The last three ratings of each customer who rated three times or more. Likely ranges hold the truth in 95 of 100 cases."
    )


SECTION = Section(
    "happy",
    "reports/_happy.html",
    build,
    happy_words.heading,
    happy_words.headline,
    happy_words.tables,
    method,
    happy_drawings,
    explained="happy",
)
