"""Reviews for pages: lists by state, one with its history, counts with their n."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.audience import Viewer
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.organisation.models import Person, Team
from tracker.organisation.policy import people_seen_by
from tracker.organisation.queries import calendars_of_teams, people_in
from tracker.recovery.models import RecoveryCase
from tracker.recovery.policy import cases_seen_by
from tracker.reviews.actions import DONE
from tracker.reviews.models import Review, ReviewEntry, ReviewFeed
from tracker.reviews.policy import (
    reviews_answered_by,
    reviews_naming,
    reviews_seen_by,
    unlinked_reviews_seen_by,
)
from tracker.reviews.rules import FEWEST_FOR_A_SHARE, LOOKED_BACK

STATES = ("waiting", "late", "answered", "not_needed", "no_clock")


def is_in_state(state: str, at: datetime) -> ColumnElement[bool]:
    """The condition of a state; a late one waits too."""
    open_ones = Review.outcome.is_(None)
    match state:
        case "waiting":
            return and_(open_ones, Review.due_at.is_not(None))
        case "late":
            return and_(open_ones, Review.due_at < at)
        case "answered":
            return Review.outcome == "answer"
        case "not_needed":
            return Review.outcome == "not_needed"
    return and_(open_ones, Review.due_at.is_(None))


def of_teams(viewer: Viewer) -> Select[Review]:
    """What the list is about: reviews that have a team, as far as the viewer reads them by office or as who leads it."""
    by_answer = reviews_answered_by(viewer).with_only_columns(Review.id)
    return reviews_seen_by(viewer).where(Review.id.in_(by_answer))


def listed(viewer: Viewer, state: str | None) -> Select[Review]:
    """Of one state or all; what is due soonest first, else the newest."""
    found = of_teams(viewer)
    if state:
        found = found.where(is_in_state(state, viewer.at))
    waits_first = (case((Review.outcome.is_(None), Review.due_at)).asc().nulls_last(),)
    return shown(found).order_by(*waits_first, Review.received_at.desc(), Review.id.desc())


def tray(viewer: Viewer) -> Select[Review]:
    return shown(unlinked_reviews_seen_by(viewer)).order_by(Review.received_at.desc(), Review.id.desc())


def own(viewer: Viewer) -> Select[Review]:
    return shown(reviews_naming(viewer)).order_by(Review.received_at.desc(), Review.id.desc())


def shown(reviews: Select[Review]) -> Select[Review]:
    """With what a card says of them."""
    named = (joinedload(Review.team), joinedload(Review.touchpoint), joinedload(Review.person), joinedload(Review.feed))
    return reviews.options(*named)


def whole(reviews: Select[Review]) -> Select[Review]:
    """With all that its page says."""
    entries = selectinload(Review.entries)
    return shown(reviews).options(
        selectinload(Review.versions),
        entries.joinedload(ReviewEntry.by),
        entries.joinedload(ReviewEntry.person),
        entries.joinedload(ReviewEntry.team),
    )


def complaint_about(review: Review, viewer: Viewer) -> int | None:
    """The complaint that a review has become, for whoever sees that."""
    found = cases_seen_by(viewer).where(RecoveryCase.review_id == review.id).with_only_columns(RecoveryCase.id)
    return db.session.scalar(found)


def answers_so_far(review: Review) -> int:
    """How many entries a page shows, so that a form can say what its writer had seen."""
    return sum(entry.kind in DONE for entry in review.entries)


def hours_of(reviews: list[Review], at: datetime) -> dict[int | None, WorkCalendar]:
    """Team id -> its working time, for those teams whose clock is shown."""
    teams = {review.team_id for review in reviews if review.team_id and review.due_at and not review.outcome}
    return calendars_of_teams(teams, at.date() - timedelta(days=1)) if teams else {}


@dataclass(frozen=True)
class Summary:
    """How the answers of the last 13 weeks go. `counted`: those whose answer was due or is there; share and hours need five.

    `states`: how many reviews are in each state, whenever they came."""

    states: dict[str, int]
    counted: int
    in_time: int
    share: float | None
    answers: int
    hours: float | None


def summary(viewer: Viewer) -> Summary:
    """From counts alone. What needed no answer is in neither figure."""
    seen = of_teams(viewer)
    sums = [func.coalesce(func.sum(case((is_in_state(state, viewer.at), 1), else_=0)), 0) for state in STATES]
    counts = db.session.execute(seen.with_only_columns(*sums)).one()
    rows = db.session.execute(
        seen.with_only_columns(Review.due_at, Review.answered_at, Review.received_at).where(
            Review.due_at.is_not(None),
            Review.received_at > viewer.at - LOOKED_BACK,
            or_(Review.outcome == "answer", and_(Review.outcome.is_(None), Review.due_at < viewer.at)),
        )
    ).all()
    in_time = sum(row.answered_at is not None and row.answered_at <= row.due_at for row in rows)
    hours = [max(0.0, (row.answered_at - row.received_at) / timedelta(hours=1)) for row in rows if row.answered_at]
    return Summary(
        states=dict(zip(STATES, map(int, counts), strict=True)),
        counted=len(rows),
        in_time=in_time,
        share=in_time / len(rows) if len(rows) >= FEWEST_FOR_A_SHARE else None,
        answers=len(hours),
        hours=median(hours) if len(hours) >= FEWEST_FOR_A_SHARE else None,
    )


def waiting_count(viewer: Viewer) -> ColumnElement[int]:
    """What waits for the viewer, for an answer as who leads or for a team: a number to be asked for together with others."""
    tray_count = unlinked_reviews_seen_by(viewer).with_only_columns(func.count()).scalar_subquery()
    if not viewer.manages:
        return tray_count
    answers = reviews_answered_by(viewer).where(Review.outcome.is_(None), Review.due_at.is_not(None))
    return tray_count + answers.with_only_columns(func.count()).scalar_subquery()


def naming_count(viewer: Viewer) -> ColumnElement[int]:
    """How many say the viewer's name: a number to be asked for together with others."""
    return reviews_naming(viewer).with_only_columns(func.count()).scalar_subquery()


