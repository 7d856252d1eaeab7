"""The stages of the customers’ way, compared for the same customers: whoever rated at two of them, by the latest rating at each."""

from itertools import combinations
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func, select

from tracker.core.db import db
from tracker.ratings.models import STAGES, Rating, Touchpoint
from tracker.reports import stage_drawings, stage_since, stage_words
from tracker.reports.periods import Year
from tracker.reports.rated import credited_in
from tracker.reports.returning import WAYS, kind_of_stars, place_of
from tracker.reports.sections import Section

NEVER = -1
PAIRS = tuple(combinations(STAGES, 2))  # the earlier stage first


def build(year: Year) -> dict[str, Any]:
    """For both ways to be happy and each two stages: customers happy at both, at the first only, at the second only, at neither."""
    customers = _latest_at_each(year)
    return {
        name: [_pair(customers, first=first, second=second, least=least) for first, second in PAIRS]
        for name, least in WAYS.items()
    }


def _latest_at_each(year: Year) -> list[tuple[tuple[int, ...], int]]:
    """Customers counted by the kind of stars of their latest rating at each stage in order, -1 where there is none."""
    one = (
        select(
            Rating.customer_id.label("customer"),
            Touchpoint.stage.label("stage"),
            kind_of_stars().label("kind"),
            place_of(Rating.customer_id, Touchpoint.stage).label("place"),
        )
        .join(Touchpoint, Rating.touchpoint_id == Touchpoint.id)
        .where(*credited_in(year), Rating.customer_id.is_not(None))
        .subquery()
    )
    kinds = [func.max(case((one.c.stage == stage, one.c.kind), else_=NEVER)).label(stage) for stage in STAGES]
    customers = select(*kinds).where(one.c.place == 1).group_by(one.c.customer).subquery()
    rows = db.session.execute(select(*customers.c, func.count()).group_by(*customers.c))
    return [(tuple(row[:-1]), row[-1]) for row in rows]


def _pair(customers: list[tuple[tuple[int, ...], int]], *, first: str, second: str, least: int) -> dict[str, Any]:
    """least: the kind of stars from which on somebody is happy."""
    counts = [0, 0, 0, 0]
    for kinds, count in customers:
        one, other = kinds[STAGES.index(first)], kinds[STAGES.index(second)]
        if NEVER not in {one, other}:
            counts[(0 if one >= least else 2) + (0 if other >= least else 1)] += count
    return {"first": first, "second": second, "counts": counts}


def method() -> str:
    return _(
        "The latest rating of each customer at either stage in the twelve months. Whoever rated at one alone is left out."
    )


SECTION = Section(
    "stages",
    "reports/_drawn.html",
    build,
    stage_words.heading,
    stage_words.headline,
    stage_words.tables,
    method,
    stage_drawings,
    since=stage_since.since,
    explained="same-customers",
)
