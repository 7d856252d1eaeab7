"""Whether customers were listened to: of what they wrote, how much was read, answered, acted on and told, and how fast.

Each step is what is on record, never a guess:
read      whom it is about marked it as read, or wrote their side of it
answered  somebody spoke with the customer about it, or answered in public: the first contact of its complaint
acted on  its complaint was closed as solved or partly solved; or what stood in the way has a change that is planned or done
told      the customer was asked by mail whether it helped, or said so; or whoever named what stood in the way got an answer
A talk is linked to no single rating, and so counts for none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, Subquery, and_, case, func, null, or_, select, type_coerce, union_all

from tracker.core.db import UTCDateTime, db
from tracker.organisation.models import Team
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, CauseEntry, Obstacle
from tracker.ratings.own_models import Acknowledgement, RatingSide
from tracker.ratings.rules import LOW_STARS
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryRating
from tracker.reports import listening_words as words
from tracker.reports.listening_since import since
from tracker.reports.listening_times import middle_of, review_times
from tracker.reports.listening_words import STEPS
from tracker.reports.periods import Year
from tracker.reports.rated import credited_in
from tracker.reports.sections import Section
from tracker.statistics.disclosure import SMALLEST_GROUP, hidden_parts
from tracker.statistics.proportions import sums_of

GOOD_ENDS = ("solved", "partly")
CHANGES = ("planned", "done")
ANSWERS = (*CHANGES, "declined")
Place = tuple[int | None, int]  # team of the time, person
Counts = Mapping[Place, Mapping[str, int]]


def build(year: Year) -> dict[str, Any]:
    """words: sums by people of ratings with words, and of these read; low: the same of low ratings for each step. by_end: both
    as they stood when the year was over. times: hours to the middle, with their range (listening_times). groups: beneath the top of the
    teams. reviews: how many, how many answered."""
    counts = _counts(year)
    # Apart, since what was read is many times as much as what became a complaint.
    read, others = _steps(year, _read()), _steps(year, _complained(), _obstructed())
    people = {person for _team, person in counts}
    if len(people) < SMALLEST_GROUP:
        return {"hidden": True}
    return {
        "hidden": False,
        "words": _sums(counts.values(), "words", "words_read"),
        "low": {step: _sums(counts.values(), "low", f"low_{step}") for step in STEPS},
        "by_end": {
            "words": _sums(counts.values(), "words", "words_read_by_end"),
            "low": {step: _sums(counts.values(), "low", f"low_{step}_by_end") for step in STEPS},
        },
        "times": {step: middle_of(read if step == "read" else others, step) for step in STEPS},
        "groups": _groups(counts),
        "reviews": review_times(year),
    }


def _counts(year: Year) -> Counts:
    """By team and person: ratings with words and low ones, and how many of these came to each step."""
    found: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    low = case((Rating.stars <= LOW_STARS, 1), else_=0)
    worded = case((Rating.has_words(), 1), else_=0)
    columns = (Rating.team_id, Rating.person_id)
    rated = select(*columns, func.sum(worded), func.sum(low)).where(*credited_in(year)).group_by(*columns)
    for team, person, with_words, lows in db.session.execute(rated):
        found[team, person or 0].update(words=int(with_words), low=int(lows))
    steps = _steps(year, _read(), _complained(), _obstructed())
    sums = [*_taken(steps), *_taken(steps, by=year.ends_at)]
    taken = select(steps.c.team, steps.c.person, *sums).group_by(steps.c.team, steps.c.person)
    for row in db.session.execute(taken).mappings():
        found[row["team"], row["person"]].update({one.name: int(row[one.name]) for one in sums})
    return found


def _taken(steps: Subquery, *, by: datetime | None = None) -> list[Label[int]]:
    """How many came to each step, at any time or before `by`: with words as words_read, low ones as low_read and so on, by_end."""
    ending = "" if by is None else "_by_end"

    def many(step: str, kind: ColumnElement[int]) -> ColumnElement[int]:
        is_there = steps.c[step].is_not(None) if by is None else steps.c[step] < by
        return func.sum(case((and_(is_there, kind == 1), 1), else_=0))

    low = [many(step, steps.c.is_low).label(f"low_{step}{ending}") for step in STEPS]
    return [many("read", steps.c.has_words).label(f"words_read{ending}"), *low]


def _steps(year: Year, *sources: Any) -> Subquery:
    """One row a rating of which anything is on record: team, person, has_words, is_low, since when it was here, and when each step was
    first taken; a step other than read counts for low ratings alone."""
    taken = union_all(*sources).subquery()
    first = select(taken.c.rating_id, *(func.min(taken.c[step]).label(step) for step in STEPS)).group_by(
        taken.c.rating_id
    )
    steps = first.subquery()
    is_low = Rating.stars <= LOW_STARS
    return (
        select(
            Rating.team_id.label("team"),
            Rating.person_id.label("person"),
            case((Rating.has_words(), 1), else_=0).label("has_words"),
            case((is_low, 1), else_=0).label("is_low"),
            Rating.received_at.label("since"),
            steps.c.read.label("read"),
            *(case((is_low, steps.c[step])).label(step) for step in STEPS[1:]),
        )
        .join(steps, steps.c.rating_id == Rating.id)
        .where(*credited_in(year), or_(is_low, Rating.has_words()))
        .subquery()
    )


def _read() -> Any:
    """By whom it counts for, and nobody else."""
    marked = select(Acknowledgement.rating_id, Acknowledgement.person_id, Acknowledgement.read_at.label("at")).where(
        Acknowledgement.rating_id.is_not(None)
    )
    written = select(RatingSide.rating_id, RatingSide.person_id, RatingSide.written_at)
    found = union_all(marked, written).subquery()
    own = and_(Rating.id == found.c.rating_id, Rating.person_id == found.c.person_id)
    return select(found.c.rating_id.label("rating_id"), *_times(read=found.c.at)).join(Rating, own)


def _complained() -> Any:
    asked = func.coalesce(RecoveryCase.survey_sent_at, RecoveryAnswer.answered_at)
    ended = case((RecoveryCase.outcome.in_(GOOD_ENDS), RecoveryCase.closed_at))
    times = _times(answered=RecoveryCase.contacted_at, acted=ended, told=asked)
    return (
        select(RecoveryRating.rating_id, *times)
        .join(RecoveryCase, RecoveryCase.id == RecoveryRating.case_id)
        .outerjoin(RecoveryAnswer, RecoveryAnswer.case_id == RecoveryCase.id)
    )


def _obstructed() -> Any:
    """An obstacle named on the rating, or as its complaint was closed; answers count from when it was named."""
    whole = func.coalesce(Cause.merged_into_id, Cause.id)
    rating = func.coalesce(RecoveryRating.rating_id, Obstacle.rating_id)
    at = (
        func.max(CauseEntry.at, Obstacle.said_at)
        if db.engine.dialect.name == "sqlite"
        else func.greatest(CauseEntry.at, Obstacle.said_at)
    )
    times = _times(acted=case((CauseEntry.kind.in_(CHANGES), at)), told=at)
    return (
        select(rating.label("rating_id"), *times)
        .select_from(Obstacle)
        .join(Cause, Cause.id == Obstacle.cause_id)
        .join(CauseEntry, CauseEntry.cause_id == whole)
        .outerjoin(RecoveryRating, RecoveryRating.case_id == Obstacle.case_id)
        .where(CauseEntry.kind.in_(ANSWERS), rating.is_not(None))
    )


def _times(**given: ColumnElement[Any] | Any) -> list[Any]:
    """A column a step, empty where the source tells nothing of it."""
    return [given.get(step, type_coerce(null(), UTCDateTime())).label(step) for step in STEPS]


def _sums(rows: Iterable[Mapping[str, int]], ratings: str, of_these: str) -> list[int]:
    """Each person’s ratings hang together, as one reads all or none: so people are what is counted apart."""
    there = [row for row in rows if row.get(ratings)]
    return list(astuple(sums_of([row[ratings] for row in there], [row.get(of_these, 0) for row in there])))


def _groups(counts: Counts) -> list[dict[str, Any]]:
    """By name; without figures where fewer than five people are concerned, or the rest would tell of them."""
    top, names = _tops(), dict(iter(db.session.execute(select(Team.id, Team.name))))
    people: dict[int, set[int]] = defaultdict(set)
    rows: dict[int, list[Mapping[str, int]]] = defaultdict(list)
    for (team, person), row in counts.items():
        group = top.get(team or 0, 0)
        people[group].add(person)
        rows[group].append(row)
    left_out = hidden_parts(people)
    found = [
        {
            "name": names.get(group),
            "words": None if group in left_out else _sums(rows[group], "words", "words_read"),
            "low": None if group in left_out else {step: _sums(rows[group], "low", f"low_{step}") for step in STEPS},
        }
        for group in rows
    ]
    return sorted(found, key=lambda one: (one["name"] is None, one["name"]))


def _tops() -> dict[int, int]:
    """Team -> the team above it that stands directly beneath the top; the top itself where there is none between."""
    parents = dict(iter(db.session.execute(select(Team.id, Team.parent_id))))
    tops = {}
    for team in parents:
        way = [team]
        while (above := parents.get(way[-1])) is not None:
            way.append(above)
        tops[team] = way[-2] if len(way) > 1 else way[0]
    return tops


SECTION = Section(
    "listening", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words, since
)
