"""The ratings a talk is about, as far as the viewer reads them: the work around them first, then the words of customers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from tracker.coaching.evidence_rules import DriverCount, Fact, Split, by_part_of_day, by_queue, driver_counts
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Team
from tracker.ratings.models import Driver, Fall, Interaction, Rating
from tracker.ratings.obstacle_models import Obstacle
from tracker.ratings.policy import ratings_seen_by
from tracker.ratings.queries import words_to_begin_with
from tracker.ratings.rules import LOW_STARS, theme

FACTS_READ, LOW_SHOWN, PRAISE_SHOWN = 1_000, 4, 2
WITHOUT_FALL = timedelta(weeks=13)


@dataclass(frozen=True)
class Evidence:
    """`since`: the first day looked at; `n` ratings, `low` of them low. `theme`: (driver's name, times, of how many low).
    `wishes`: driver's key -> what customers wish for, in a few words. `obstacles`: (kind, on how many ratings), most often first.
    `ratings`: low and praising ones, newest first; `queues`: rating id -> how many waited."""

    since: date
    n: int = 0
    low: int = 0
    theme: tuple[str, int, int] | None = None
    drivers: list[DriverCount] = field(default_factory=list)
    wishes: dict[str, str] = field(default_factory=dict)
    queue: Split | None = None
    day: Split | None = None
    obstacles: list[tuple[str, int]] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    queues: dict[int, int] = field(default_factory=dict)


def evidence_of(case: CoachingCase, fall: Fall | None, viewer: Viewer) -> Evidence:
    """Six queries, whatever there is: from the first day of the window that alerted until now."""
    since = clock.monday_of(fall.week - fall.window_weeks + 1) if fall else (case.opened_at - WITHOUT_FALL).date()
    scope = ratings_seen_by(viewer).where(
        Rating.person_id == case.person_id, Rating.rated_on >= since, Rating.excluded_at.is_(None)
    )
    facts = _facts(scope, case, viewer)
    named = {driver.key: driver for driver in db.session.scalars(select(Driver))}
    common = theme([(fact.stars, list(fact.drivers)) for fact in facts])
    return Evidence(
        since,
        len(facts),
        sum(fact.is_low for fact in facts),
        (named[common[0]].name if common[0] in named else common[0], *common[1:]) if common else None,
        driver_counts(facts),
        {key: words_to_begin_with(driver)["wish"].get("en", driver.name) for key, driver in named.items()},
        by_queue(facts),
        by_part_of_day(facts),
        _obstacles(scope),
        _shown(scope),
        {fact.rating_id: fact.queue for fact in facts if fact.queue is not None},
    )


def _facts(scope: Select[Rating], case: CoachingCase, viewer: Viewer) -> list[Fact]:
    """The newest ratings with the hour and the queue of their service, where another system told them."""
    team = db.session.get(Team, case.team_id) if case.team_id else None
    zone = clock.zone(team.time_zone if team else viewer.time_zone)
    began = func.coalesce(Interaction.started_at, Interaction.ended_at)
    rows = db.session.execute(
        scope.with_only_columns(Rating.id, Rating.stars, Rating.drivers, Interaction.queue_length, began)
        .outerjoin(Interaction, Interaction.id == Rating.interaction_id)
        .order_by(Rating.rated_at.desc(), Rating.id.desc())
        .limit(FACTS_READ)
    )
    return [
        Fact(rating_id, stars, drivers, queue, _hour(began_at, zone))
        for rating_id, stars, drivers, queue, began_at in rows
    ]


def _hour(moment: datetime | None, zone: ZoneInfo) -> int | None:
    return None if moment is None else moment.astimezone(zone).hour


def _obstacles(scope: Select[Rating]) -> list[tuple[str, int]]:
    named = select(Obstacle.kind, func.count(Obstacle.rating_id.distinct()).label("times"))
    named = named.where(Obstacle.rating_id.in_(scope.with_only_columns(Rating.id))).group_by(Obstacle.kind)
    return [(kind, times) for kind, times in db.session.execute(named.order_by(db.desc("times"), Obstacle.kind))]


def _shown(scope: Select[Rating]) -> list[Rating]:
    """The lowest, those with words first, and the newest praise of the same weeks: what works is part of the talk."""
    whole = scope.options(
        joinedload(Rating.touchpoint), joinedload(Rating.survey), joinedload(Rating.obstacle).joinedload(Obstacle.cause)
    )
    low = whole.where(Rating.stars <= LOW_STARS).order_by(
        Rating.has_words().desc(), Rating.stars, Rating.rated_at.desc(), Rating.id.desc()
    )
    praised = whole.where(Rating.stars > LOW_STARS, Rating.has_words()).order_by(
        Rating.stars.desc(), Rating.rated_at.desc(), Rating.id.desc()
    )
    found = [*db.session.scalars(low.limit(LOW_SHOWN)), *db.session.scalars(praised.limit(PRAISE_SHOWN))]
    return sorted(found, key=lambda rating: (rating.rated_at, rating.id), reverse=True)
