"""Interviews and observations for pages: lists, what they add up to, and the same for groups of people."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.interviews.models import Encounter
from tracker.interviews.policy import encounters_seen_by, reads_groups
from tracker.interviews.rules import COUNTED_FOR, Named, Seen, mostly_well, named_in, seen_in
from tracker.organisation.models import Membership, Team
from tracker.organisation.policy import holds_on
from tracker.ratings.drivers import DEFAULT_DRIVERS
from tracker.ratings.models import Rating
from tracker.ratings.policy import ratings_seen_by
from tracker.ratings.queries import drivers_by_name
from tracker.ratings.rules import LOW_STARS
from tracker.ratings.sample_groups import Groups, published
from tracker.statistics.disclosure import SMALLEST_GROUP


def whole(encounters: Select[Encounter]) -> Select[Encounter]:
    """With all that a page says of them."""
    return encounters.options(
        joinedload(Encounter.person),
        joinedload(Encounter.by),
        joinedload(Encounter.touchpoint),
        joinedload(Encounter.survey),
        joinedload(Encounter.customer),
        selectinload(Encounter.changes),
    )


def encounters_listed(viewer: Viewer, person_id: int) -> Select[Encounter]:
    """All about one person that the viewer reads, newest first."""
    about = encounters_seen_by(viewer).where(Encounter.person_id == person_id)
    return whole(about).order_by(Encounter.happened_at.desc(), Encounter.id.desc())


def counted(viewer: Viewer, person_id: ColumnElement[int] | int, kind: str) -> ScalarSelect[int]:
    """How many of a kind count in a summary today: a number to be asked for together with others."""
    found = encounters_seen_by(viewer).where(
        Encounter.person_id == person_id, Encounter.kind == kind, *_counts(viewer.today)
    )
    return found.with_only_columns(func.count()).scalar_subquery()


def counts_of(viewer: Viewer, person_id: int) -> tuple[int, int]:
    """Interviews and observations of the last 52 weeks."""
    row = db.session.execute(select(*(counted(viewer, person_id, kind) for kind in ("interview", "observation")))).one()
    return row[0], row[1]


@dataclass(frozen=True)
class Summary:
    """What a year of entries adds up to for one person. Each list by driver, and each stands for itself:

    `seen` in observations, `told` to staff in interviews, `rated` by customers themselves (only drivers of the other two)."""

    interviews: int
    observations: int
    seen: list[Seen]
    told: list[Named]
    rated: list[Named]


def summary(viewer: Viewer, person_id: int) -> Summary:
    rows = db.session.execute(
        encounters_seen_by(viewer)
        .where(Encounter.person_id == person_id, *_counts(viewer.today))
        .with_only_columns(Encounter.kind, Encounter.stars, Encounter.drivers, Encounter.marks)
    ).all()
    interviews = [(row.stars, row.drivers) for row in rows if row.kind == "interview"]
    seen = seen_in(row.marks for row in rows if row.kind == "observation")
    told = named_in(interviews, low_stars=LOW_STARS)
    rated = _rated(viewer, person_id) if rows else {}
    return Summary(
        len(interviews),
        len(rows) - len(interviews),
        [seen[driver] for driver in sorted(seen)],
        [told[driver] for driver in sorted(told)],
        [rated[driver] for driver in sorted(rated) if driver in seen or driver in told],
    )


def _rated(viewer: Viewer, person_id: int) -> dict[str, Named]:
    """What customers named in their own ratings of the same weeks."""
    rows = db.session.execute(
        ratings_seen_by(viewer)
        .where(
            Rating.person_id == person_id,
            Rating.excluded_at.is_(None),
            Rating.rated_on > viewer.today - COUNTED_FOR,
        )
        .with_only_columns(Rating.stars, Rating.drivers)
    )
    return named_in(((stars, drivers) for stars, drivers in rows), low_stars=LOW_STARS)


@dataclass(frozen=True)
class GroupFigures:
    """For whoever reads groups only. `teams`: people with observations, of them those with at least half done well.

    `drivers`: over the whole company, those seen with five people or more."""

    teams: Groups
    drivers: list[Seen]


def group_figures(viewer: Viewer) -> GroupFigures:
    """Nothing for whoever may not read them."""
    if not reads_groups(viewer):
        return GroupFigures(Groups(None, []), [])
    rows = db.session.execute(
        select(Team.name, Encounter.person_id, Encounter.marks)
        .join(Membership, Membership.person_id == Encounter.person_id)
        .join(Team, Team.id == Membership.team_id)
        .where(Encounter.kind == "observation", *_counts(viewer.today), *holds_on(Membership, viewer.today))
    )
    marks: dict[str, dict[int, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for team, person, of_one in rows:
        marks[team][person].append(of_one)
    teams = {team: (len(people), sum(map(mostly_well, people.values()))) for team, people in marks.items()}
    return GroupFigures(published(teams), _drivers([of for people in marks.values() for of in people.values()]))


def _drivers(people: list[list[dict[str, str]]]) -> list[Seen]:
    """`people`: the marks of each. A driver that fewer than five people were seen with is left out."""
    seen_by_person = [seen_in(marks) for marks in people]
    drivers = {driver for seen in seen_by_person for driver in seen}
    found = []
    for driver in sorted(drivers):
        ofs = [seen[driver] for seen in seen_by_person if driver in seen]
        if len(ofs) >= SMALLEST_GROUP:
            found.append(Seen(driver, sum(one.n for one in ofs), sum(one.well for one in ofs)))
    return found


def _counts(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Encounter.taken_back_at.is_(None), Encounter.happened_on > today - COUNTED_FOR


def driver_names() -> dict[str, str]:
    """Driver -> its name in lists."""
    return DEFAULT_DRIVERS | {driver.key: driver.name for driver in drivers_by_name()}
