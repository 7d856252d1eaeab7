"""What customers said of groups of teams over some weeks: summed up in the database, so that a page never reads single ratings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Label, Subquery, case, column, func, literal, select, values

from tracker.core.db import db
from tracker.ratings.models import Rating, Touchpoint
from tracker.reports.periods import Period
from tracker.reports.rated import credited_in
from tracker.statistics.proportions import Sums

HAPPY, DELIGHTED = 4, 5
WHOLE = 0  # stands for all teams together
NOBODY = Sums(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Said:
    """Sums over customers: those with 4 or 5 stars as happy, and those with 5 alone."""

    happy: Sums = NOBODY
    delighted: Sums = NOBODY


def said_about(
    groups: Mapping[int, Collection[int]], *, stages: Collection[str], period: Period
) -> dict[tuple[int, str], Said]:
    """groups: key -> ids of its teams. (key, stage) -> what was said; the key WHOLE is the whole company. Two queries.

    Credited ratings, by the team of the time. A rating without its customer’s number counts as one customer’s.
    """
    found = _summed(_with_all_teams(_by_team(stages, period)))
    pairs = [(key, team) for key, teams in groups.items() for team in teams]
    if pairs:
        found |= _summed(_with_teams(_by_team(stages, period), pairs))
    return found


def _by_team(stages: Collection[str], period: Period) -> Subquery:
    """Of one customer with one team at one stage: m ratings, of them y happy and z delighted."""
    customer = func.coalesce(Rating.customer_id, -Rating.id)
    counts = (func.count().label("m"), _how_many(HAPPY).label("y"), _how_many(DELIGHTED).label("z"))
    return (
        select(Rating.team_id.label("team"), Touchpoint.stage, customer.label("customer"), *counts)
        .join(Touchpoint, Rating.touchpoint_id == Touchpoint.id)
        .where(*credited_in(period), Touchpoint.stage.in_(stages))
        .group_by(Rating.team_id, Touchpoint.stage, customer)
        .subquery()
    )


def _with_all_teams(one: Subquery) -> Subquery:
    key = literal(WHOLE).label("key")
    return select(key, one.c.stage, *_added(one)).group_by(one.c.stage, one.c.customer).subquery()


def _with_teams(one: Subquery, pairs: Sequence[tuple[int, int]]) -> Subquery:
    """A customer of two teams of a group is one customer of the group. pairs: (key, team)."""
    place = values(column("key", Integer), column("team", Integer), name="place").data(pairs).cte("place")
    joined = select(place.c.key, one.c.stage, *_added(one)).join(one, one.c.team == place.c.team)
    return joined.group_by(place.c.key, one.c.stage, one.c.customer).subquery()


def _added(one: Subquery) -> list[Label[Any]]:
    return [func.sum(one.c[part]).label(part) for part in ("m", "y", "z")]


def _how_many(stars: int) -> ColumnElement[int]:
    return func.sum(case((Rating.stars >= stars, 1), else_=0))


def _summed(one: Subquery) -> dict[tuple[int, str], Said]:
    m, y, z = one.c.m, one.c.y, one.c.z
    sums: Iterable[ColumnElement[Any]] = (func.sum(part) for part in (m, m * m, y, y * y, y * m, z, z * z, z * m))
    rows = db.session.execute(select(one.c.key, one.c.stage, func.count(), *sums).group_by(one.c.key, one.c.stage))
    return {(int(key), stage): _said(*map(int, counts)) for key, stage, *counts in rows}


def _said(g: int, m: int, mm: int, y: int, yy: int, ym: int, z: int, zz: int, zm: int) -> Said:
    return Said(Sums(g, m, y, yy, ym, mm), Sums(g, m, z, zz, zm, mm))