def feeds_listed(scope: Select[ReviewFeed]) -> list[tuple[ReviewFeed, int]]:
    """Each with its team and how many reviews came by it."""
    count = select(func.count(Review.id)).where(Review.feed_id == ReviewFeed.id).correlate(ReviewFeed).scalar_subquery()
    rows = db.session.execute(scope.options(joinedload(ReviewFeed.team)).add_columns(count))
    return [(feed, int(reviews)) for feed, reviews in rows]


def people_to_name(review: Review, viewer: Viewer) -> list[tuple[int, str]]:
    """Who is in the review's team today, but for who asks, and whom it names so far: (id, name)."""
    people = people_in(review.team_id, viewer.today) if review.team_id else []
    found = {person.id: person.name for person in people if person.id != viewer.person_id}
    if review.person is not None:
        found[review.person.id] = review.person.name
    return sorted(found.items(), key=lambda row: row[1])


def person_numbered(viewer: Viewer, number: str) -> Person | None:
    scope: Select[Any] = people_seen_by(viewer).where(func.lower(Person.staff_number) == number.casefold())
    return db.session.scalar(scope)


def open_teams() -> list[tuple[int, str]]:
    """(id, name) of every team that a review can be about."""
    rows = db.session.execute(select(Team.id, Team.name).where(Team.closed_on.is_(None)).order_by(Team.name))
    return [(team_id, name) for team_id, name in rows]


def known_under(source: str, ids: list[str]) -> dict[str, Review]:
    """Those of a source that are known already, by their id there."""
    found: dict[str, Review] = {}
    for start in range(0, len(ids), 500):
        wanted = Review.external_id.in_(ids[start : start + 500])
        rows = db.session.scalars(select(Review).where(Review.source == source, wanted))
        found |= {review.external_id: review for review in rows}
    return found
