"""How customers are chosen, team by team, for who may read groups only."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Membership, Team
from tracker.organisation.policy import by_role, holds_on
from tracker.ratings.models import ScoreCard
from tracker.statistics.disclosure import SMALLEST_GROUP

GOOD = ("A", "B")


@dataclass(frozen=True)
class Group:
    """People of a team whose scores carry a grade; `good` of them A or B. Both None where the group is hidden."""

    name: str
    graded: int | None
    good: int | None


@dataclass(frozen=True)
class Groups:
    """`company` None below five graded people; then nothing is shown at all."""

    company: Group | None
    teams: list[Group]


def groups_seen_by(viewer: Viewer) -> Groups:
    """Nothing for whoever may not read them."""
    if not by_role("sample.read_groups", viewer):
        return Groups(None, [])
    return published(_counts(viewer.today))


def published(counts: dict[str, tuple[int, int]]) -> Groups:
    """Team -> (graded, good) as it may be shown: no group under five, and none that follows from the company's sum."""
    total = (sum(graded for graded, _good in counts.values()), sum(good for _graded, good in counts.values()))
    if total[0] < SMALLEST_GROUP:
        return Groups(None, [])
    hidden = {name for name, (graded, _good) in counts.items() if graded < SMALLEST_GROUP}
    shown = sorted(set(counts) - hidden, key=lambda name: (counts[name][0], name))
    # What is hidden together must be a group itself: else the sum less what is shown would tell of fewer than five.
    while hidden and shown and sum(counts[name][0] for name in hidden) < SMALLEST_GROUP:
        hidden.add(shown.pop(0))
    teams = [Group(name, *((None, None) if name in hidden else counts[name])) for name in sorted(counts)]
    return Groups(Group("", *total), teams)


def _counts(day: date) -> dict[str, tuple[int, int]]:
    grade = ScoreCard.figures["sample"]["grade"].as_string()
    rows = db.session.execute(
        select(Team.name, grade, func.count())
        .join(Membership, and_(Membership.team_id == Team.id, *holds_on(Membership, day)))
        .join(ScoreCard, and_(ScoreCard.person_id == Membership.person_id, ScoreCard.audience == "shared"))
        .where(grade.in_(("A", "B", "C", "D")))
        .group_by(Team.name, grade)
    )
    counts: dict[str, tuple[int, int]] = {}
    for name, found, count in rows:
        graded, good = counts.get(name, (0, 0))
        counts[name] = (graded + count, good + (count if found in GOOD else 0))
    return counts
